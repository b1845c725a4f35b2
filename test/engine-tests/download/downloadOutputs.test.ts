import type { IBinaryData, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { bytesOf, keepBinaryData } from '../../engine/binaryData';
import { setLimits, type Outcome } from '../../engine/engine';
import { THREE_ATTEMPTS } from '../../engine/package';
import { FAILED, images, url, WAN, wanWorkflow, type NodeSettings } from '../../engine/workflows';
import type { Fault } from '../../sandbox';
import { until } from '../../until';
import { useBench } from '../context';

const HOUR = 60 * 60_000;

const bench = useBench({
	// What has expired once can be had again, by reading the run.
	onRequest: ({ host, status }) => {
		if (host === 'storage' && status === 403)
			bench.sandbox.configure({ outputUrlTtlMs: renewedTtl });
	},
});
let renewedTtl = HOUR;

beforeEach(() => {
	renewedTtl = HOUR;
});

// A download is tried three times within a second, or for as long as `patience`.
jest.setTimeout(60_000);

const GET_FILE = { host: 'storage', method: 'GET' } as const;
const READ_RUN = { host: 'api', method: 'GET' } as const;
const retry: NodeSettings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };

const edit: INodeParameters = {
	operation: 'proEdit',
	prompt: '={{ $json.prompt ?? "Make it blue" }}',
	images: images('https://example.com/1.png'),
	downloadOutputs: true,
	options: { pollingInterval: 0.02 },
};
const four: INodeParameters = { ...edit, numberOfImages: 4 };

function filesOf(item: INodeExecutionData | undefined): Record<string, IBinaryData> {
	return item?.binary ?? {};
}

/** The only item that came out, and went well. */
function only(outcome: Outcome): INodeExecutionData {
	expect(outcome.error).toBeUndefined();
	const [item, ...more] = outcome.items(WAN);
	expect(more).toEqual([]);
	if (item === undefined) throw new Error('No item came out');
	return item;
}

function storageRequests() {
	return bench.sandbox.requests.filter(({ host }) => host === 'storage');
}

function reads(): number {
	return bench.sandbox.requests.filter(({ host, method }) => host === 'api' && method === 'GET')
		.length;
}

function runId(): string {
	const [run] = bench.sandbox.acceptedRuns();
	return run?.id ?? '';
}

/** What the links of an item lead to. */
async function linked(item: INodeExecutionData): Promise<Buffer[]> {
	const outputs = item.json.outputs as { url: string }[];
	return await Promise.all(
		outputs.map(async (output) => {
			const answer = await fetch(output.url);
			expect(answer.status).toBe(200);
			return Buffer.from(await answer.arrayBuffer());
		}),
	);
}

describe.each(['default', 'filesystem'] as const)('binary data kept as n8n’s mode %s', (mode) => {
	beforeAll(async () => {
		await keepBinaryData(mode);
	});

	it('downloads all four images, in order', async () => {
		const item = only(await bench.run(four));
		const files = filesOf(item);
		expect(Object.keys(files)).toEqual(['data', 'data_1', 'data_2', 'data_3']);
		const kept = await Promise.all(Object.values(files).map(bytesOf));
		const made = await linked(item);
		expect(kept.map((bytes) => bytes.toString('base64'))).toEqual(
			made.map((bytes) => bytes.toString('base64')),
		);
		expect(new Set(kept.map((bytes) => bytes.toString('base64'))).size).toBe(4);
		expect(Object.values(files)).toEqual(
			[0, 1, 2, 3].map(
				(n) =>
					expect.objectContaining({
						fileName: `runflow-${runId().slice(-8)}-${n + 1}.png`,
						mimeType: 'image/png',
						fileType: 'image',
						fileExtension: 'png',
					}) as IBinaryData,
			),
		);
		expect(item.pairedItem).toEqual({ item: 0 });
		for (const file of Object.values(files)) {
			expect(file.id?.startsWith('filesystem-v2:') === true).toBe(mode === 'filesystem');
			// Its source is a signed link, which must not be kept.
			expect(file.directory).toBeUndefined();
		}
	});

	it('downloads the video', async () => {
		const item = only(
			await bench.run({
				operation: 'imageToVideo',
				image: url('https://example.com/1.png'),
				downloadOutputs: true,
				options: { pollingInterval: 0.02, outputPropertyName: 'clip' },
			}),
		);
		const { clip, ...others } = filesOf(item);
		expect(others).toEqual({});
		expect(clip).toMatchObject({
			fileName: `runflow-${runId().slice(-8)}-1.mp4`,
			mimeType: 'video/mp4',
			fileType: 'video',
		});
		const [made] = await linked(item);
		expect((await bytesOf(clip)).equals(made ?? Buffer.alloc(0))).toBe(true);
	});

	it.each<[string, Fault]>([
		['500', { match: GET_FILE, kind: 'status', status: 500, times: 2 }],
		['429', { match: GET_FILE, kind: 'status', status: 429 }],
		['a closed connection', { match: GET_FILE, kind: 'reset-before' }],
		['half a file', { match: GET_FILE, kind: 'cut-body' }],
		['a page', { match: GET_FILE, kind: 'html' }],
		['an empty answer', { match: GET_FILE, kind: 'empty' }],
	])('tries again after %s', async (_case, fault) => {
		bench.sandbox.addFault(fault);
		const item = only(await bench.run(edit));
		const [made] = await linked(item);
		expect((await bytesOf(filesOf(item).data)).equals(made ?? Buffer.alloc(0))).toBe(true);
		expect(bench.bodies()).toHaveLength(1);
	});
});

