import type { INodeParameters } from 'n8n-workflow';

import { createEngine, jsonOf } from '../../engine/engine';
import {
	AFTER,
	binary,
	FAILED,
	images,
	sources,
	url,
	WAN,
	wanWorkflow,
} from '../../engine/workflows';
import { useBench } from '../context';

const bench = useBench();

const IMAGE = 'https://example.com/1.png';
const edit: INodeParameters = {
	operation: 'proEdit',
	completion: 'immediately',
	prompt: 'Make it blue',
	images: images(IMAGE),
};
const video: INodeParameters = {
	operation: 'imageToVideo',
	completion: 'immediately',
	image: url(IMAGE),
};

const fromText: INodeParameters = {
	operation: 'textToVideo',
	completion: 'immediately',
	prompt: 'A shoe turns',
};

/** What is refused before money is spent, and in which words. */
const REFUSALS: [string, INodeParameters, string][] = [
	[
		'a switch by the name of what every object has',
		{ ...edit, options: { safetyChecker: '={{ "constructor" }}' } },
		'Safety Checker must be true or false, but is "constructor"',
	],
	...[
		['={{ ({}) }} ', '[object Object] '],
		['=A {{ ({}) }}', 'A [object Object]'],
		['={{ [{}] }}\u200b', '[object Object]\u200b'],
	].map(([prompt = '', text]): (typeof REFUSALS)[number] => [
		`an object that became text, in the prompt ${prompt}`,
		{ ...edit, prompt },
		`Prompt has an object that became text: "${text}"`,
	]),
	[
		'an object that became text, as a key',
		{ ...edit, options: { idempotencyKey: '={{ ({}) }} ' } },
		'Idempotency Key has an object that became text: "[object Object] "',
	],
	...[
		'={"order": "{{ ({}) }}"}',
		'={"orders": ["A {{ [{}] }}"]}',
		'={{ ({ order: "A " + ({}) }) }}',
	].map((metadataJson): (typeof REFUSALS)[number] => [
		`an object that became text, in the JSON ${metadataJson}`,
		{ ...edit, options: { metadataJson } },
		`Metadata (JSON) has an object that became text: "${metadataJson.includes('A') ? 'A ' : ''}[object Object]"`,
	]),
	[
		'an object that became text, in additional input',
		{ ...edit, options: { additionalInput: '={"prompt": "{{ ({}) }}"}' } },
		'Additional Input has an object that became text: "[object Object]"',
	],
	[
		'an object that became text, as a name',
		{ ...edit, options: { metadataJson: '={"{{ ({}) }}": 1}' } },
		'Metadata (JSON) has an object that became text: "[object Object]"',
	],
	[
		'an object that became text, in metadata',
		{ ...edit, options: { metadata: { entry: [{ name: 'order', value: '={{ ({}) }} ' }] } } },
		'Metadata has an object that became text: "[object Object] "',
	],
	[
		'an object that became text, as JSON',
		{ ...edit, options: { metadataJson: '={{ ({ a: 1 }) }} ' } },
		'Metadata (JSON) has an object that became text: "[object Object] "',
	],
	[
		'a price that an object does not have',
		{ ...fromText, options: { additionalInput: '={{ ({ duration: $json.seconds }) }}' } },
		'Additional Input has nothing under "duration"',
	],
	[
		'digits that JavaScript takes for another number',
		{ ...fromText, duration: '={{ "0x5" }}' },
		'Duration (Seconds) must be a whole number from 2 to 15, but is "0x5"',
	],
	['an empty prompt', { ...edit, prompt: '={{ "" }}' }, 'Prompt is empty'],
	[
		'a prompt that is no text',
		{ ...edit, prompt: '={{ { a: 1 } }}' },
		'Prompt must be text, but is {"a":1}',
	],
	['no image', { ...edit, images: {} }, 'Images needs 1 to 4 images, but has none'],
	[
		'only empty images',
		{ ...edit, images: images('', "={{ $json.no ?? '' }}") },
		'Images needs 1 to 4 images, but has none',
	],
	[
		'five images',
		{ ...edit, images: images(IMAGE, IMAGE, IMAGE, IMAGE, IMAGE) },
		'Images needs 1 to 4 images, but has 5',
	],
	[
		'a list of five images',
		{ ...edit, images: images('={{ [1,2,3,4,5].map(n => "https://example.com/" + n) }}') },
		'Images needs 1 to 4 images, but has 5',
	],
	[
		'an image that is no URL',
		{ ...edit, images: images(IMAGE, 'shoe.png') },
		'Images: image 2 must be a URL, but is "shoe.png"',
	],
	[
		'an image that is a number',
		{ ...edit, images: images('={{ 7 }}') },
		'Images: image 1 must be a URL, but is 7',
	],
	[
		'an object that holds no image, beside one that does',
		{ ...edit, images: images(`={{ [{ link: "x" }, { url: "${IMAGE}" }] }}`) },
		'Images: image 1 must be a URL, but is {"link":"x"}',
	],
	[
		'the bare id of an asset',
		{ ...edit, images: images('0199a1b2-0000-7000-8000-000000000001') },
		'Images: image 1 must be a URL, but is "0199a1b2-0000-7000-8000-000000000001"',
	],
	[
		'a custom size that is too small',
		{ ...edit, imageSize: 'custom', imageWidth: 767, imageHeight: 1024 },
		'Image Width must be a whole number from 768 to 2048, but is 767',
	],
	[
		'a custom size that is no number',
		{ ...edit, imageSize: 'custom', imageWidth: 1024, imageHeight: '={{ "tall" }}' },
		'Image Height must be a whole number from 768 to 2048, but is "tall"',
	],
	[
		'too many images requested',
		{ ...edit, numberOfImages: 5 },
		'Number of Images must be a whole number from 1 to 4, but is 5',
	],
	[
		'half an image',
		{ ...edit, numberOfImages: 1.5 },
		'Number of Images must be a whole number from 1 to 4, but is 1.5',
	],
	[
		'a seed out of range',
		{ ...edit, options: { seed: 2147483648 } },
		'Seed must be a whole number from 0 to 2147483647, but is 2147483648',
	],
	[
		'a negative seed',
		{ ...edit, options: { seed: -1 } },
		'Seed must be a whole number from 0 to 2147483647, but is -1',
	],
	[
		'a long negative prompt',
		{ ...edit, options: { negativePrompt: 'x'.repeat(501) } },
		'Negative Prompt has 501 characters, 500 are allowed',
	],
	[
		'a switch that is neither on nor off',
		{ ...edit, options: { safetyChecker: '={{ "maybe" }}' } },
		'Safety Checker must be true or false, but is "maybe"',
	],
	[
		'a switch by the name of what every object has',
		{ ...edit, options: { safetyChecker: '={{ "constructor" }}' } },
		'Safety Checker must be true or false, but is "constructor"',
	],
	[
		'a malformed callback URL',
		{ ...edit, options: { callbackUrl: 'n8n.example.com/hook' } },
		'Callback URL must be a web address, but is "n8n.example.com/hook"',
	],
	[
		'a long callback URL',
		{ ...edit, options: { callbackUrl: `https://example.com/${'x'.repeat(2040)}` } },
		'Callback URL has 2060 characters, 2048 are allowed',
	],
	[
		'metadata that is no JSON',
		{ ...edit, options: { metadataJson: '{order: 1}' } },
		'Metadata (JSON) must be a JSON object, but is "{order: 1}"',
	],
	[
		'metadata that is a list',
		{ ...edit, options: { metadataJson: '[1]' } },
		'Metadata (JSON) must be a JSON object, but is "[1]"',
	],
	[
		'metadata without a name',
		{ ...edit, options: { metadata: { entry: [{ name: '', value: 'x' }] } } },
		'Metadata has an entry without a name',
	],
	[
		'metadata with a name twice',
		{
			...edit,
			options: {
				metadata: {
					entry: [
						{ name: 'a', value: 'x' },
						{ name: 'a', value: 'y' },
					],
				},
			},
		},
		'Metadata has two entries named "a"',
	],
	...[
		'1099511627776123457',
		'-1099511627776123457',
		'9007199254740993',
		'12345678901234567.5',
		'1e999',
	].flatMap((number): typeof REFUSALS => [
		[
			`metadata with the number ${number}`,
			{ ...edit, options: { metadataJson: `{"a": "\\"7", "id": [${number}]}` } },
			`Metadata (JSON) has the number ${number}, which is too long to be sent exactly`,
		],
		[
			`additional input with the number ${number}`,
			{ ...edit, options: { additionalInput: `={"id": {{ "${number}" }} }` } },
			`Additional Input has the number ${number}, which is too long to be sent exactly`,
		],
	]),
	[
		'additional input that is no object',
		{ ...edit, options: { additionalInput: '7' } },
		'Additional Input must be a JSON object, but is "7"',
	],
	[
		'a client reference that is too long',
		{ ...edit, options: { clientReference: 'x'.repeat(256) } },
		'Client Reference has 256 characters, 255 are allowed',
	],
	[
		'an idempotency key with a line break',
		{ ...edit, options: { idempotencyKey: '={{ "a\\nb" }}' } },
		'Idempotency Key must be plain letters, digits and symbols, at most 255 of them',
	],
	[
		'a switch by the name of what every object has',
		{ ...edit, options: { safetyChecker: '={{ "__proto__" }}' } },
		'Safety Checker must be true or false, but is "__proto__"',
	],
	[
		'a calculation with nothing, as text',
		{ ...edit, prompt: '={{ Number("x") }}' },
		'Prompt must be text, but is NaN',
	],
	[
		'a value that JSON cannot be made of',
		{ ...edit, options: { seed: '={{ ({ toJSON: () => { throw new Error("no") } }) }}' } },
		'Seed must be a whole number from 0 to 2147483647, but is object',
	],
	[
		'metadata that JSON cannot be made of',
		{ ...edit, options: { metadataJson: '={{ ({ a: { toJSON: () => { throw 1 } } }) }}' } },
		'Metadata (JSON) cannot be written as JSON',
	],
	[
		'metadata that is a date',
		{ ...edit, options: { metadataJson: '={{ new Date(0) }}' } },
		'Metadata (JSON) must be a JSON object, but is "1970-01-01T00:00:00.000Z"',
	],
	[
		'metadata with a name that n8n drops',
		{ ...edit, options: { metadata: { entry: [{ name: 'constructor', value: 'x' }] } } },
		'Metadata has the name constructor, which n8n does not send',
	],
	...['__proto__', ' constructor ', '={{ "prototype" }}'].map(
		(name): [string, INodeParameters, string] => [
			`a field for the output that n8n drops, ${name}`,
			{
				...edit,
				completion: 'polling',
				downloadOutputs: true,
				options: { outputPropertyName: name },
			},
			`Put Output in Field is ${/\w+/.exec(name)?.[0] ?? ''}, which n8n does not keep`,
		],
	),
	[
		'metadata with such a name within',
		{ ...edit, options: { metadataJson: '{"a": {"__proto__": 1}}' } },
		'Metadata (JSON) has the name __proto__, which n8n does not send',
	],
	[
		'metadata with too many levels',
		{ ...edit, options: { metadataJson: `${'{"a":'.repeat(101)}1${'}'.repeat(101)}` } },
		'Metadata (JSON) has more than 100 nested levels',
	],
	[
		'an image size that is none',
		{ ...edit, imageSize: '={{ "100x100" }}' },
		'Image Size must be a size from the list or one such as 1024x768, but is "100x100"',
	],
	[
		'a data: address of another kind',
		{ ...edit, images: images(IMAGE, 'data:video/mp4;base64,AAAA') },
		'Images: image 2 has a data: address that does not hold a JPEG, PNG, BMP or WEBP image in base64',
	],
	[
		'a data: address that is not in base64',
		{ ...video, image: url('data:image/png,AAAA') },
		'Image has a data: address that does not hold a JPEG, PNG, BMP or WEBP image in base64',
	],
	...['AAAAA', 'AA=AA', 'AAA_', '='].map((base64): (typeof REFUSALS)[number] => [
		`a data: address with ${base64} for base64`,
		{ ...edit, images: images(`data:image/png;base64,${base64}`) },
		'Images: image 1 has a data: address that does not hold a JPEG, PNG, BMP or WEBP image in base64',
	]),
	[
		'a reference to an asset with something behind it',
		{ ...video, image: url('runflow://assets/a/b') },
		'Image must be a URL, but is "runflow://assets/a/b"',
	],
	[
		'a prompt of a video that is too long',
		{ ...video, prompt: 'x'.repeat(5001) },
		'Prompt has 5001 characters, 5000 are allowed',
	],
	['neither image nor video', { ...video, image: url('') }, 'Image is empty, and so is Video'],
	[
		'both image and video',
		{ ...video, video: url('https://example.com/clip.mp4') },
		'Image and Video are both given',
	],
	[
		'audio with a video',
		{
			...video,
			image: url(''),
			video: url('https://example.com/clip.mp4'),
			audio: url('https://example.com/a.mp3'),
		},
		'Audio cannot be combined with Video',
	],
	[
		'an end image that is no URL',
		{ ...video, endImage: url('ftp://example.com/1.png') },
		'End Image must be a URL, but is "ftp://example.com/1.png"',
	],
	[
		'several images where one is meant',
		{ ...video, image: url('={{ ["https://a.example/1", "https://a.example/2"] }}') },
		'Image takes one image, but has 2',
	],
	[
		'an unknown resolution',
		{ ...video, resolution: '={{ "4k" }}' },
		'Resolution must be 720p or 1080p, but is "4k"',
	],
	[
		'a video that is too short',
		{ ...video, duration: 1 },
		'Duration (Seconds) must be a whole number from 2 to 15, but is 1',
	],
	[
		'a duration with a fraction',
		{ ...video, duration: 2.5 },
		'Duration (Seconds) must be a whole number from 2 to 15, but is 2.5',
	],
	[
		'a video that is too long',
		{ ...video, duration: '={{ "16" }}' },
		'Duration (Seconds) must be a whole number from 2 to 15, but is "16"',
	],
	['a video of no text', { ...fromText, prompt: '={{ "" }}' }, 'Prompt is empty'],
	[
		'a text of a video that is too long',
		{ ...fromText, prompt: 'x'.repeat(5001) },
		'Prompt has 5001 characters, 5000 are allowed',
	],
	[
		'an unknown shape of a video',
		{ ...fromText, aspectRatio: '={{ "21:9" }}' },
		'Aspect Ratio must be 16:9, 4:3, 3:4, 9:16 or 1:1, but is "21:9"',
	],
	[
		'an unknown resolution of a video of text',
		{ ...fromText, resolution: '={{ "480p" }}' },
		'Resolution must be 720p or 1080p, but is "480p"',
	],
	[
		'a video of text that is too long',
		{ ...fromText, duration: 16 },
		'Duration (Seconds) must be a whole number from 2 to 15, but is 16',
	],
	[
		'a sound that is no URL',
		{ ...fromText, audio: url('voice.mp3') },
		'Audio must be a URL, but is "voice.mp3"',
	],
];

