import type { INodeExecutionData } from 'n8n-workflow';

import { bytesOf } from '../../engine/binaryData';
import type { Fault } from '../../sandbox';
import { until } from '../../until';
import { CALLBACK, PARAMETERS, useTrigger } from './context';

const bench = useTrigger();

// What is fetched is tried three times within a second.
jest.setTimeout(60_000);

function set(options: Record<string, unknown>): void {
	bench.host.parameters = { ...PARAMETERS, options: options as never };
}

/** The items of the only execution. */
function items(): INodeExecutionData[] {
	expect(bench.host.executions).toHaveLength(1);
	return bench.host.executions[0]?.items ?? [];
}

function sent(): Record<string, unknown> {
	return JSON.parse(bench.sandbox.deliveries()[0]?.body.toString() ?? '{}') as never;
}

const FOUR = {
	input: { prompt: 'Blue', image_urls: ['https://example.com/1.png'], num_images: 4 },
};

describe('the item', () => {
	it('is the callback as it came', async () => {
		await bench.run('succeeded', { metadata: { order: { number: 1001 } } });
		expect(items()).toEqual([{ json: sent(), pairedItem: { item: 0 } }]);
		expect(sent()).toMatchObject({ metadata: { order: { number: 1001 } } });
	});

	it('has numbers beyond 2^53 as the text that they were written as, and smaller ones as numbers', async () => {
		const numbers = '{"id":1099511627776123457,"cents":-9007199254740993,"count":9007199254740991}';
		const body = JSON.stringify({ ...CALLBACK, metadata: 'here' }).replace('"here"', numbers);
		await bench.send(body);
		const metadata = {
			id: '1099511627776123457',
			cents: '-9007199254740993',
			count: 9007199254740991,
		};
		expect(items()).toEqual([{ json: { ...CALLBACK, metadata }, pairedItem: { item: 0 } }]);
	});

	it('has them in the full run too', async () => {
		set({ fullRun: true });
		bench.sandbox.addFault({
			kind: 'status',
			status: 200,
			body: '{"id":"a","status_code":"succeeded","metadata":{"id":1099511627776123457}}' as never,
			match: { method: 'GET', path: /^\/v1\/runs\/[^/]+$/ },
		});
		await bench.send(CALLBACK);
		expect(items()[0]?.json.run).toEqual({
			id: 'a',
			status_code: 'succeeded',
			metadata: { id: '1099511627776123457' },
		});
	});

	it('has the request id on request', async () => {
		set({ includeRequestId: true });
		await bench.run();
		expect(items()[0]?.json).toEqual({
			...sent(),
			request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
		});
	});

	it('has null as request id where none came', async () => {
		set({ includeRequestId: true });
		await bench.send(CALLBACK);
		expect(items()[0]?.json).toEqual({ ...CALLBACK, request_id: null });
	});

	it('has the full run on request: failure and cost', async () => {
		set({ fullRun: true });
		const id = await bench.run('failed');
		const { run, ...callback } = items()[0]?.json ?? {};
		expect(callback).toEqual(sent());
		expect(run).toMatchObject({
			id,
			status_code: 'failed',
			failure_message: expect.any(String) as unknown,
			input: expect.any(Object) as unknown,
		});
	});
});

describe('one item per output', () => {
	it('has the callback and one output each', async () => {
		set({ splitOutputs: true });
		await bench.run('succeeded', FOUR);
		const { outputs } = sent().output as { outputs: { url: string }[] };
		expect(outputs).toHaveLength(4);
		expect(items().map(({ json }) => json)).toEqual(
			outputs.map(({ url }) => ({
				...sent(),
				output_item: { url, type: 'image', width: 1024, height: 1024 },
			})),
		);
	});

	it('is one item with null where there is no output', async () => {
		set({ splitOutputs: true, downloadOutputs: true });
		await bench.run('canceled');
		expect(items().map(({ json }) => json)).toEqual([{ ...sent(), output_item: null }]);
	});
});