describe('what is downloaded', () => {
	beforeAll(async () => {
		await keepBinaryData('default');
	});

	it('is every output unless the user chooses otherwise', async () => {
		const item = only(await bench.run({ ...four, downloadOutputs: undefined }));
		expect(Object.keys(filesOf(item))).toEqual(['data', 'data_1', 'data_2', 'data_3']);
	});

	it('is nothing when the user switches it off', async () => {
		const item = only(await bench.run({ ...edit, downloadOutputs: false }));
		expect(item).not.toHaveProperty('binary');
		expect(storageRequests()).toEqual([]);
	});

	it('is nothing where the node does not wait for the run', async () => {
		const item = only(await bench.run({ ...edit, completion: 'immediately' }));
		expect(item).not.toHaveProperty('binary');
		expect(storageRequests()).toEqual([]);
	});

	it('is what there is of a partial success', async () => {
		bench.sandbox.configure({ outcome: 'partial_succeeded' });
		const item = only(await bench.run(four));
		expect(item.json.status).toBe('partial_succeeded');
		expect(Object.keys(filesOf(item))).toEqual(['data', 'data_1']);
	});

	it('comes with the raw record too', async () => {
		const item = only(await bench.run({ ...edit, simplify: false }));
		expect(item.json.status_code).toBe('succeeded');
		expect(Object.keys(filesOf(item))).toEqual(['data']);
	});

	it('is each item’s own, under a separate name', async () => {
		const outcome = await bench.run(
			{ ...edit, options: { pollingInterval: 0.02, outputPropertyName: '={{ $json.prompt }}' } },
			[{ prompt: 'a' }, { prompt: 'b' }, { prompt: ' c ' }],
		);
		expect(outcome.error).toBeUndefined();
		const names = outcome.items(WAN).map((item) => Object.keys(filesOf(item)));
		expect(names).toEqual([['a'], ['b'], ['c']]);
		for (const item of outcome.items(WAN)) {
			const [file] = Object.values(filesOf(item));
			const [made] = await linked(item);
			expect((await bytesOf(file)).equals(made ?? Buffer.alloc(0))).toBe(true);
		}
	});

	it('is found behind redirects, to which no credential goes', async () => {
		bench.sandbox.addFault({
			match: GET_FILE,
			kind: 'redirect',
			location: bench.sandbox.sampleUrl('studio.png'),
		});
		const item = only(await bench.run(edit));
		const sample = await fetch(bench.sandbox.sampleUrl('studio.png'));
		const bytes = Buffer.from(await sample.arrayBuffer());
		expect((await bytesOf(filesOf(item).data)).equals(bytes)).toBe(true);
		expect(storageRequests()).toHaveLength(3);
		for (const { headers } of storageRequests())
			expect(headers).not.toHaveProperty('authorization');
	});

	it('follows no circle of redirects', async () => {
		const location = bench.sandbox.sampleUrl('studio.png');
		bench.sandbox.addFault({ match: GET_FILE, kind: 'redirect', location, times: Infinity });
		const outcome = await bench.run(edit);
		expect(outcome.error?.message).toContain('Output 1 of 1 could not be downloaded');
		expect(storageRequests()).toHaveLength(3 * 6);
	});
});

