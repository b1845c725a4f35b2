import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { createEngine, type Engine } from '../../engine/engine';
import { node, url, WAN, images, wanWorkflow } from '../../engine/workflows';
import { useBench } from '../context';

const bench = useBench();

const A = 'https://example.com/a.png';
const B = 'https://example.com/b.png';
const CLIP = 'https://example.com/clip.mp4';
const edit: INodeParameters = {
	operation: 'proEdit',
	completion: 'immediately',
	prompt: 'Make it blue',
};
const video: INodeParameters = { operation: 'imageToVideo', completion: 'immediately' };

/** Images by one value. */
function withImages(value: unknown): INodeParameters {
	return { ...edit, images: images(value) };
}

function inputs(): IDataObject[] {
	return bench.bodies().map((body) => (body as { input: IDataObject }).input);
}

describe('a list of images in one value', () => {
	it.each<[string, INodeParameters, IDataObject]>([
		['a list with a space behind it', withImages('={{ $json.all }} '), { all: [A, B] }],
		['a list with an invisible space', withImages('={{ $json.all }}\u200b'), { all: [A, B] }],
		[
			'a list as JSON with a space',
			withImages('={{ $json.all }} '),
			{ all: JSON.stringify([A, B]) },
		],
		['a cell of a sheet, by commas', withImages('={{ $json.all }}'), { all: `${A}, ${B}` }],
		['a cell of a sheet, by semicolons', withImages('={{ $json.all }}'), { all: `${A};${B};` }],
		['a cell of a sheet, by bars', withImages('={{ $json.all }}'), { all: `${A}|${B}` }],
		['a field of a form, by lines', withImages('={{ $json.all }}'), { all: `${A}\r\n${B}\r\n` }],
		['what an AI model writes', withImages('={{ $json.all }}'), { all: `['${A}', '${B}']` }],
		['by Chinese commas', withImages('={{ $json.all }}'), { all: `${A}，${B}` }],
		['by Japanese commas', withImages('={{ $json.all }}'), { all: `${A}、${B}、` }],
		['by escaped line breaks', withImages('={{ $json.all }}'), { all: `${A}\\r\\n${B}` }],
		['two expressions in one', withImages('={{ $json.a }},{{ $json.b }}'), { a: A, b: B }],
		['what stands in the workflow', withImages(`${A} ${B}`), {}],
		[
			'the outputs of another run',
			withImages('={{ $json.outputs }}'),
			{ outputs: [{ url: A }, { url: B }] },
		],
		[
			'outputs as JSON',
			withImages('={{ JSON.stringify($json) }}'),
			{ outputs: [{ url: A }, { url: B }] },
		],
		[
			'images of a shop',
			withImages('={{ $json.images }}'),
			{
				images: [
					{ id: 1, src: A },
					{ id: 2, src: B },
				],
			},
		],
	])('%s', async (_case, parameters, json) => {
		const outcome = await bench.run(parameters, [json]);
		expect(outcome.error).toBeUndefined();
		expect(inputs()).toEqual([{ prompt: 'Make it blue', image_urls: [A, B], num_images: 1 }]);
	});

	it('keeps the commas and spaces of a single address', async () => {
		await bench.run(withImages('={{ $json.one }}'), [
			{ one: 'https://example.com/my photo,1.png?a=1,2;3|4' },
		]);
		expect(inputs()[0]?.image_urls).toEqual(['https://example.com/my%20photo,1.png?a=1,2;3|4']);
	});
});

