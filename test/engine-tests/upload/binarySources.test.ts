import type { INodeExecutionData, INodeParameters, INodeType } from 'n8n-workflow';

import { keepBinaryData, type TestFiles } from '../../engine/binaryData';
import {
	binary,
	node,
	sources,
	url,
	WAN,
	wanWorkflow,
	type NodeSettings,
} from '../../engine/workflows';
import type { WorkflowJson } from '../../engine/engine';
import { gradientPng } from '../../sandbox/media/png';
import { useBench } from '../context';

/** What the node before gives out, as a Code node may. */
let made: INodeExecutionData[] = [];

const maker = {
	description: {
		displayName: 'Maker',
		name: 'maker',
		group: [],
		version: 1,
		description: '',
		defaults: {},
		inputs: [],
		outputs: ['main'],
		properties: [],
	},
	execute: async () => await Promise.resolve([made]),
} as unknown as INodeType;

const bench = useBench({}, { 'test.maker': maker });

const bytes = gradientPng(64, 48, 1);
const base64 = bytes.toString('base64');
const shoe = { base64, mimeType: 'image/png', fileName: 'shoe.png' };
const second = {
	base64: gradientPng(64, 48, 2).toString('base64'),
	mimeType: 'image/png',
	fileName: 'second.png',
};
const edit: INodeParameters = { operation: 'proEdit', completion: 'immediately', prompt: 'Blue' };
const video: INodeParameters = { operation: 'imageToVideo', completion: 'immediately' };

/** The files that were uploaded, in base64. */
function uploaded(): (string | undefined)[] {
	return bench.sandbox.uploads().map((asset) => asset.bytes?.toString('base64'));
}

/** The media that were sent. */
function sent(): unknown[] {
	return bench.bodies().map((body) => {
		const { image_urls, image_url } = (body as { input: Record<string, unknown> }).input;
		return image_urls ?? image_url;
	});
}

function references(): string[] {
	return bench.sandbox.uploads().map(({ id }) => `runflow://assets/${id}`);
}

/** The workflow, with the maker in front. */
function behindMaker(parameters: INodeParameters, settings: NodeSettings = {}): WorkflowJson {
	const workflow = wanWorkflow(parameters, [{}], settings);
	const nodes = workflow.nodes.map((one) =>
		one.name === 'Before' ? node('Before', 'test.maker', {}) : one,
	);
	return { ...workflow, nodes };
}

describe.each(['default', 'filesystem'] as const)('binary data kept as n8n’s mode %s', (mode) => {
	const files: TestFiles = { data: shoe, second };

	beforeAll(async () => {
		await keepBinaryData(mode);
	});

	describe.each(['separate', 'combined'] as const)('in the binary mode %s', (binaryMode) => {
		const isInJson = mode === 'filesystem' && binaryMode === 'combined';
		const inItem = isInJson ? '$json._files' : '$binary';
		const before = isInJson ? "$('Before').item._files" : "$('Before').item.binary";
		const run = async (parameters: INodeParameters) =>
			await bench.engine.run({
				...wanWorkflow(parameters, [{}], {}, [files]),
				settings: { binaryMode },
			});

		it.each([
			['its name', 'data'],
			['its name with a space', '={{ "data" }} '],
			['the file itself', `={{ ${inItem}.data }}`],
			...(isInJson ? [['its path', '_files.data']] : []),
			...(binaryMode === 'combined' && mode === 'default'
				? []
				: [['the file of an earlier node', `={{ ${before}.data }}`]]),
		])('takes %s', async (_case, value = '') => {
			const outcome = await run({ ...video, image: binary(value) });
			expect(outcome.error).toBeUndefined();
			expect(uploaded()).toEqual([shoe.base64]);
			expect(bench.sandbox.uploads()[0]).toMatchObject({
				filename: 'shoe.png',
				mimeType: 'image/png',
			});
			expect(sent()).toEqual(references());
		});

		it.each([
			['names with commas', 'data, second'],
			['all names', `={{ Object.keys(${inItem}) }}`],
			['all files', `={{ ${inItem} }}`],
			['a list of files', `={{ [${inItem}.data, ${inItem}.second] }}`],
		])('takes %s in a list', async (_case, value) => {
			const outcome = await run({ ...edit, images: sources(binary(value)) });
			expect(outcome.error).toBeUndefined();
			expect(uploaded()).toEqual([shoe.base64, second.base64]);
			expect(sent()).toEqual([references()]);
		});

		it('takes the file itself where URL is chosen', async () => {
			const outcome = await run({ ...video, image: url(`={{ ${inItem}.data }}`) });
			expect(outcome.error).toBeUndefined();
			expect(sent()).toEqual(references());
		});

		it('lists names that can be given, where one is wrong', async () => {
			const outcome = await run({ ...video, image: binary('photo') });
			expect(outcome.error?.message).toBe(
				'Image names the binary field "photo", which the item does not have [item 0]',
			);
			expect(outcome.error?.description).toBe('The item has these: data, second.');
		});

		it.each([
			['names', 'data, second'],
			['files', `={{ ${inItem} }}`],
		])('refuses two %s where one is meant', async (_case, value) => {
			const outcome = await run({ ...video, image: binary(value) });
			expect(outcome.error?.message).toBe('Image takes one image, but has 2 [item 0]');
			expect(bench.sandbox.requests).toEqual([]);
		});
	});
});