describe('a link that has expired', () => {
	beforeAll(async () => {
		await keepBinaryData('default');
	});

	it('is refreshed by reading the run once more, for all outputs together', async () => {
		bench.sandbox.configure({ outputUrlTtlMs: 0, manual: true });
		const running = bench.run(four);
		await until(() => bench.sandbox.acceptedRuns().length >= 1);
		bench.sandbox.finishRun(runId());
		const item = only(await running);
		expect(Object.keys(filesOf(item))).toHaveLength(4);
		expect(storageRequests().map(({ status }) => status)).toEqual([403, 200, 200, 200, 200]);
		const before = bench.sandbox.requests.findIndex(({ host }) => host === 'storage');
		const after = bench.sandbox.requests.slice(before).filter(({ host }) => host === 'api');
		expect(after).toHaveLength(1);
		// The item has the links that work.
		await linked(item);
	});

	it.each([400, 404, 410])('may be answered with %i', async (status) => {
		bench.sandbox.addFault({ match: GET_FILE, kind: 'status', status });
		expect(Object.keys(filesOf(only(await bench.run(edit))))).toEqual(['data']);
		expect(storageRequests()).toHaveLength(2);
		// One read found the run finished, the other renewed its links.
		expect(reads()).toBe(2);
	});

	describe('need not be one yet', () => {
		async function reference(...then: Fault[]): Promise<Outcome> {
			bench.sandbox.configure({ manual: true });
			const going = bench.run(edit);
			await until(() => bench.sandbox.acceptedRuns().length >= 1);
			const id = bench.sandbox.acceptedRuns()[0]?.id ?? '';
			const output = { outputs: [{ url: 'runflow://assets/0199a1b2-0000', type: 'image' }] };
			const body = { id, status_code: 'succeeded', cost: '0.0750', output };
			bench.sandbox.addFault({ match: READ_RUN, kind: 'wrong-json', body });
			for (const fault of then) bench.sandbox.addFault(fault);
			bench.sandbox.finishRun(id);
			return await going;
		}

		it('a reference is read again, since Runflow makes links of them', async () => {
			expect(Object.keys(filesOf(only(await reference())))).toEqual(['data']);
			expect(storageRequests()).toHaveLength(1);
		});

		it('and where that fails, another try may do better', async () => {
			const outcome = await reference({ match: READ_RUN, kind: 'status', status: 500, times: 3 });
			expect(outcome.error?.message).toContain(
				'could not be downloaded: Runflow gave no link to it',
			);
			expect(outcome.error?.description).toContain('Switch on Retry On Fail');
			expect(storageRequests()).toEqual([]);
		});
	});

	it('is refreshed also where the run cannot be read at once', async () => {
		bench.sandbox.configure({ outputUrlTtlMs: 0 });
		bench.sandbox.addFault({ match: { ...READ_RUN, nth: 2 }, kind: 'status', status: 500 });
		expect(Object.keys(filesOf(only(await bench.run(edit))))).toEqual(['data']);
		expect(reads()).toBe(3);
	});

	it('is not replaced by a record that shows fewer outputs', async () => {
		bench.sandbox.configure({ outputUrlTtlMs: 0, manual: true });
		const running = bench.run(four);
		await until(() => bench.sandbox.acceptedRuns().length >= 1);
		const id = runId();
		bench.sandbox.finishRun(id);
		const output = { outputs: [{ url: bench.sandbox.sampleUrl('studio.png'), type: 'image' }] };
		const body = { id, status_code: 'succeeded', output };
		bench.sandbox.addFault({ match: { ...READ_RUN, nth: 2 }, kind: 'wrong-json', body });
		const { error } = await running;
		expect(error?.message).toBe(
			'Output 1 of 4 could not be downloaded: its link has expired [item 0]',
		);
	});

	it('is not refreshed again and again', async () => {
		renewedTtl = 0;
		bench.sandbox.configure({ outputUrlTtlMs: 0 });
		const outcome = await bench.run(edit);
		expect(outcome.error?.message).toBe(
			'Output 1 of 1 could not be downloaded: its link has expired [item 0]',
		);
		expect(storageRequests()).toHaveLength(2);
		expect(reads()).toBe(2);
	});
});

