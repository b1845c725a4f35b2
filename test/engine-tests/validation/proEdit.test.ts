import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { images, url } from '../../engine/workflows';
import type { Switches } from '../../sandbox';
import { useBench } from '../context';
import { bodyOf, together, type FieldRow } from './fieldTable';
import { modelRows, requestRows } from './sharedRows';

const bench = useBench();

const ONE = 'https://example.com/1.png';
const TWO = 'https://example.com/2.png';
const ENDPOINT = '/v1/models/alibaba/wan/v2.7/pro/edit/runs';

const required: FieldRow[] = [
	{ field: 'input.prompt', parameters: { prompt: '把天空变蓝' }, sent: '把天空变蓝' },
	{ field: 'input.image_urls', parameters: { images: images(ONE) }, sent: [ONE] },
];

/** Not left empty by a user who sees it: the number of images decides the price. */
const asShown: FieldRow = { field: 'input.num_images', parameters: {}, sent: 1 };

/** Every row that may be left out. @see docs/runflow-api.md, "Pro Edit: input" and "Request body" */
const optional: FieldRow[] = [
	{ field: 'input.image_size', parameters: { imageSize: 'square_hd' }, sent: 'square_hd' },
	{ field: 'input.num_images', parameters: { numberOfImages: 4 }, sent: 4 },
	...modelRows,
	...requestRows,
];

const base: INodeParameters = { operation: 'proEdit', completion: 'immediately' };

function parameters(...rows: FieldRow[]): INodeParameters {
	return {
		...base,
		...together(...required.map((row) => row.parameters), ...rows.map((row) => row.parameters)),
	};
}

it('uses the endpoint of the page', async () => {
	await bench.run(parameters());
	expect(bench.sandbox.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
		`POST ${ENDPOINT}`,
	]);
});

it('sends what must be there, the number of images that is charged, and nothing that is empty', async () => {
	await bench.run(parameters());
	expect(bench.bodies()).toEqual([bodyOf(...required, asShown)]);
});

describe('every field alone', () => {
	it.each(optional)('$field', async (row) => {
		const outcome = await bench.run(parameters(row));
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([bodyOf(...required, asShown, row)]);
	});
});

it('sends all fields together', async () => {
	const outcome = await bench.run(parameters(...optional));
	expect(outcome.error).toBeUndefined();
	expect(bench.bodies()).toEqual([bodyOf(...required, ...optional)]);
});

it('sends nothing for what an expression leaves empty', async () => {
	const empty = '={{ $json.nothing }}';
	const outcome = await bench.run({
		...parameters(),
		// These decide what is charged, or what the run is found by: only an empty cell leaves them out.
		imageSize: '={{ null }}',
		numberOfImages: "={{ '' }}",
		options: {
			negativePrompt: empty,
			seed: empty,
			promptExpansion: empty,
			safetyChecker: empty,
			callbackUrl: '={{ null }}',
			clientReference: "={{ '' }}",
			additionalInput: empty,
			metadataJson: empty,
			idempotencyKey: "={{ $json.nothing ?? '' }}",
			metadata: { entry: [{ name: '', value: '' }] },
		},
	});
	expect(outcome.error).toBeUndefined();
	expect(bench.bodies()).toEqual([bodyOf(...required)]);
});

it.each(['"https://example.com/hook"', '<https://example.com/hook>\u200b'])(
	'sends the Callback URL without what is around it: %s',
	async (callbackUrl) => {
		const outcome = await bench.run({ ...parameters(), options: { callbackUrl } });
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toMatchObject([{ callback_url: 'https://example.com/hook' }]);
	},
);