describe('downloaded outputs', () => {
	it('are in binary fields of the item', async () => {
		set({ downloadOutputs: true, outputPropertyName: 'picture' });
		await bench.run('succeeded', FOUR);
		const [item, ...more] = items();
		expect(more).toEqual([]);
		expect(item?.json).toEqual(sent());
		expect(Object.keys(item?.binary ?? {})).toEqual([
			'picture',
			'picture_1',
			'picture_2',
			'picture_3',
		]);
		expect(item?.binary?.picture).toMatchObject({ mimeType: 'image/png' });
		const bytes = await bytesOf(item?.binary?.picture);
		expect(bytes.subarray(1, 4).toString()).toBe('PNG');
	});

	it('are in the same field of an item each', async () => {
		set({ downloadOutputs: true, splitOutputs: true });
		await bench.run('succeeded', FOUR);
		expect(items().map(({ binary }) => Object.keys(binary ?? {}))).toEqual([
			['data'],
			['data'],
			['data'],
			['data'],
		]);
		const files = await Promise.all(items().map(async ({ binary }) => await bytesOf(binary?.data)));
		expect(new Set(files.map((bytes) => bytes.toString('base64'))).size).toBe(4);
	});

	it('are downloaded although their links have expired: the run is read for new ones', async () => {
		set({ downloadOutputs: true });
		const id = await bench.start();
		bench.sandbox.configure({ outputUrlTtlMs: 0 });
		bench.sandbox.finishRun(id);
		bench.sandbox.configure({ outputUrlTtlMs: 60_000 });
		await until(() => bench.sandbox.deliveries().every(({ status }) => status !== 'pending'));
		expect(items()[0]?.binary?.data).toMatchObject({ mimeType: 'image/png' });
		expect(items()[0]?.json).toEqual(sent());
	});

	it('are not requested where a run has none', async () => {
		set({ downloadOutputs: true });
		await bench.run('failed');
		expect(items()[0]).toEqual({ json: sent(), pairedItem: { item: 0 } });
		expect(bench.sandbox.requests.filter(({ host }) => host === 'storage')).toEqual([]);
	});

	it('are not requested where only the full run is chosen', async () => {
		set({ fullRun: true });
		await bench.run();
		expect(items()[0]).not.toHaveProperty('binary');
		expect(bench.sandbox.requests.filter(({ host }) => host === 'storage')).toEqual([]);
	});

	it('are not requested of a batch, and neither is its full run, which it does not have', async () => {
		set({ downloadOutputs: true, fullRun: true });
		const batch = { event: 'batch.succeeded', batch_id: 'b1', output: { url: 'https://x.test/' } };
		await bench.send(batch);
		expect(items()[0]?.json).toEqual(batch);
		expect(items()[0]?.json).not.toHaveProperty('run');
		expect(bench.sandbox.requests).toEqual([]);
	});
});

describe('downloaded outputs of an unsigned callback', () => {
	function acceptUnsigned(options: Record<string, unknown>): void {
		set(options);
		bench.host.parameters = { ...bench.host.parameters, acceptUnsigned: true };
		bench.host.credential = { ...bench.host.credential, callbackSecrets: '' };
	}

	it('are those of the run, and no link of the callback is followed', async () => {
		acceptUnsigned({ downloadOutputs: true });
		const id = await bench.start({ callback_url: 'http://127.0.0.1:1/nowhere' });
		bench.sandbox.finishRun(id, 'succeeded');
		const url = bench.sandbox.sampleUrl('sneaker.png');
		const forged = { ...CALLBACK, run_id: id, output: { outputs: [{ url, type: 'image' }] } };
		expect((await bench.send(forged)).status).toBe(200);
		expect(items()[0]?.binary?.data).toMatchObject({ mimeType: 'image/png' });
		const paths = bench.sandbox.requests.map(({ path }) => path);
		expect(paths).not.toContain(new URL(url).pathname);
		expect(paths.filter((path) => path.startsWith('/outputs/'))).toHaveLength(1);
	});

	it('start nothing where the run cannot be read', async () => {
		acceptUnsigned({ downloadOutputs: true });
		const url = bench.sandbox.sampleUrl('sneaker.png');
		const forged = { ...CALLBACK, output: { outputs: [{ url, type: 'image' }] } };
		expect((await bench.send(forged)).status).toBe(503);
		expect(bench.host.executions).toEqual([]);
		expect(bench.sandbox.requests.map(({ path }) => path)).not.toContain(new URL(url).pathname);
	});
});

const FILE = { host: 'storage', method: 'GET' } as const;

