import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { TestFiles } from '../../engine/binaryData';
import { jsonOf } from '../../engine/engine';
import { WAN } from '../../engine/workflows';
import { bench, form, runForm, runOf, RUNFLOW } from './scene';

const PNG = {
	base64: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).toString('base64'),
	mimeType: 'image/png',
	fileName: 'shoe.png',
};

function posts(): unknown[] {
	return bench.sandbox.posts('/runs').map(({ path, json }) => [path, (json as IDataObject).input]);
}

const PROMPT = { prompt: 'A shoe' };

describe('what is sent', () => {
	it.each<[string, string, IDataObject, IDataObject]>([
		['a text', 'sandbox/text-to-image/v1', { prompt: 'A shoe' }, { prompt: 'A shoe' }],
		[
			'every control of a form',
			'sandbox/text-to-image/v1',
			{ ...PROMPT, style: '3d', num_images: 2, seed: 7, enable_safety_checker: false },
			{ ...PROMPT, style: '3d', num_images: 2, seed: 7, enable_safety_checker: false },
		],
		[
			'texts for numbers and switches, as agents and sheets give them',
			'sandbox/text-to-image/v1',
			{ ...PROMPT, num_images: '2', enable_safety_checker: 'false' },
			{ ...PROMPT, num_images: 2, enable_safety_checker: false },
		],
		[
			'nothing for what is left empty',
			'sandbox/text-to-image/v1',
			{ ...PROMPT, style: '={{ "" }}', num_images: null, seed: '={{ null }}' },
			PROMPT,
		],
		[
			'what expressions give',
			'sandbox/text-to-image/v1',
			{ prompt: '={{ $json.words }}', num_images: '={{ 1 + 2 }}' },
			{ prompt: 'of the item', num_images: 3 },
		],
		[
			'a number with decimals',
			'sandbox/upscale',
			{ image: 'https://example.com/1.png', factor: 1.5 },
			{ image: 'https://example.com/1.png', factor: 1.5 },
		],
		[
			'a list of images from text',
			'sandbox/combine/images',
			{ images: '["https://example.com/1.png", "https://example.com/2.png"]', layout: 'row' },
			{ images: ['https://example.com/1.png', 'https://example.com/2.png'], layout: 'row' },
		],
		[
			'a list of images from an expression, and JSON',
			'sandbox/combine/images',
			{
				images: '={{ $json.urls }}',
				layout: 'grid',
				canvas: '{"width": 512, "height": 512}',
			},
			{
				images: ['https://example.com/1.png', 'https://example.com/2.png'],
				layout: 'grid',
				canvas: { width: 512, height: 512 },
			},
		],
		[
			'JSON from an expression, and a value of a type that is not known',
			'sandbox/custom',
			{ ...PROMPT, extra: '={{ { steps: 3 } }}', weights: '={{ [{ path: "a" }] }}' },
			{ ...PROMPT, extra: { steps: 3 }, weights: [{ path: 'a' }] },
		],
		['nothing at all', 'sandbox/random-image', {}, {}],
	])('is %s', async (_what, id, values, input) => {
		const item = {
			words: 'of the item',
			urls: ['https://example.com/1.png', 'https://example.com/2.png'],
		};
		const outcome = await runForm(id, values, { item });
		expect(outcome.error).toBeUndefined();
		expect(posts()).toEqual([[`/v1/models/${id}/runs`, input]]);
		expect(outcome.items(WAN)).toMatchObject([
			{ json: { status: 'succeeded' }, pairedItem: { item: 0 } },
		]);
	});

	it.each<[string, INodeParameters]>([
		[
			'text with an invisible space behind it',
			{ inputJson: '={{ JSON.stringify({ prompt: "A shoe", num_images: 2 }) }}\u200b' },
		],
		['text', { inputJson: '{"prompt": "A shoe", "num_images": 2}' }],
		['an expression', { inputJson: '={{ { prompt: "A shoe", num_images: 2 } }}' }],
	])('is JSON given as %s, with Additional Input over it', async (_how, given) => {
		const parameters = runOf('sandbox/text-to-image/v1', {
			inputMode: 'json',
			...given,
			options: { pollingInterval: 0.02, additionalInput: '{"seed": 1}' },
		});
		const outcome = await bench.run(parameters, [{}], { type: RUNFLOW });
		expect(outcome.error).toBeUndefined();
		expect(posts()).toEqual([
			['/v1/models/sandbox/text-to-image/v1/runs', { prompt: 'A shoe', num_images: 2, seed: 1 }],
		]);
	});

	it('is uploaded where a field names a binary field, in a list too', async () => {
		const files = { photo: PNG, other: { ...PNG, fileName: 'other.png' } };
		const one = await runForm('sandbox/upscale', { image: 'photo', factor: 2 }, { files });
		expect(one.error).toBeUndefined();
		const [image] = bench.sandbox.uploads();
		expect(posts()).toEqual([
			[
				'/v1/models/sandbox/upscale/runs',
				{ image: `runflow://assets/${image?.id ?? ''}`, factor: 2 },
			],
		]);
		const values = { images: '["photo", "https://example.com/2.png", "other"]', layout: 'row' };
		const list = await runForm('sandbox/combine/images', values, { files });
		expect(list.error).toBeUndefined();
		expect(posts()[1]).toEqual([
			'/v1/models/sandbox/combine/images/runs',
			{
				images: [
					expect.stringMatching(/^runflow:/),
					'https://example.com/2.png',
					expect.stringMatching(/^runflow:/),
				],
				layout: 'row',
			},
		]);
	});

	it.each<[string, IDataObject, TestFiles]>([
		['names in one text', { images: 'photo, other', layout: 'row' }, { photo: PNG, other: PNG }],
		[
			'the files themselves',
			{ images: '={{ [$binary.photo, $binary.other] }}', layout: 'row' },
			{ photo: PNG, other: { ...PNG, fileName: 'other.png' } },
		],
	])('is uploaded where a list has %s', async (_what, values, files) => {
		const outcome = await runForm('sandbox/combine/images', values, { files });
		expect(outcome.error).toBeUndefined();
		const references = bench.sandbox.uploads().map(({ id }) => `runflow://assets/${id}`);
		expect(references).toHaveLength(2);
		expect(posts()).toMatchObject([[expect.anything(), { images: references }]]);
	});

	it('is a file of any kind where the model takes one', async () => {
		const files = { sound: { ...PNG, mimeType: 'audio/wav', fileName: 'voice.wav' } };
		const values = {
			video: 'https://example.com/1.mp4',
			soundtrack: 'sound',
			strength: 0.5,
			keep_sound: true,
		};
		const outcome = await runForm('sandbox/restyle/video/fast', values, { files });
		expect(outcome.error).toBeUndefined();
		expect(posts()).toMatchObject([
			[expect.anything(), { ...values, soundtrack: expect.stringMatching(/^runflow:/) as string }],
		]);
	});

	it.each([
		'sandbox/upscale',
		'/sandbox/upscale/',
		'`sandbox/upscale`',
		'https://docs.runflow.io/models/sandbox/upscale.md#input',
		'https://api.runflow.io/v1/models/sandbox/upscale/runs',
		'=sandbox/{{ "upscale" }} ',
	])('goes to the model given as %s', async (id) => {
		const inputFields = await form('sandbox/upscale', { image: 'https://example.com/1.png' });
		const outcome = await bench.run(runOf(id, { inputFields }), [{}], { type: RUNFLOW });
		expect(outcome.error).toBeUndefined();
		expect(posts()).toMatchObject([['/v1/models/sandbox/upscale/runs', {}]]);
	});

	it('is what a form holds, also when n8n has kept only part of it', async () => {
		const inputFields = (await form('sandbox/text-to-image/v1', {
			...PROMPT,
			num_images: '2',
		})) as unknown as { schema: IDataObject[] };
		for (const field of inputFields.schema) {
			delete field.variableType;
			delete field.title;
		}
		const parameters = runOf('sandbox/text-to-image/v1', { inputFields: inputFields as never });
		await bench.run(parameters, [{}], { type: RUNFLOW });
		expect(posts()).toMatchObject([[expect.anything(), { ...PROMPT, num_images: 2 }]]);
	});
});