describe('what a Code node gives as binary data', () => {
	beforeAll(async () => {
		await keepBinaryData('filesystem');
	});

	const give = (data: unknown, more: object = { mimeType: 'image/png' }) => {
		const field = data === undefined ? more : { ...more, data };
		made = [{ json: {}, binary: { data: field } } as unknown as INodeExecutionData];
	};

	it.each<{ kind: string; data: unknown; more?: object }>([
		{ kind: 'base64', data: base64 },
		{ kind: 'base64 behind data:', data: `data:image/png;base64,${base64}` },
		{
			kind: 'base64 behind data:, which alone says the type',
			data: `data:image/png;base64,${base64}`,
			more: {},
		},
		{ kind: 'base64 in lines', data: base64.replace(/.{76}/g, '$&\r\n') },
		{ kind: 'a Buffer', data: bytes },
		{ kind: 'a Buffer as JSON writes it', data: JSON.parse(JSON.stringify(bytes)) },
		{ kind: 'bytes', data: new Uint8Array(bytes) },
	])('is taken: $kind', async ({ data, more }) => {
		give(data, more);
		const outcome = await bench.engine.run(behindMaker({ ...video, image: binary('data') }));
		expect(outcome.error).toBeUndefined();
		expect(uploaded()).toEqual([base64]);
		expect(bench.sandbox.uploads()[0]).toMatchObject({
			filename: 'data.png',
			mimeType: 'image/png',
		});
		expect(sent()).toEqual(references());
	});

	it.each<[string, unknown, string]>([
		['no data', undefined, 'has no content: the binary field "data" has no data'],
		['null', null, 'has no content: the binary field "data" has no data'],
		['empty data', '', 'is an empty file: the binary field "data" holds 0 bytes'],
		['an empty Buffer', Buffer.alloc(0), 'is an empty file: the binary field "data" holds 0 bytes'],
		[
			'an address',
			'https://example.com/1.png',
			'cannot be read: the data of the binary field "data" is not base64',
		],
		[
			'a data: address without base64',
			'data:image/png,x',
			'cannot be read: the data of the binary field "data" is not base64',
		],
		[
			'n8n’s mark of a stored file',
			'filesystem-v2',
			'cannot be read: the data of the binary field "data" is not base64',
		],
		['an object', { a: 1 }, 'cannot be read: the data of the binary field "data" is not base64'],
	])('is refused, with the link to its item: %s', async (_case, data, problem) => {
		give(data);
		made = [
			{ json: { first: true }, binary: { data: { data: base64, mimeType: 'image/png' } } },
			...made,
		];
		const outcome = await bench.engine.run(
			behindMaker({ ...video, image: binary('data') }, { onError: 'continueErrorOutput' }),
		);
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN, 0).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }]);
		expect(outcome.items(WAN, 1)).toMatchObject([
			{ json: { error: { message: `Image ${problem} [item 1]` } }, pairedItem: { item: 1 } },
		]);
		expect(uploaded()).toEqual([base64]);
		expect(bench.bodies()).toHaveLength(1);
	});

	it.each<[string, unknown]>([
		['text', base64],
		['null', null],
		['a file without a type', { data: base64 }],
	])('is refused by name where the field is %s', async (_case, field) => {
		made = [{ json: {}, binary: { data: field } } as unknown as INodeExecutionData];
		const outcome = await bench.engine.run(
			behindMaker({ ...edit, images: sources(binary('data')) }),
		);
		expect(outcome.error?.message).toBe(
			'Images: image 1 must be a JPEG, PNG, BMP or WEBP image, but the binary field "data" has no type [item 0]',
		);
		expect(bench.sandbox.requests).toEqual([]);
	});

	it.each(['constructor', '__proto__', 'toString'])('has no field %s', async (name) => {
		give(base64);
		const outcome = await bench.engine.run(behindMaker({ ...video, image: binary(name) }));
		expect(outcome.error?.message).toContain(`names the binary field "${name}"`);
	});
});

it('says what an expression gives when an invisible space turned a file into text', async () => {
	await keepBinaryData('default');
	const parameters = { ...video, image: binary('={{ $binary.data }} ') };
	const outcome = await bench.run(parameters, [{}], {}, [{ data: shoe }]);
	expect(outcome.error?.message).toContain(
		'Image must be a file, but is an object that became text: ',
	);
	expect(outcome.error?.description).toContain('outside of {{ }}');
	expect(bench.sandbox.requests).toEqual([]);
});

it.each(['https://example.com/1.png', 'data:image/png;base64,AAAA'])(
	'says so where %s stands in place of a field name',
	async (address) => {
		const outcome = await bench.run({ ...video, image: binary(address) });
		expect(outcome.error?.description).toBe('For a web address, choose URL instead of Binary.');
	},
);

it('advises a tool of an AI agent what it can do', async () => {
	const { nodes, connections } = wanWorkflow({ ...video, image: binary('data') });
	const outcome = await bench.engine.run({
		nodes: nodes.map((one) =>
			one.name === WAN ? { ...one, type: 'n8n-nodes-runflow.wan27Tool' } : one,
		),
		connections,
	});
	expect(outcome.error?.message).toContain('Image names the binary field "data"');
	expect(outcome.error?.description).toBe(
		'An AI agent gives its tools no files. Choose URL instead of Binary. Give an address that anyone can open, or the file itself as data:image/png;base64,….',
	);
});