/** Parameters whose expression finds nothing, by the names that messages have for them. */
const MISSING: [string, (expression: string) => INodeParameters][] = [
	['Prompt', (prompt) => ({ ...edit, prompt })],
	['Prompt', (prompt) => ({ ...video, prompt })],
	['Images: image 2', (one) => ({ ...edit, images: images(IMAGE, one) })],
	['Images: image 1', (one) => ({ ...edit, images: sources(binary(one)) })],
	['Image Size', (imageSize) => ({ ...edit, imageSize })],
	['Number of Images', (numberOfImages) => ({ ...edit, numberOfImages })],
	['Image', (one) => ({ ...video, image: url(one) })],
	['End Image', (one) => ({ ...video, endImage: url(one) })],
	['End Image', (one) => ({ ...video, endImage: binary(one) })],
	['Video', (one) => ({ ...video, video: url(one) })],
	['Audio', (one) => ({ ...video, audio: url(one) })],
	['Resolution', (resolution) => ({ ...video, resolution })],
	['Duration (Seconds)', (duration) => ({ ...video, duration })],
	['Prompt', (prompt) => ({ ...fromText, prompt })],
	['Audio', (one) => ({ ...fromText, audio: url(one) })],
	['Aspect Ratio', (aspectRatio) => ({ ...fromText, aspectRatio })],
	['Resolution', (resolution) => ({ ...fromText, resolution })],
	['Duration (Seconds)', (duration) => ({ ...fromText, duration })],
	['Callback URL', (callbackUrl) => ({ ...edit, options: { callbackUrl } })],
	['Client Reference', (clientReference) => ({ ...edit, options: { clientReference } })],
	['Idempotency Key', (idempotencyKey) => ({ ...edit, options: { idempotencyKey } })],
];
const OWN_ADVICE: Record<string, string> = {
	Prompt: 'Check the field name, or leave Prompt empty.',
	'Number of Images': 'Check the field name, or leave Number of Images empty.',
	Audio:
		"Check the field name. To leave it out when there is no value, write {{ $json.x ?? '' }} with nothing after it.",
};