describe('nothing is sent', () => {
	it.each<[string, IDataObject, string]>([
		['sandbox/text-to-image/v1', { prompt: '' }, 'Prompt is empty'],
		[
			'sandbox/text-to-image/v1',
			{ prompt: '={{ $json.x }}' },
			'The expression for Prompt found nothing',
		],
		[
			'sandbox/text-to-image/v1',
			{ ...PROMPT, num_images: '={{ $json.x }} ' },
			'The expression for Num Images found nothing',
		],
		['sandbox/text-to-image/v1', { prompt: '={{ null }}' }, 'Prompt is empty'],
		['sandbox/text-to-image/v1', { prompt: '={{ [] }}' }, 'Prompt must be text, but is []'],
		[
			'sandbox/text-to-image/v1',
			{ ...PROMPT, num_images: 1.5 },
			'Num Images must be a whole number, but is 1.5',
		],
		[
			'sandbox/text-to-image/v1',
			{ ...PROMPT, num_images: '={{ "2 or 3" }}' },
			'Num Images must be a whole number, but is "2 or 3"',
		],
		[
			'sandbox/text-to-image/v1',
			{ ...PROMPT, style: '={{ "oil" }}' },
			'Style must be one of photo, drawing, 3d, but is "oil"',
		],
		[
			'sandbox/text-to-image/v1',
			{ ...PROMPT, enable_safety_checker: '={{ "maybe" }}' },
			'Enable Safety Checker must be true or false, but is "maybe"',
		],
		[
			'sandbox/upscale',
			{ image: 'https://example.com/1.png', factor: '={{ "much" }}' },
			'Factor must be a number, but is "much"',
		],
		['sandbox/upscale', { image: 'example.com' }, 'Image must be a URL, but is "example.com"'],
		[
			'sandbox/upscale',
			{ image: 'photo' },
			'Image names the binary field "photo", which the item does not have',
		],
		[
			'sandbox/combine/images',
			{ images: '["https://example.com/1.png", "photo"]', layout: 'row' },
			'Images: image 2 names the binary field "photo", which the item does not have',
		],
		[
			'sandbox/combine/images',
			{ images: '["https://example.com/1.png"]', layout: 'row', canvas: '{width: 1}' },
			'Canvas must be JSON, but is "{width: 1}"',
		],
	])('to %s with %j', async (id, values, problem) => {
		const outcome = await runForm(id, values);
		expect(outcome.error?.message).toBe(`${problem} [item 0]`);
		expect(bench.sandbox.posts()).toEqual([]);
	});

	it.each<[string, { model?: string; inputMode?: string; inputJson?: string }]>([
		['Model is empty', { model: '={{ $json.model }}' }],
		['Model must be the ID of a model, but is "wan"', { model: 'wan' }],
		['Model must be the ID of a model, but is "a/../../admin"', { model: 'a/../../admin' }],
		['Model must be the ID of a model, but is "a/b?c=d"', { model: 'a/b?c=d' }],
		['Model must be the ID of a model, but is "a/b#c"', { model: 'a/b#c' }],
		['Model must be the ID of a model, but is "a/%2e%2e/b"', { model: 'a/%2e%2e/b' }],
		[
			'Model must be the ID of a model, but is "https://example.com/a/b"',
			{ model: 'https://example.com/a/b' },
		],
		['Input (JSON) must be a JSON object, but is "[]"', { inputMode: 'json', inputJson: '[]' }],
		[
			'The expression for Input (JSON) found nothing',
			{ inputMode: 'json', inputJson: '={{ $json.x }}' },
		],
		[
			'Input (JSON) has nothing under "duration"',
			{ inputMode: 'json', inputJson: '={{ ({ prompt: "A shoe", duration: $json.x }) }}' },
		],
		[
			'Input (JSON) has nothing under "1"',
			{ inputMode: 'json', inputJson: '={{ ({ images: ["a", $json.x] }) }}' },
		],
		['Input (JSON) is empty', { inputMode: 'json', inputJson: '={{ "" }}' }],
		['Input must be Fields or JSON, but is "form"', { inputMode: 'form' }],
	])('where %s', async (problem, { model = 'a/b', ...parameters }) => {
		const outcome = await bench.run(runOf(model, parameters), [{}], { type: RUNFLOW });
		expect(outcome.error?.message).toBe(`${problem} [item 0]`);
		expect(bench.sandbox.requests).toEqual([]);
	});

	it.each<[string, IDataObject]>([
		['an expression that finds nothing', { value: '={{ $json.x }}' }],
		['an expression that gives text', { value: '={{ ({ prompt: "A shoe" }) }} ' }],
		['the fields of the item', { value: null, mappingMode: 'autoMapInputData' }],
	])('where the form is %s', async (_what, stored) => {
		const inputFields = { ...(await form('sandbox/custom', {})), schema: [], ...stored };
		const parameters = runOf('sandbox/custom', { inputFields: inputFields as INodeParameters });
		const outcome = await bench.run(parameters, [{}], { type: RUNFLOW });
		expect(outcome.error?.message).toBe('Input Fields must be filled in field by field [item 0]');
		expect(bench.sandbox.posts()).toEqual([]);
	});

	it.each<[IDataObject, string]>([
		[{ image: 'https://ibb.co/abc' }, 'and give the name of its binary field.'],
		[{ image: 'A'.repeat(80) }, 'base64, or give the name of its binary field.'],
		[{ image: 'filesystem-v2:a/b' }, 'Give only the name of the binary field.'],
	])('and the advice fits a form, which has no choice of Binary: %j', async (values, advice) => {
		const outcome = await runForm('sandbox/upscale', { factor: 2, ...values });
		expect(outcome.error?.description).toContain(advice);
	});

	it('for the other items, where one is refused', async () => {
		const inputFields = await form('sandbox/text-to-image/v1', { prompt: '={{ $json.prompt }}' });
		const parameters = runOf('sandbox/text-to-image/v1', { inputFields });
		const items = [{ prompt: 'a' }, { prompt: '' }, { prompt: 'c' }];
		const outcome = await bench.run(parameters, items, { type: RUNFLOW });
		expect(outcome.error?.message).toBe('Prompt is empty [item 1]');
		expect(posts()).toEqual([]);

		const settings = { type: RUNFLOW, onError: 'continueErrorOutput' as const };
		const separate = await bench.run(parameters, items, settings);
		expect(separate.items(WAN).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 2 },
		]);
		expect(separate.items(WAN, 1)).toMatchObject([{ pairedItem: { item: 1 } }]);
		expect(posts()).toHaveLength(2);
	});
});