describe('images', () => {
	const four = [1, 2, 3, 4].map((n) => `https://example.com/${n}.png`);
	it.each<[string, INodeParameters, unknown, string[]]>([
		['one', images(ONE), {}, [ONE]],
		['four, in the order given', images(...[...four].reverse()), {}, [...four].reverse()],
		['an expression that yields a list', images('={{ $json.all }}'), { all: four }, four],
		['a list beside a single one', images(ONE, '={{ $json.all }}'), { all: [TWO] }, [ONE, TWO]],
		[
			'a list as JSON text',
			images('={{ $json.all }}'),
			{ all: JSON.stringify([ONE, TWO]) },
			[ONE, TWO],
		],
		[
			'the outputs of another run',
			images('={{ $json.outputs }}'),
			{ outputs: [{ url: ONE, type: 'image' }, { url: TWO }] },
			[ONE, TWO],
		],
		['empty entries beside filled ones', images('', ONE, "={{ $json.no ?? '' }}"), {}, [ONE]],
		[
			'data URIs, untouched',
			images('data:image/png;base64,iVBORw0KGgo='),
			{},
			['data:image/png;base64,iVBORw0KGgo='],
		],
		[
			'data URIs, spelt as Runflow knows them',
			images('DATA:image/jpg;charset=x;base64,AAAA'),
			{},
			['data:image/jpeg;base64,AAAA'],
		],
		[
			'data URIs in lines and without padding',
			images('={{ "data:image/png;base64,iVBO\\r\\nRw0K\\nGgo" }}', 'data:image/png;base64,AAA'),
			{},
			['data:image/png;base64,iVBORw0KGgo=', 'data:image/png;base64,AAA='],
		],
		['plain text instead of a locator', { image: [{ source: ONE }] }, {}, [ONE]],
	])('%s', async (_case, value, json, sent) => {
		const outcome = await bench.run({ ...parameters(), images: value }, [
			json as { all: string[] },
		]);
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([
			bodyOf(
				{ field: 'input.prompt', sent: '把天空变蓝' },
				{ field: 'input.image_urls', sent },
				asShown,
			),
		]);
	});
});

describe('image size', () => {
	it.each([
		['landscape_16_9', {}, 'landscape_16_9'],
		['custom', { imageWidth: 1024, imageHeight: 768 }, '1024x768'],
		['custom', { imageWidth: '={{ "2048" }}', imageHeight: 2048 }, '2048x2048'],
		['={{ "1024*1536" }}', {}, '1024*1536'],
		['={{ "1024 x 768" }}', {}, '1024x768'],
		['={{ "1024X768" }}', {}, '1024x768'],
		['={{ "1024 × 768" }}', {}, '1024x768'],
		['={{ "1024 * 768" }}', {}, '1024*768'],
	])('%s %j', async (imageSize, sides, sent) => {
		const outcome = await bench.run({ ...parameters(), imageSize, ...sides });
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([
			bodyOf(...required, asShown, { field: 'input.image_size', sent }),
		]);
	});
});

describe('image size, however Runflow wants explicit ones spelled', () => {
	const asObject = '{"image_size": {"width": 1024, "height": 768}}';
	const custom = { imageSize: 'custom', imageWidth: 1024, imageHeight: 768 };

	it.each<[Switches['imageSizeSpelling'], INodeParameters, unknown]>([
		['x', custom, '1024x768'],
		['*', { imageSize: '={{ "1024*768" }}' }, '1024*768'],
		['object', { options: { additionalInput: asObject } }, { width: 1024, height: 768 }],
		['x', { imageSize: 'square' }, 'square'],
		['*', { imageSize: 'square' }, 'square'],
		['object', { imageSize: 'square' }, 'square'],
	])('as %s: %j', async (imageSizeSpelling, given, sent) => {
		bench.sandbox.configure({ imageSizeSpelling });
		const outcome = await bench.run({ ...parameters(), ...given });
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([
			bodyOf(...required, asShown, { field: 'input.image_size', sent }),
		]);
		expect(bench.sandbox.acceptedRuns()).toHaveLength(1);
	});

	it.each(['*', 'object'] as const)(
		'is refused by name where Custom is not spelled %s',
		async (imageSizeSpelling) => {
			bench.sandbox.configure({ imageSizeSpelling });
			const outcome = await bench.run({ ...parameters(), ...custom });
			expect(outcome.error).toMatchObject({ httpCode: '422' });
			expect(outcome.error?.description).toContain('• input.image_size: ');
			expect(bench.sandbox.acceptedRuns()).toEqual([]);
		},
	);
});