describe('a single medium', () => {
	it.each<[string, string, unknown, IDataObject, string]>([
		[
			'the outputs of another run',
			'image',
			'={{ $json.outputs }}',
			{ outputs: [{ url: A, type: 'image' }] },
			A,
		],
		['a whole item of this node', 'image', '={{ $json }}', { id: 'r', outputs: [{ url: A }] }, A],
		['one output', 'image', '={{ $json.outputs[0] }}', { outputs: [{ url: A }, { url: B }] }, A],
		['a list of one', 'image', '={{ [$json.a] }}', { a: A }, A],
		['a list of one as JSON', 'image', '={{ $json.a }}', { a: JSON.stringify([A]) }, A],
		['an object as JSON', 'image', '={{ $json.a }}', { a: `{"url": "${A}"}` }, A],
		['one beside empty ones', 'image', '={{ ["", $json.a, null] }}', { a: A }, A],
		['outputs as Video', 'video', '={{ $json.outputs }}', { outputs: [{ url: CLIP }] }, CLIP],
		[
			'invisible characters around it',
			'image',
			'={{ $json.a }}',
			{ a: `\ufeff\u00a0${A}\u200b\u200e` },
			A,
		],
		['quotes around it', 'image', '={{ $json.a }}', { a: `"${A}"` }, A],
		['curly quotes around it', 'image', '={{ $json.a }}', { a: `“${A}”` }, A],
		['angle brackets around it', 'image', '={{ $json.a }}', { a: `<${A}>` }, A],
		[
			'a space in it',
			'image',
			'={{ $json.a }}',
			{ a: 'https://example.com/my photo (1).png' },
			'https://example.com/my%20photo%20(1).png',
		],
		[
			'a space in it, in the workflow',
			'image',
			'https://example.com/my photo.png',
			{},
			'https://example.com/my%20photo.png',
		],
		[
			'the space of a screenshot’s name',
			'image',
			'={{ $json.a }}',
			{ a: 'https://example.com/10.00\u202fAM.png' },
			'https://example.com/10.00%E2%80%AFAM.png',
		],
	])('%s', async (_case, name, value, json, sent) => {
		const outcome = await bench.run({ ...video, [name]: url(value) }, [json]);
		expect(outcome.error).toBeUndefined();
		expect(inputs()).toEqual([{ [`${name}_url`]: sent, duration: 5 }]);
	});

	it.each<[string, string, unknown, string]>([
		['Image', 'image', `={{ ["${A}", "${B}"] }}`, 'takes one image, but has 2'],
		['Image', 'image', `={{ ["${A}", "${B}"] }} `, 'takes one image, but has 2'],
		['End Image', 'endImage', `${A}, ${B}`, 'takes one image, but has 2'],
		[
			'Video',
			'video',
			`={{ [{ url: "${CLIP}" }, { url: "${CLIP}" }] }}`,
			'takes one video, but has 2',
		],
		['Audio', 'audio', `={{ "${A};${B}" }}`, 'takes one sound, but has 2'],
		['End Image', 'endImage', '={{ [] }}', 'needs one image, but has none in []'],
	])('refuses %s by name: %s %s', async (title, name, value, problem) => {
		const outcome = await bench.run({ ...video, image: url(A), [name]: url(value) });
		expect(outcome.error?.message).toBe(`${title} ${problem} [item 0]`);
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('has the same name in Runflow however it is spelled', async () => {
		const spellings = [{ a: A }, { a: ` "${A}"\u200b` }, { a: [{ url: A }] }];
		const options = { idempotencyKey: 'order-1' };
		for (const json of spellings)
			await bench.run({ ...video, image: url('={{ $json.a }}'), options }, [json]);
		const names = bench.sandbox.posts('/runs').map(({ json }) => (json as IDataObject).client_ref);
		expect(names).toHaveLength(3);
		expect(new Set(names).size).toBe(1);
	});
});

/** A refusal of what looks like an address: the entry, the rest of the message, and a part of the advice. */
const NO_ADDRESSES: [string, string, string][] = [
	['example.com/a.png', 'must be a URL, but is "example.com/a.png"', 'Write https:// before it'],
	['www.example.com', 'must be a URL, but is "www.example.com"', 'Write https:// before it'],
	['//example.com/a.png', 'must be a URL, but is "//example.com/a.png"', 'Write https: before it'],
	[
		'https://exa mple.com/a.png',
		'must be a URL, but is "https://exa mple.com/a.png"',
		'space from its host name',
	],
	['https://', 'must be a URL, but is "https://"', 'Correct its host name'],
	[
		'={{ "https://example.com/a\\nb.png" }}',
		'has a line break or another control character in its URL: ',
		'in one line',
	],
	[
		`${A} and ${B}`,
		'has several URLs with something else between them: ',
		'Separate them only by commas',
	],
	[
		'={{ [{ url: 1 }, 2] }} ',
		'must be a URL, but is an object that became text: ',
		'outside of {{ }}',
	],
	['={{ $json.file }} ', 'must be a URL, but is an object that became text: ', 'outside of {{ }}'],
	[
		'filesystem-v2:workflows/1/x',
		"must be a URL, but is n8n's placeholder for a stored file: ",
		'Choose Binary',
	],
	['filesystem-v2', "must be a URL, but is n8n's placeholder for a stored file: ", 'Choose Binary'],
	[
		`iVBORw0KGgo${'A'.repeat(80)}`,
		'must be a URL, but is the content of a file: ',
		'data:image/png;base64,',
	],
	[
		'https://drive.google.com/file/d/1AbC/view?usp=sharing',
		'is a page of Google Drive, not the file itself: ',
		'give https://drive.google.com/uc?export=download&id=1AbC. Or read the file',
	],
	[
		'https://www.dropbox.com/scl/fi/a/b.png?rlkey=k&dl=0',
		'is a page of Dropbox, not the file itself: ',
		'give https://www.dropbox.com/scl/fi/a/b.png?rlkey=k&dl=1. Or read the file',
	],
	['https://1drv.ms/i/s!abc', 'is a page of OneDrive, not the file itself: ', 'Give a direct link'],
	[
		'https://n8n.acme.example/rest/binary-data?id=x',
		'is a link of n8n that opens only after signing in: ',
		'choose Binary',
	],
];

it.each(NO_ADDRESSES)('refuses %s', async (value, problem, advice) => {
	const json = { file: { name: 'a' } };
	const single = await bench.run({ ...video, image: url(value) }, [json]);
	expect(single.error?.message).toContain(`Image ${problem}`);
	expect(single.error?.description).toContain(advice);
	const list = await bench.run({ ...edit, images: images(A, value) }, [json]);
	expect(list.error?.message).toContain(`Images: image 2 ${problem}`);
	expect(bench.sandbox.requests).toEqual([]);
});

it.each([
	'https://drive.google.com/uc?export=download&id=1AbC',
	'https://www.dropbox.com/scl/fi/a/b.png?rlkey=k&dl=1',
	'https://dl.dropboxusercontent.com/s/a/b.png',
	'https://lh3.googleusercontent.com/d/1AbC',
])('sends the direct link %s', async (link) => {
	await bench.run({ ...video, image: url(link) });
	expect(inputs()).toEqual([{ image_url: link, duration: 5 }]);
});

describe('an address in a private network', () => {
	const PRIVATE = [
		'http://localhost:5678/a.png',
		'http://127.0.0.1/a.png',
		'http://192.168.1.10/a.png',
		'http://10.1.2.3/a.png',
		'http://172.31.0.1/a.png',
		'http://169.254.169.254/a.png',
		'http://[::1]/a.png',
		'http://[fd00::1]/a.png',
		'http://[fe80::1]/a.png',
		'https://nas.local/a.png',
		'https://files.acme.internal/a.png',
		'http://minio:9000/a.png',
		'http://2130706433/a.png',
	];
	let engine: Engine;

	beforeAll(async () => {
		engine = await createEngine({
			runflowApi: { apiKey: 'rf_live_x', baseUrl: 'https://api.runflow.example' },
		});
	});

	it.each(PRIVATE)('is refused where the API is public: %s', async (address) => {
		const problem = `leads to ${new URL(address).origin}, which Runflow cannot reach [item 0]`;
		const single = await engine.run(wanWorkflow({ ...video, image: url(address) }));
		expect(single.error?.message).toBe(`Image ${problem}`);
		expect(single.error?.description).toContain('choose Binary');
		const list = await engine.run(wanWorkflow(withImages(`${A}, ${address}`)));
		expect(list.error?.message).toBe(`Images: image 2 ${problem}`);
	});

	it('is sent where the API is in one', async () => {
		const outcome = await bench.run(withImages(PRIVATE[2]));
		expect(outcome.error).toBeUndefined();
		expect(inputs()[0]?.image_urls).toEqual([PRIVATE[2]]);
	});

	it('is refused as a tool with advice that an agent can follow', async () => {
		const { nodes, connections } = wanWorkflow({ ...video, image: url(PRIVATE[2]) });
		const outcome = await engine.run({
			nodes: nodes.map((one) =>
				one.name === WAN
					? node(WAN, 'n8n-nodes-runflow.wan27Tool', one.parameters, {
							credentials: one.credentials ?? {},
						})
					: one,
			),
			connections,
		});
		expect(outcome.error?.description).toBe(
			'Give an address that anyone can open, or the file itself as data:image/png;base64,….',
		);
	});
});
