import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';
import { Readable } from 'node:stream';

import type { StartRecord } from '../../../../../nodes/shared/run/start/startLedger';
import { digest } from '../../../../../nodes/shared/values/digest';
import {
	describeInput,
	hashStart,
	nameStart,
	referenceOf,
	type ItemStart,
	type StartIdentity,
} from '../../../../../nodes/shared/run/start/startName';
import { imageFile } from '../binaryFile';
import { itemContext } from '../itemContext';

const identity: StartIdentity = {
	execution: 'secret-token',
	nodeId: 'node',
	place: '0.0',
	input: '[["prompt",["a"]]]',
	attempt: 0,
};

describe('the hash of a start', () => {
	it('is the same for the same start, and shows nothing of the token', () => {
		const hash = hashStart(identity);
		expect(hash).toMatch(/^[0-9a-f]{32}$/);
		expect(hashStart({ ...identity })).toBe(hash);
	});

	it.each<[string, Partial<StartIdentity>]>([
		['execution', { execution: 'another' }],
		['node', { nodeId: 'another' }],
		['run of the node', { place: '1.0' }],
		['item', { place: '0.1' }],
		['input', { input: '[["prompt",["b"]]]' }],
		['attempt', { attempt: 1 }],
	])('changes with the %s', (_what, change) => {
		expect(hashStart({ ...identity, ...change })).not.toBe(hashStart(identity));
	});

	it('is that of the key where the user gives one', () => {
		const { input } = identity;
		expect(hashStart({ key: '1001', input })).not.toBe(hashStart({ key: '1002', input }));
	});

	it('does not depend on the order in which the identity is given', () => {
		const { execution, ...rest } = identity;
		expect(hashStart({ ...rest, execution })).toBe(hashStart(identity));
	});
});

describe('the reference', () => {
	it.each([
		['Product videos', 'n8n-Product-videos-item-3-abc'],
		['  Ämter & "Bücher" ', 'n8n-Amter-Bucher-item-3-abc'],
		['日本語', 'n8n-item-3-abc'],
		['', 'n8n-item-3-abc'],
		['x'.repeat(500), `n8n-${'x'.repeat(60)}-item-3-abc`],
		[`${'x'.repeat(59)} y`, `n8n-${'x'.repeat(59)}-item-3-abc`],
	])('of the workflow %j can be read', (name, reference) => {
		expect(referenceOf(name, 3, 'abc')).toBe(reference);
	});

	it('names no item where a key of the user’s own names the run', () => {
		expect(referenceOf('', undefined, 'abc')).toBe('n8n-abc');
	});
});

describe('the name of a start', () => {
	const INPUT = 'the input';

	function named(change: Partial<ItemStart> = {}, where: Parameters<typeof itemContext>[0] = {}) {
		const item: ItemStart = {
			request: { url: '', body: { input: { prompt: 'a' } } },
			startRecord: {},
			input: INPUT,
			ownKey: undefined,
			...change,
		};
		const kept = { identity: 'secret-token' };
		const context = itemContext({ kept, itemIndex: 3, workflow: 'My flow', ...where });
		return { name: nameStart(context, item), ...item };
	}

	function hashOf(change: Partial<StartIdentity> = {}): string {
		return hashStart({ ...identity, place: '0.3', input: INPUT, ...change });
	}

	it('shows the workflow and the item, and is that of the execution', () => {
		const { name, request, startRecord } = named();
		const reference = `n8n-My-flow-item-3-${hashOf()}`;
		expect(name).toEqual({
			reference,
			hash: hashOf(),
			input: undefined,
			inputHash: digest(INPUT),
		});
		expect(request).toMatchObject({
			headers: { 'Idempotency-Key': hashOf() },
			body: { client_ref: reference },
		});
		expect(startRecord).toEqual({ reference });
	});

	it('shows no workflow that has no name', () => {
		expect(named({}, { workflow: undefined }).name.reference).toBe(`n8n-item-3-${hashOf()}`);
	});

	it('shows neither where a key of the user’s own names the run', () => {
		const { name, request } = named({ ownKey: '1001' });
		const hash = hashStart({ key: '1001', input: INPUT });
		expect(name).toMatchObject({ reference: `n8n-${hash}`, hash });
		expect(request.headers).toEqual({ 'Idempotency-Key': '1001' });
	});

	it('is the Client Reference of the user’s own', () => {
		const { name, request, startRecord } = named({
			request: { url: '', body: { client_ref: 'order-1', input: { prompt: 'a' } } },
		});
		expect(name).toEqual({
			reference: 'order-1',
			input: { prompt: 'a' },
			inputHash: digest(INPUT),
		});
		expect(request.body).toMatchObject({ client_ref: 'order-1' });
		expect(startRecord).toEqual({});
	});

	it('is made again for the next attempt, though the request has that of the last one', () => {
		const { request, startRecord } = named();
		startRecord.failedRuns = ['run'];
		const { name } = named({ request, startRecord });
		expect(name.hash).toBe(hashOf({ attempt: 1 }));
		expect(name.reference).toBe(`n8n-My-flow-item-3-${hashOf({ attempt: 1 })}`);
	});

	it.each<[string, unknown, StartRecord, string]>([
		['its id', 'a', {}, 'a 0'],
		['no id', undefined, {}, ' 0'],
		['how many runs it has had', 'a', { finishedRuns: 2 }, 'a 2'],
		['which of several at the same time it is', 'a', { parallelCall: 1 }, 'a 0 1'],
	])('is that of a call of a tool: %s', (_what, toolCallId, startRecord, place) => {
		const { name } = named({ startRecord }, { toolCallId, node: { type: 'wan27Tool' } });
		expect(name.hash).toBe(hashOf({ place }));
	});
});

