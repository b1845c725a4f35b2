import type { INodeParameters } from 'n8n-workflow';

import { jsonOf } from '../../engine/engine';
import type { TestFiles } from '../../engine/binaryData';
import { ALL_SCOPES, DEFAULT_API_KEY } from '../../sandbox';
import { NODE, onlyError, RUNFLOW_TOOL, useRunflow, WITH_ERROR_OUTPUT } from './scene';

const bench = useRunflow();
jest.setTimeout(30_000);

const upload: INodeParameters = { resource: 'asset', operation: 'upload' };
const get: INodeParameters = { resource: 'asset', operation: 'get', assetId: '={{ $json.id }}' };

const PNG: TestFiles[string] = {
	base64: Buffer.from('a png').toString('base64'),
	mimeType: 'image/png',
	fileName: 'shoe.png',
};

/** What an uploaded file gives. */
function assetItem(id: string | undefined, name: string): object {
	return {
		id,
		reference: `runflow://assets/${id}`,
		url: expect.stringContaining(`${bench.sandbox.storageUrl}/assets/${id}-`) as unknown,
		name,
		mime_type: 'image/png',
		size_bytes: 5,
	};
}

describe('Upload', () => {
	it('uploads the file of each item, and returns its reference as a linked item', async () => {
		const files = [{ data: PNG }, { data: { ...PNG, fileName: 'sole.png' } }];
		const outcome = await bench.run(upload, [{}, {}], {}, files);
		expect(outcome.error).toBeUndefined();
		const byName = (name: string) =>
			bench.sandbox.uploads().find(({ filename }) => filename === name);
		expect(outcome.items(NODE)).toEqual([
			{ json: assetItem(byName('shoe.png')?.id, 'shoe.png'), pairedItem: { item: 0 } },
			{ json: assetItem(byName('sole.png')?.id, 'sole.png'), pairedItem: { item: 1 } },
		]);
		expect(byName('shoe.png')?.bytes?.toString()).toBe('a png');
	});

	it('takes another field, and a file that an expression gives', async () => {
		const files = [{ picture: PNG }];
		for (const binaryPropertyName of ['picture', '={{ $binary.picture }}']) {
			const outcome = await bench.run({ ...upload, binaryPropertyName }, [{}], {}, files);
			expect(outcome.error).toBeUndefined();
			expect(outcome.items(NODE)[0]?.json.name).toBe('shoe.png');
		}
	});

	it('uploads a type that Wan 2.7 does not accept, and leaves the decision to Runflow', async () => {
		const text = { ...PNG, mimeType: 'text/plain', fileName: 'a.txt' };
		const refused = await bench.run(upload, [{}], WITH_ERROR_OUTPUT, [{ data: text }]);
		const error = onlyError(refused);
		expect(error.message).toContain('Input Binary Field could not be uploaded:');
		expect(error.description).toContain('Runflow does not accept the file.');
		expect(error.description).not.toContain('run was started');
		bench.sandbox.configure({ assetMimeTypes: ['text/plain'] });
		const outcome = await bench.run(upload, [{}], {}, [{ data: text }]);
		expect(outcome.items(NODE)[0]?.json).toMatchObject({ mime_type: 'text/plain' });
	});

	it('returns what it knows of a file that the API key may not read', async () => {
		bench.sandbox.addFault({ kind: 'reset-after', match: { path: '/confirmations' } });
		const scopes = ['assets:create'];
		bench.sandbox.configure({ keys: [{ key: DEFAULT_API_KEY, scopes, email: 'a@example.com' }] });
		const outcome = await bench.run(upload, [{}], {}, [{ data: PNG }]);
		const id = bench.sandbox.uploads()[0]?.id;
		expect(jsonOf(outcome.items(NODE))).toEqual([
			{
				id,
				reference: `runflow://assets/${id}`,
				url: null,
				name: 'shoe.png',
				mime_type: 'image/png',
				size_bytes: null,
			},
		]);
	});

	it('returns all of a file where the response of the last step is lost', async () => {
		bench.sandbox.addFault({ kind: 'reset-after', match: { path: '/confirmations' } });
		const outcome = await bench.run(upload, [{}], {}, [{ data: PNG }]);
		expect(outcome.items(NODE)).toEqual([
			{ json: assetItem(bench.sandbox.uploads()[0]?.id, 'shoe.png'), pairedItem: { item: 0 } },
		]);
	});

	it('sends nothing where n8n has lost the file, and says what to do', async () => {
		const id = 'filesystem-v2:workflows/1/executions/1/binary_data/lost';
		const outcome = await bench.run(upload, [{}], {}, [{ data: { ...PNG, noted: { id } } }]);
		expect(outcome.error).toMatchObject({
			message: 'Input Binary Field could not be read from the binary field "data" [item 0]',
			description: 'n8n no longer has the file. Run the node that made it again.',
		});
		expect(bench.sandbox.requests).toEqual([]);
	});

	it.each([
		['={{ $json.none }}', 'The expression for Input Binary Field found nothing [item 0]'],
		[
			'other',
			'Input Binary Field names the binary field "other", which the item does not have [item 0]',
		],
	])('refuses the field %j before anything is sent', async (binaryPropertyName, message) => {
		const outcome = await bench.run({ ...upload, binaryPropertyName }, [{}], {}, [{ data: PNG }]);
		expect(outcome.error?.message).toBe(message);
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('takes a name with an invisible space behind it', async () => {
		const parameters = { ...upload, binaryPropertyName: 'data\u200b' };
		const outcome = await bench.run(parameters, [{}], {}, [{ data: PNG }]);
		expect(outcome.error).toBeUndefined();
	});

	it('advises nothing that the operation does not have', async () => {
		const binaryPropertyName = 'https://example.com/a.png';
		const parameters = { ...upload, binaryPropertyName };
		const outcome = await bench.run(parameters, [{}], {}, [{ data: PNG }]);
		expect(outcome.error?.description).toBe('The item has these: data.');
		const asTool = await bench.run(parameters, [{}], RUNFLOW_TOOL);
		expect(asTool.error?.description).toBe(
			'An AI agent gives its tools no files. Models take an address as well, without an upload.',
		);
	});

	it('names the scope that the API key lacks', async () => {
		bench.sandbox.configure({
			keys: [{ key: DEFAULT_API_KEY, scopes: [], email: 'a@example.com' }],
		});
		const outcome = await bench.run(upload, [{}], {}, [{ data: PNG }]);
		expect(outcome.error?.description).toContain('The API key lacks the scope assets:create');
	});

	it('repeats only the steps that have failed', async () => {
		bench.sandbox.addFault({ kind: 'status', status: 503, match: { host: 'storage' } });
		const outcome = await bench.run(upload, [{}], {}, [{ data: PNG }]);
		expect(outcome.error).toBeUndefined();
		expect(bench.sandbox.uploads()).toHaveLength(1);
		expect(bench.sandbox.requests.map(({ method, host }) => `${method} ${host}`)).toEqual([
			'POST api',
			'PUT storage',
			'PUT storage',
			'POST api',
		]);
	});
});

describe('Get', () => {
	async function uploaded(): Promise<string> {
		const outcome = await bench.run(upload, [{}], {}, [{ data: PNG }]);
		return outcome.items(NODE)[0]?.json.id as string;
	}

	it('gets an asset by its ID or its reference, with a new link', async () => {
		const id = await uploaded();
		const items = [{ id }, { id: ` runflow://assets/${id} ` }, { id: `"runflow://assets/${id}"` }];
		const outcome = await bench.run(get, items);
		expect(outcome.items(NODE)).toEqual(
			items.map((_, item) => ({ json: assetItem(id, 'shoe.png'), pairedItem: { item } })),
		);
	});

	it('works as the tool of an agent', async () => {
		const id = await uploaded();
		const outcome = await bench.run(get, [{ id }], RUNFLOW_TOOL);
		expect(jsonOf(outcome.items(NODE))).toEqual([assetItem(id, 'shoe.png')]);
	});

	it('names an asset that there is not', async () => {
		const outcome = await bench.run(get, [{ id: 'none' }], WITH_ERROR_OUTPUT);
		const error = onlyError(outcome);
		expect(error).toMatchObject({ httpCode: '404', code: 'ASSET_NOT_FOUND' });
		expect(error.description).toContain('Runflow has no asset with the ID none');
	});

	it.each([
		['={{ $json.none }}', 'The expression for Asset found nothing [item 0]'],
		['https://example.com/a.png', 'Asset must be the ID of an asset'],
		['..', 'Asset must be the ID of an asset'],
	])('refuses the ID %j before anything is sent', async (assetId, message) => {
		const outcome = await bench.run({ ...get, assetId });
		expect(outcome.error?.message).toContain(message);
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('names the scope that the API key lacks', async () => {
		const scopes = ALL_SCOPES.filter((scope) => scope !== 'assets:read');
		bench.sandbox.configure({ keys: [{ key: DEFAULT_API_KEY, scopes, email: 'a@example.com' }] });
		const outcome = await bench.run(get, [{ id: 'a' }]);
		expect(outcome.error?.description).toContain('The API key lacks the scope assets:read');
	});
});