describe('a storage that is busy', () => {
	beforeAll(async () => {
		await keepBinaryData('default');
		setLimits(bench.engine, { patience: 20_000 });
	});
	afterAll(() => {
		setLimits(bench.engine, { patience: THREE_ATTEMPTS });
	});

	function busy(retryAfter: string, times: number): Fault {
		const headers = { 'retry-after': retryAfter };
		return { match: GET_FILE, kind: 'status', status: 503, times, headers };
	}

	it('is asked again when it wants to be, with patience', async () => {
		bench.sandbox.addFault(busy('1.1', 3));
		const from = Date.now();
		only(await bench.run(edit));
		expect(Date.now() - from).toBeGreaterThan(2 * 1100 + 2000 - 50);
		expect(storageRequests()).toHaveLength(4);
		expect(bench.bodies()).toHaveLength(1);
	});

	it('is not asked again where it wants more time than there is', async () => {
		bench.sandbox.addFault(busy('60', 1));
		const outcome = await bench.run(edit);
		expect(outcome.error?.message).toContain('the storage answered with HTTP status 503');
		expect(outcome.error?.description).toContain('Switch on Retry On Fail');
		expect(storageRequests()).toHaveLength(1);
	});
});

it('says that a proxy requires a password', async () => {
	bench.sandbox.addFault({ match: GET_FILE, kind: 'status', status: 407, times: 3 });
	const outcome = await bench.run(edit);
	expect(outcome.error?.message).toContain('the proxy requires a user name and password');
});

it('does not call a link expired when a filter blocked it', async () => {
	const headers = { 'content-type': 'text/html' };
	const body = '<html>blocked</html>';
	bench.sandbox.addFault({ match: GET_FILE, kind: 'status', status: 403, times: 2, headers, body });
	renewedTtl = HOUR;
	const outcome = await bench.run(edit);
	expect(outcome.error?.message).toContain('a web page with HTTP status 403 came instead');
});

describe('an output that does not come', () => {
	const broken: Fault = { match: GET_FILE, kind: 'status', status: 500, times: 3 };

	beforeAll(async () => {
		await keepBinaryData('default');
	});

	it('is an error that names the paid run', async () => {
		bench.sandbox.addFault(broken);
		const outcome = await bench.run(edit);
		expect(outcome.error?.name).toBe('NodeApiError');
		expect(outcome.error?.message).toBe(
			'Output 1 of 1 could not be downloaded: the storage answered with HTTP status 500 [item 0]',
		);
		expect(outcome.error?.description).toContain('You do not pay again');
		expect(outcome.error?.description).toContain(`Run ID: ${runId()}`);
		expect(outcome.error).toMatchObject({ context: { runId: runId() } });
		expect(storageRequests()).toHaveLength(3);
	});

	it('is an error where the others have come', async () => {
		bench.sandbox.addFault({ ...broken, match: { ...GET_FILE, nth: 2 } });
		const outcome = await bench.run(four);
		expect(outcome.error?.message).toContain('Output 2 of 4 could not be downloaded');
		expect(outcome.error).toMatchObject({ context: { runId: runId() } });
	});

	it('is downloaded at the next try, of the same run', async () => {
		bench.sandbox.addFault(broken);
		const item = only(await bench.run(four, [{}], retry));
		expect(Object.keys(filesOf(item))).toHaveLength(4);
		expect(item.json.id).toBe(runId());
		expect(bench.bodies()).toHaveLength(1);
	});

	it('leaves through the error output with the run’s id, the others through the main one with their files', async () => {
		bench.sandbox.addFault(broken);
		bench.sandbox.configure({ manual: true });
		const running = bench.run(edit, [{ prompt: 'a' }, { prompt: 'b' }], {
			onError: 'continueErrorOutput',
		});
		const runOf = (prompt: string) =>
			bench.sandbox.acceptedRuns().find(({ input }) => input.prompt === prompt)?.id ?? '';
		await until(() => bench.sandbox.acceptedRuns().length === 2);
		bench.sandbox.finishRun(runOf('a'));
		// The three tries of the first item get the fault.
		await until(() => storageRequests().length === 3);
		bench.sandbox.finishRun(runOf('b'));
		const outcome = await running;
		expect(outcome.items(WAN, 1)).toEqual([
			{
				json: {
					prompt: 'a',
					error: expect.objectContaining({
						message: expect.stringMatching(
							/^Output 1 of 1 could not be downloaded: .* \[item 0\]$/,
						) as string,
						runId: runOf('a'),
					}) as object,
				},
				pairedItem: { item: 0 },
			},
		]);
		const [good] = outcome.items(WAN, 0);
		expect(good?.pairedItem).toEqual({ item: 1 });
		expect(Object.keys(filesOf(good))).toEqual(['data']);
	});

	it('ends once Stop is pressed', async () => {
		bench.sandbox.addFault({ match: GET_FILE, kind: 'timeout' });
		const running = bench.engine.start(wanWorkflow(edit));
		await until(() => storageRequests().length > 0);
		running.stop();
		const outcome = await running.outcome;
		expect(outcome.status).toBe('canceled');
		expect(outcome.error?.description).toContain(`Run ID: ${runId()}`);
		expect(storageRequests()).toHaveLength(1);
	});

	it('ends in the middle of a file too once Stop is pressed', async () => {
		bench.sandbox.configure({ outputBytes: 4_000_000 });
		bench.sandbox.addFault({ match: GET_FILE, kind: 'slow', overMs: 60_000 });
		const running = bench.engine.start(wanWorkflow(edit));
		await until(() => storageRequests().some(({ status }) => status === 200));
		running.stop();
		const outcome = await running.outcome;
		expect(outcome.status).toBe('canceled');
		expect(outcome.error?.message).toContain('the download was canceled');
	});
});