describe('the input as one text', () => {
	const context = {} as IExecutePaginationFunctions;
	const textOf = async (input: IDataObject) =>
		await describeInput(context, '/v1/models/a/b/runs', input);

	it('is another one for another model', async () => {
		const other = await describeInput(context, '/v1/models/a/c/runs', { a: 1 });
		expect(await textOf({ a: 1 })).not.toBe(other);
	});

	it('names the model, and each field with its values', async () => {
		expect(await textOf({ prompt: 'a', images: ['b', 2] })).toBe(
			'["/v1/models/a/b/runs",[["images",["b",2]],["prompt",["a"]]]]',
		);
	});

	it('is the same for any order of its fields', async () => {
		expect(await textOf({ a: 1, b: 'x' })).toBe(await textOf({ b: 'x', a: 1 }));
		expect(await textOf({ a: 1 })).not.toBe(await textOf({ a: '1' }));
	});

	it.each([
		'https://s3.example/1.png?X-Amz-Signature=1&X-Amz-Date=2&versionId=7',
		'https://storage.example/1.png?versionId=7&Expires=1&Signature=x',
		'https://blob.example/1.png?sv=1&se=2&sp=r&sig=x&versionId=7',
	])('is the same whenever a link is signed: %s', async (link) => {
		const bare = `${link.split('?')[0] ?? ''}?versionId=7`;
		expect(await textOf({ image_urls: [link] })).toBe(await textOf({ image_urls: [bare] }));
	});

	it('does not change a link that is not signed', async () => {
		const [one, two] = await Promise.all(
			['a', 'b'].map(async (st) => await textOf({ image_url: `https://example.com/?st=${st}` })),
		);
		expect(one).not.toBe(two);
	});

	it('compares links without their signatures, and leaves other texts unchanged', async () => {
		const [one, two] = await Promise.all(
			[1, 2].map(async (id) => await textOf({ image_url: `https://example.com/?id=${id}` })),
		);
		expect(one).not.toBe(two);
		expect(await textOf({ prompt: 'a?token=1' })).not.toBe(await textOf({ prompt: 'a' }));
	});

	describe('with a file', () => {
		const ID = 'filesystem-v2:workflows/1/executions/1/binary_data/a';
		// SHA-256 of "shoe".
		const HASH = 'efda1c925291a74c51bb958e56bf3589677a4a3880ddf40b8323b0235b3ced09';
		const stored = imageFile({ id: ID, bytes: 4 });

		/** n8n's context, which reads the stored file in these pieces. */
		function reading(pieces: Iterable<Buffer>): IExecutePaginationFunctions {
			const getBinaryStream = async (id: string) => {
				expect(id).toBe(ID);
				return await Promise.resolve(Readable.from(pieces));
			};
			return { helpers: { getBinaryStream } } as unknown as IExecutePaginationFunctions;
		}

		it('is the same wherever n8n keeps the file, and shows nothing of it', async () => {
			const held = imageFile({ data: Buffer.from('shoe').toString('base64') });
			const pieces = reading([Buffer.from('sh'), Buffer.from('oe')]);
			const text = `["/runs",[["image_urls",["${HASH}","https://example.com/1.png"]]]]`;
			for (const file of [held, stored]) {
				const input = { image_urls: [file, 'https://example.com/1.png'] } as unknown as IDataObject;
				expect(await describeInput(pieces, '/runs', input)).toBe(text);
			}
		});

		it('does not exist where n8n cannot read the file', async () => {
			const lost = reading(
				(function* () {
					yield Buffer.from('sh');
					throw new Error('The disk is gone');
				})(),
			);
			const input = { image_url: stored } as unknown as IDataObject;
			expect(await describeInput(lost, '/runs', input)).toEqual({ unreadable: stored });
		});
	});
});