describe('an expression that finds nothing', () => {
	// A blank behind the braces makes n8n turn the value into text.
	const expressions = [
		'={{ $json.nothing }}',
		'={{ $json.nothing }} ',
		'={{ $json.nothing }}\u200b',
	];
	const rows = MISSING.flatMap(([name, parameters]) =>
		expressions.map((expression) => [name, expression, parameters] as const),
	);

	it.each(rows)('is not paid for: %s %j', async (name, expression, parameters) => {
		const outcome = await bench.run(parameters(expression));
		expect(outcome.error?.message).toBe(`The expression for ${name} found nothing [item 0]`);
		const isRequired = outcome.error?.description === 'Check the field name.';
		if (!isRequired && name in OWN_ADVICE) {
			expect(outcome.error?.description).toBe(OWN_ADVICE[name]);
		}
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('is left out of the options of a tool, which its agent cannot correct', async () => {
		const none = '={{ $json.nothing }}';
		const options = { callbackUrl: none, clientReference: none, idempotencyKey: none };
		const tool = { type: 'n8n-nodes-runflow.wan27Tool' };
		const outcome = await bench.run({ ...edit, options }, [{}], tool);
		expect(outcome.error).toBeUndefined();
		expect(bench.sandbox.acceptedRuns()).toHaveLength(1);
	});

	it('leaves out what a language model leaves out', async () => {
		const fromAi = (name: string) => `={{ $fromAI('${name}', '', 'string') }}`;
		const { image } = video;
		const tool = { ...video, prompt: fromAi('Prompt'), duration: fromAi('Duration') };
		const outcome = await bench.run({ ...tool, image, endImage: url(fromAi('End_Image')) }, [
			{ query: {} },
		]);
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([{ input: { image_url: IMAGE } }]);
	});
});

describe('before anything is sent', () => {
	it.each(REFUSALS)('refuses %s', async (_case, parameters, message) => {
		const outcome = await bench.run(parameters);
		expect(outcome.status).toBe('error');
		expect(outcome.error?.message).toBe(`${message} [item 0]`);
		expect(outcome.error?.description).toMatch(/^[A-Z].*\.$/s);
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('lets n8n itself refuse a prompt that is not filled in', async () => {
		await expect(bench.run({ ...edit, prompt: '' })).rejects.toThrow(Error);
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('lets n8n name a prompt that is not filled in', async () => {
		const outcome = bench.run({ ...edit, prompt: '' });
		await expect(outcome).rejects.toThrow('Parameter "Prompt" is required.');
	});
});

it('refuses a Callback URL that Runflow cannot reach, before anything is sent', async () => {
	const engine = await createEngine({
		runflowApi: { apiKey: 'rf_live_x', baseUrl: 'https://api.runflow.io' },
	});
	const options = { callbackUrl: 'http://localhost:5678/webhook/runflow' };
	const outcome = await engine.run(wanWorkflow({ ...edit, options }));
	expect(outcome.error?.message).toBe(
		'Callback URL leads to http://localhost:5678, which Runflow cannot reach [item 0]',
	);
	expect(outcome.error?.description).toBe(
		'Set the environment variable WEBHOOK_URL of n8n to its public address (or that of a tunnel), and copy the URL again.',
	);
});

describe('one bad item among three', () => {
	const items = [{ prompt: 'one' }, { prompt: '' }, { prompt: 'three' }];
	const parameters = { ...edit, prompt: '={{ $json.prompt }}' };

	it('stops all of them before any is paid for, and names the item', async () => {
		const outcome = await bench.run(parameters, items);
		expect(outcome.error?.message).toBe('Prompt is empty [item 1]');
		expect(outcome.error).toMatchObject({ context: { itemIndex: 1 } });
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('stops all of them at every try', async () => {
		const outcome = await bench.run(parameters, items, {
			retryOnFail: true,
			maxTries: 3,
			waitBetweenTries: 1,
		});
		expect(outcome.error?.message).toBe('Prompt is empty [item 1]');
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('stops all of them where n8n cannot read the bad item', async () => {
		const unreadable = `={{ $itemIndex === 0 ? '${IMAGE}' : $('Nowhere').item.json.url }}`;
		const outcome = await bench.run({ ...edit, images: images(unreadable) }, [{}, {}]);
		expect(outcome.status).toBe('error');
		expect(outcome.error?.message).toBe("Referenced node doesn't exist");
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('leaves through the error output, with correct links of all items', async () => {
		const outcome = await bench.run(parameters, items, { onError: 'continueErrorOutput' });
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN, 0).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 2 },
		]);
		expect(outcome.items(WAN, 1)).toEqual([
			{
				json: {
					prompt: '',
					error: {
						message: 'Prompt is empty [item 1]',
						description: 'Say what to change in the images.',
						code: null,
						httpCode: null,
						requestId: null,
						runId: null,
					},
				},
				pairedItem: { item: 1 },
			},
		]);
		expect(outcome.items(FAILED)).toHaveLength(1);
		expect(bench.sandbox.acceptedRuns().map(({ input }) => input.prompt)).toEqual(['one', 'three']);
	});

	it('is output with the others when the node continues on errors', async () => {
		const outcome = await bench.run(parameters, items, { onError: 'continueRegularOutput' });
		expect(outcome.items(WAN).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(jsonOf(outcome.items(AFTER))[1]).toMatchObject({
			error: { message: 'Prompt is empty [item 1]' },
		});
		expect(bench.sandbox.acceptedRuns()).toHaveLength(2);
	});

	it('fails separately when the items are sent in batches', async () => {
		const outcome = await bench.run(
			{
				...parameters,
				requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 20 } } },
			},
			items,
		);
		expect(outcome.error?.message).toBe('Prompt is empty [item 1]');
		expect(bench.sandbox.acceptedRuns().map(({ input }) => input.prompt)).toEqual(['one', 'three']);
	});
});

it('handles only the first item when the node executes once', async () => {
	const outcome = await bench.run(edit, [{}, {}, {}], { executeOnce: true });
	expect(outcome.items(WAN)).toHaveLength(1);
	expect(bench.sandbox.acceptedRuns()).toHaveLength(1);
});