it('never shows the API key to a storage, item or error', async () => {
	await keepBinaryData('default');
	bench.sandbox.configure({ outputUrlTtlMs: 0 });
	bench.sandbox.addFault({ match: { ...GET_FILE, nth: 3 }, kind: 'status', status: 500, times: 3 });
	const outcome = await bench.run(edit, [{}, {}], { onError: 'continueErrorOutput' });
	const { apiKey } = bench.sandbox;
	expect(outcome.items(WAN, 0).length + outcome.items(WAN, 1).length).toBe(2);
	expect(JSON.stringify([outcome.items(WAN, 0), outcome.items(WAN, 1)])).not.toContain(apiKey);
	expect(storageRequests().length).toBeGreaterThanOrEqual(4);
	expect(JSON.stringify(storageRequests())).not.toContain(apiKey);
	for (const { headers } of storageRequests()) expect(headers).not.toHaveProperty('authorization');
});

describe('One Item per Output', () => {
	const split = (parameters: INodeParameters) => ({
		...parameters,
		options: { pollingInterval: 0.02, splitOutputs: true, outputPropertyName: 'picture' },
	});

	it('gives each output as an item, with its file in the same field and a link to its input item', async () => {
		const outcome = await bench.run(split({ ...edit, numberOfImages: 2 }), [{}, {}]);
		const items = outcome.items(WAN);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 0, 1, 1].map((item) => ({ item })),
		);
		const [first, second] = bench.sandbox.acceptedRuns().map(({ id }) => id);
		expect(items.map(({ json }) => json.id).sort()).toEqual([first, first, second, second].sort());
		for (const [index, { json, binary = {} }] of items.entries()) {
			expect(json.output_item).toEqual((json.outputs as unknown[])[index % 2]);
			expect(Object.keys(binary)).toEqual(['picture']);
			const { url: link } = json.output_item as { url: string };
			const linkedTo = Buffer.from(await (await fetch(link)).arrayBuffer());
			expect((await bytesOf(binary.picture)).equals(linkedTo)).toBe(true);
		}
	});

	it('gives only the links when nothing is downloaded, also for the raw record', async () => {
		const parameters = { ...edit, numberOfImages: 2, downloadOutputs: false, simplify: false };
		const items = (await bench.run(split(parameters))).items(WAN);
		expect(items.map((item) => 'binary' in item)).toEqual([false, false]);
		const { outputs } = items[0]?.json.output as { outputs: { url: string }[] };
		expect(items.map(({ json }) => (json.output_item as { url: string }).url)).toEqual(
			outputs.map(({ url: link }) => link),
		);
	});

	it('gives one item where the node does not wait', async () => {
		const parameters = split({ ...edit, completion: 'immediately' });
		expect(only(await bench.run(parameters)).json).not.toHaveProperty('output_item');
	});

	it('sends a failed item to the error output, once', async () => {
		bench.sandbox.configure({
			outcomeFor: ({ input }) => (input.prompt === 'bad' ? 'failed' : 'succeeded'),
		});
		const items = [{ prompt: 'bad' }, { prompt: 'good' }];
		const settings: NodeSettings = { onError: 'continueErrorOutput' };
		const outcome = await bench.run(split({ ...edit, numberOfImages: 2 }), items, settings);
		expect(outcome.items(FAILED).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }]);
		expect(outcome.items(WAN).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 1 },
			{ item: 1 },
		]);
	});
});