describe('the same input to two models', () => {
	const models = ['sandbox/text-to-image/v1', 'sandbox/custom'];
	const parameters = runOf('={{ $json.id }}', {
		inputMode: 'json',
		inputJson: '{"prompt": "A shoe"}',
	});

	it('is two runs, one for each item', async () => {
		const items = models.map((id) => ({ id }));
		const outcome = await bench.run(parameters, items, { type: RUNFLOW });
		expect(outcome.error).toBeUndefined();
		expect(posts()).toEqual(models.map((id) => [`/v1/models/${id}/runs`, PROMPT]));
	});

	it('is two runs under the user’s own key and reference too', async () => {
		const own = { idempotencyKey: 'order-1', clientReference: '' };
		const named = { ...parameters, options: { pollingInterval: 0.02, ...own } };
		for (const id of models) {
			const outcome = await bench.run(named, [{ id }], { type: RUNFLOW });
			expect(outcome.error).toBeUndefined();
		}
		expect(posts()).toHaveLength(2);
		const references = bench.sandbox.posts('/runs').map(({ json }) => {
			return (json as { client_ref: string }).client_ref;
		});
		expect(new Set(references).size).toBe(2);
	});

	it('is another run where an execution is retried with another model', async () => {
		bench.sandbox.configure({ manual: true });
		const [first = '', second = ''] = models;
		const waits = { ...parameters, options: { pollingInterval: 0.02, maximumWait: 0.005 } };
		const failed = await bench.run({ ...waits, model: idOf(first) }, [{}], { type: RUNFLOW });
		expect(failed.error?.message).toMatch(/^The run is not finished/);
		// The same model: the run is looked up.
		const same = await bench.engine.retry(failed);
		expect(same.error?.message).toMatch(/^The run is not finished/);
		expect(posts()).toHaveLength(1);

		bench.sandbox.configure({ manual: false, runDurationMs: 0 });
		const changed = JSON.parse(
			JSON.stringify(failed.stored).replaceAll(first, second),
		) as typeof failed.stored;
		const other = await bench.engine.retry({ ...failed, stored: changed });
		expect(other.error).toBeUndefined();
		expect(posts()).toEqual(models.map((id) => [`/v1/models/${id}/runs`, PROMPT]));
		const [, run] = bench.sandbox.acceptedRuns();
		expect(jsonOf(other.items(WAN))).toMatchObject([{ id: run?.id, status: 'succeeded' }]);
	});
});

function idOf(value: string): INodeParameters {
	return { __rl: true, mode: 'id', value };
}