describe('downloaded outputs that no repetition would bring', () => {
	/** Public, so that nothing on this machine may be linked to. */
	const baseUrl = 'https://api.runflow.example';

	it.each<[string, () => string, string]>([
		[
			'a link into a private network',
			() => bench.sandbox.sampleUrl('sneaker.png'),
			'its link leads into a private network',
		],
		[
			'a link that is not a web address',
			() => 'file:///etc/passwd',
			'its link is not a web address',
		],
	])('do not keep the workflow from starting: %s', async (_what, url, problem) => {
		set({ downloadOutputs: true, splitOutputs: true });
		bench.host.credential = { ...bench.host.credential, baseUrl };
		const output = { outputs: [{ url: url(), type: 'image' }] };
		expect((await bench.send({ ...CALLBACK, output })).status).toBe(200);
		expect(items()).toEqual([
			{
				json: { ...CALLBACK, output, output_item: { url: url(), type: 'image' } },
				pairedItem: { item: 0 },
			},
		]);
		expect(bench.host.logs).toEqual([
			`"Runflow Trigger" starts the workflow without a file. Output 1 of 1 could not be downloaded: ${problem}`,
		]);
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('do not keep the others away, each in the field that is its own', async () => {
		set({ downloadOutputs: true });
		const first = bench.sandbox.sampleUrl('sneaker.png');
		const last = bench.sandbox.sampleUrl('clip.mp4');
		const outputs = [first, 'file:///etc/passwd', last].map((url) => ({ url, type: 'image' }));
		expect((await bench.send({ ...CALLBACK, output: { outputs } })).status).toBe(200);
		expect(Object.keys(items()[0]?.binary ?? {})).toEqual(['data', 'data_2']);
		expect(items()[0]?.binary?.data_2).toMatchObject({ mimeType: 'video/mp4' });
		expect(bench.host.logs).toEqual([
			'"Runflow Trigger" starts the workflow without a file. Output 2 of 3 could not be downloaded: its link is not a web address',
		]);
	});

	it('start it once they are met, though another one does not come either', async () => {
		set({ downloadOutputs: true });
		const last = bench.sandbox.sampleUrl('clip.mp4');
		const outputs = ['file:///etc/passwd', last].map((url) => ({ url, type: 'image' }));
		bench.sandbox.addFault({ kind: 'status', status: 500, match: FILE, times: Infinity });
		expect((await bench.send({ ...CALLBACK, output: { outputs } })).status).toBe(200);
		expect(items()).toHaveLength(1);
		expect(items()[0]).not.toHaveProperty('binary');
		expect(bench.host.logs).toEqual([
			'"Runflow Trigger" starts the workflow without a file. Output 1 of 2 could not be downloaded: its link is not a web address',
			'"Runflow Trigger" starts the workflow without a file. Output 2 of 2 could not be downloaded: the storage answered with HTTP status 500',
		]);
	});

	it('are reported only where the workflow starts', async () => {
		set({ downloadOutputs: true });
		const first = bench.sandbox.sampleUrl('clip.mp4');
		const outputs = [first, 'file:///etc/passwd'].map((url) => ({ url, type: 'image' }));
		bench.sandbox.addFault({ kind: 'status', status: 500, match: FILE, times: 3 });
		expect((await bench.send({ ...CALLBACK, output: { outputs } })).status).toBe(503);
		expect(bench.host.logs).toEqual([expect.stringContaining('refused a callback') as unknown]);
		expect((await bench.send({ ...CALLBACK, output: { outputs } })).status).toBe(200);
		expect(Object.keys(items()[0]?.binary ?? {})).toEqual(['data']);
		expect(bench.host.logs[1]).toContain('starts the workflow without a file. Output 2 of 2');
	});

	it('are not reported one by one where they are too many', async () => {
		set({ downloadOutputs: true });
		const url = bench.sandbox.sampleUrl('sneaker.png');
		const outputs = Array.from({ length: 101 }, () => ({ url, type: 'image' }));
		expect((await bench.send({ ...CALLBACK, output: { outputs } })).status).toBe(200);
		expect(items()[0]).not.toHaveProperty('binary');
		expect(bench.host.logs).toEqual([
			'"Runflow Trigger" starts the workflow without a file. Output 1 of 101 could not be downloaded: no more than 100 are downloaded',
		]);
		expect(bench.sandbox.requests).toEqual([]);
	});
});

describe('what cannot be fetched', () => {
	const RUN = { host: 'api', method: 'GET' } as const;
	const UNFINISHED = JSON.stringify({ id: 'x', status_code: 'running' });
	const WITHOUT_RUN_ID = { ...CALLBACK, run_id: undefined };

	function attempts(): unknown[] {
		return bench.sandbox
			.deliveries()
			.flatMap(({ attempts: all }) =>
				all.map(({ result }) => ('status' in result ? result.status : result.error)),
			);
	}

	it.each<[string, Fault, RegExp]>([
		['the API is down', { kind: 'reset-before', match: RUN, times: 3 }, /did not answer/],
		['the API answers 500', { kind: 'status', status: 500, match: RUN, times: 3 }, /500/],
		['the key is refused', { kind: 'status', status: 401, match: RUN, times: 1 }, /401/],
		['a web page comes', { kind: 'html', match: RUN, times: 3 }, /200/],
		[
			'the run is not over',
			{ kind: 'wrong-json', body: UNFINISHED, match: RUN, times: 3 },
			/\(Runflow still reports the run as unfinished\)$/,
		],
		['the storage is down', { kind: 'reset-before', match: FILE, times: 3 }, /Output 1 of 1/],
	])(
		'gets 503 first, and starts the workflow with the next attempt: %s',
		async (_what, fault, log) => {
			set({ fullRun: true, downloadOutputs: true });
			bench.sandbox.addFault(fault);
			const id = await bench.run();
			expect(attempts()).toEqual([503, 200]);
			expect(items()[0]?.json).toMatchObject({ run_id: id, run: { id } });
			expect(bench.host.logs).toEqual([expect.stringMatching(log) as unknown]);
			expect(bench.host.logs[0]).not.toContain(bench.sandbox.apiKey);
		},
	);

	it('starts nothing where it stays so, and a person’s redelivery starts it', async () => {
		set({ fullRun: true });
		bench.sandbox.addFault({ kind: 'status', status: 401, match: RUN, times: 3 });
		const id = await bench.run('failed');
		expect(attempts()).toEqual([503, 503, 503]);
		expect(bench.host.executions).toEqual([]);
		await bench.redeliver(id);
		expect(items()[0]?.json).toMatchObject({ run_id: id });
	});

	it('waits for a run whose record is not over yet', async () => {
		set({ fullRun: true });
		bench.sandbox.addFault({ kind: 'wrong-json', body: UNFINISHED, match: RUN, times: 1 });
		await bench.run();
		expect(items()[0]?.json.run).toMatchObject({ status_code: 'succeeded', cost: '0.0750' });
		expect(attempts()).toEqual([200]);
	});

	it('starts and requests nothing when the callback has no run ID', async () => {
		set({ fullRun: true });
		expect((await bench.send(WITHOUT_RUN_ID)).status).toBe(503);
		expect(bench.host.executions).toEqual([]);
		expect(bench.sandbox.requests).toEqual([]);
		expect(bench.host.logs).toEqual([
			'"Runflow Trigger" refused a callback with 503: Not everything could be fetched yet (The callback has no run ID)',
		]);
	});

	it('reads no run for new links when the callback has no run ID', async () => {
		set({ downloadOutputs: true });
		const outputs = [{ url: bench.sandbox.sampleUrl('sneaker.png'), type: 'image' }];
		bench.sandbox.addFault({ kind: 'status', status: 403, match: FILE, times: Infinity });
		expect((await bench.send({ ...WITHOUT_RUN_ID, output: { outputs } })).status).toBe(503);
		expect(bench.sandbox.requests.map(({ host }) => host)).toEqual(['storage', 'storage']);
	});
});

describe('a sender that does not wait for the download', () => {
	it('repeats the delivery, which starts the workflow once', async () => {
		set({ downloadOutputs: true });
		bench.sandbox.configure({ callbackTimeoutMs: 1000, callbackCopies: 2 });
		bench.sandbox.addFault({ kind: 'slow', overMs: 2500, match: { host: 'storage' }, times: 1 });
		const id = await bench.start();
		bench.sandbox.finishRun(id);
		await until(() => bench.sandbox.deliveries().every(({ status }) => status !== 'pending'));
		await until(() => bench.host.executions.length > 0);
		expect(bench.sandbox.deliveries().flatMap(({ attempts }) => attempts).length).toBeGreaterThan(
			2,
		);
		const [delivery] = bench.sandbox.deliveries();
		expect((await bench.send(delivery?.body.toString() ?? '')).json).toEqual({
			message: 'Delivery already received',
		});
		expect(items()[0]?.binary?.data).toMatchObject({ mimeType: 'image/png' });
		expect(bench.sandbox.requests.filter(({ path }) => path.startsWith('/outputs/'))).toHaveLength(
			1,
		);
	});
});