describe('additional input', () => {
	it.each([
		['typed in as JSON', '{"seed": 9, "image_size": "1024*1024"}'],
		['from an expression', '={{ { seed: 9, image_size: "1024*1024" } }}'],
	])('%s wins over the parameters', async (_case, additionalInput) => {
		const row = { field: '', parameters: { options: { additionalInput, seed: 5 } }, sent: '' };
		const outcome = await bench.run(parameters(row));
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([
			bodyOf(
				...required,
				asShown,
				{ field: 'input.seed', sent: 9 },
				{ field: 'input.image_size', sent: '1024*1024' },
			),
		]);
	});

	it('leaves names with dots as they are', async () => {
		const row = {
			field: '',
			parameters: { options: { additionalInput: '{"prompt.weight": 2}' } },
			sent: '',
		};
		await bench.run(parameters(row));
		expect(bench.bodies()).toEqual([
			bodyOf(...required, asShown, { field: 'input.prompt.weight', sent: 2 }),
		]);
	});

	it('passes on a field that this package does not know', async () => {
		const row = {
			field: '',
			parameters: { options: { additionalInput: '{"new_field": [1]}' } },
			sent: '',
		};
		const outcome = await bench.run(parameters(row));
		expect(bench.bodies()).toEqual([
			bodyOf(...required, asShown, { field: 'input.new_field', sent: [1] }),
		]);
		expect(outcome.error?.description).toContain('input.new_field');
	});
});

it('uses the images of Additional Input when there are no others', async () => {
	const outcome = await bench.run({
		...parameters(),
		images: {},
		options: { additionalInput: JSON.stringify({ image_urls: [TWO] }) },
	});
	expect(outcome.error).toBeUndefined();
	expect(bench.bodies()).toEqual([
		bodyOf(
			{ field: 'input.prompt', sent: '把天空变蓝' },
			{ field: 'input.image_urls', sent: [TWO] },
			asShown,
		),
	]);
});

it('merges metadata in JSON with the entries, which win', async () => {
	const row = {
		field: 'metadata',
		parameters: {
			options: {
				metadataJson: '{"order": "old", "nested": {"a": [1, null]}}',
				metadata: {
					entry: [
						{ name: 'order', value: '={{ 7 }}' },
						{ name: 'sku', value: '' },
					],
				},
			} as INodeParameters,
		},
		sent: { order: 7, nested: { a: [1, null] }, sku: '' },
	};
	await bench.run(parameters(row));
	expect(bench.bodies()).toEqual([bodyOf(...required, asShown, row)]);
});

it('takes numbers and truth values from texts, as sheets and forms give them', async () => {
	await bench.run(
		{
			...parameters(),
			numberOfImages: '={{ $json.count }}',
			options: { seed: '={{ $json.seed }}', promptExpansion: '={{ $json.expand }}' },
		},
		[{ count: '2', seed: '2147483647', expand: 'FALSE' }],
	);
	expect(bench.bodies()).toEqual([
		bodyOf(
			...required,
			{ field: 'input.num_images', sent: 2 },
			{ field: 'input.seed', sent: 2147483647 },
			{ field: 'input.enable_prompt_expansion', sent: false },
		),
	]);
});

it.each(['$now', 'new Date(0)'])('sends the date %s as ISO text', async (date) => {
	const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)$/;
	const code = `={{ ${date} }}`;
	const outcome = await bench.run({
		...parameters(),
		prompt: code,
		options: { negativePrompt: code, clientReference: code, idempotencyKey: code },
	});
	expect(outcome.error).toBeUndefined();
	const [post] = bench.sandbox.posts('/runs');
	const { input, client_ref: reference } = post?.json as { input: IDataObject; client_ref: string };
	const sent = [input.prompt, input.negative_prompt, reference, post?.headers['idempotency-key']];
	for (const words of sent) expect(words).toMatch(iso);
});

it('keeps the locator of a single image apart from the list of the other operation', async () => {
	await bench.run({ ...parameters(), image: url(TWO) });
	expect(bench.bodies()).toEqual([bodyOf(...required, asShown)]);
});

it('sends what reads like an expression in an item unchanged: it is text from outside the workflow', async () => {
	// n8n takes a parameter that begins with an equals sign for an expression; what that gives is none.
	const given = (inside: string) =>
		`String.fromCharCode(61, 123, 123) + ${JSON.stringify(inside)} + String.fromCharCode(125, 125)`;
	await bench.run({
		...parameters(),
		prompt: `={{ ${given('$credentials.apiKey')} }}`,
		options: {
			clientReference: `={{ ${given('1 + 1')} }}`,
			metadataJson: `={{ ({ a: ${given('1 + 1')} }) }}`,
		},
	});
	expect(bench.bodies()).toMatchObject([
		{
			input: { prompt: '={{$credentials.apiKey}}' },
			client_ref: '={{1 + 1}}',
			metadata: { a: '={{1 + 1}}' },
		},
	]);
});
