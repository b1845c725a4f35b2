import type { IDataObject } from 'n8n-workflow';

import { withoutQuery } from '../../../nodes/shared/values/address';
import { createEngine } from '../../engine/engine';
import { images, WAN, wanWorkflow } from '../../engine/workflows';
import { byId, RUNFLOW } from '../runflow/scene';
import { CALLBACK, PARAMETERS, useTrigger } from './context';

const bench = useTrigger();

// What is fetched is tried three times within a second.
jest.setTimeout(60_000);

function set(options: Record<string, unknown>): void {
	bench.host.parameters = { ...PARAMETERS, options: options as never };
}

/** The JSON of the items of the only execution. */
function items(): IDataObject[] {
	expect(bench.host.executions).toHaveLength(1);
	return bench.host.executions[0]?.items.map(({ json }) => json) ?? [];
}

function reads(): string[] {
	return bench.sandbox.requests
		.filter(({ method, host }) => method === 'GET' && host === 'api')
		.map(({ path }) => path);
}

/** The fields of a run with its links as they are before each read signs them again. */
function unsigned(run: IDataObject | undefined): IDataObject {
	const outputs = (run?.outputs ?? []) as { url: string }[];
	return { ...run, outputs: outputs.map((one) => ({ ...one, url: withoutQuery(one.url) })) };
}

/** What Run → Get, simplified, gives for the run. */
async function simplified(id: string): Promise<IDataObject> {
	const engine = await createEngine({ runflowApi: bench.host.credential ?? {} });
	const parameters = {
		resource: 'run',
		operation: 'get',
		runId: byId(id),
		downloadOutputs: false,
		simplify: true,
	};
	const outcome = await engine.run(wanWorkflow(parameters, [{}], RUNFLOW));
	expect(outcome.error).toBeUndefined();
	return unsigned(outcome.items(WAN)[0]?.json);
}

const FOUR = {
	input: { prompt: 'Blue', image_urls: ['https://example.com/1.png'], num_images: 4 },
};

it.each([
	['succeeded', 'run.completed'],
	['partial_succeeded', 'run.partial_succeeded'],
	['failed', 'run.failed'],
	['canceled', 'run.cancelled'],
] as const)(
	'gives the item of Run → Get with the event of a run that %s',
	async (outcome, event) => {
		set({ simplify: true });
		const id = await bench.run(outcome, { metadata: { order: '1001' }, client_ref: 'order-1001' });
		const [item, ...more] = items();
		expect(more).toEqual([]);
		expect(reads()).toEqual([`/v1/runs/${id}`]);
		expect(unsigned(item)).toEqual({ ...(await simplified(id)), event });
		expect(item).toMatchObject({ id, client_ref: 'order-1001', metadata: { order: '1001' } });
	},
);

it('gives the item of Wan 2.7 with the event', async () => {
	set({ simplify: true });
	const id = await bench.run();
	const engine = await createEngine({ runflowApi: bench.host.credential ?? {} });
	bench.sandbox.configure({ manual: false, runDurationMs: 0 });
	const outcome = await engine.run(
		wanWorkflow({
			operation: 'proEdit',
			completion: 'polling',
			prompt: 'Blue',
			images: images('https://example.com/1.png'),
		}),
	);
	bench.sandbox.configure({ manual: true });
	const made = outcome.items(WAN)[0]?.json ?? {};
	expect(Object.keys(items()[0] ?? {})).toEqual([...Object.keys(made), 'event']);
	expect(items()[0]).toMatchObject({ id, status: 'succeeded', cost: 0.075 });
});

it('adds the full run and the request ID on request, from one read', async () => {
	set({ simplify: true, fullRun: true, includeRequestId: true });
	const id = await bench.run('failed');
	expect(items()[0]).toMatchObject({
		id,
		event: 'run.failed',
		failure_message: expect.any(String) as unknown,
		request_id: expect.any(String) as unknown,
		run: { id, status_code: 'failed' },
	});
	expect(items()[0]).not.toHaveProperty('run_id');
	expect(reads()).toEqual([`/v1/runs/${id}`]);
});

it('gives an item per output, with its file', async () => {
	set({ simplify: true, splitOutputs: true, downloadOutputs: true });
	const id = await bench.run('succeeded', FOUR);
	expect(reads()).toEqual([`/v1/runs/${id}`]);
	expect(items()).toHaveLength(4);
	for (const [index, item] of items().entries()) {
		expect(item.output_item).toEqual((item.outputs as unknown[])[index]);
	}
	const files = bench.host.executions[0]?.items.map(({ binary }) => Object.keys(binary ?? {}));
	expect(files).toEqual([['data'], ['data'], ['data'], ['data']]);
});

it('leaves the callback of a batch as it came', async () => {
	set({ simplify: true });
	const batch = { event: 'batch.succeeded', batch_id: 'b1', output: { total: 2 } };
	await bench.send(batch);
	expect(items()).toEqual([batch]);
	expect(bench.sandbox.requests).toEqual([]);
});

it('starts nothing while the run cannot be read', async () => {
	set({ simplify: true });
	bench.sandbox.addFault({
		kind: 'status',
		status: 500,
		match: { host: 'api', method: 'GET' },
		times: 3,
	});
	const id = await bench.run();
	expect(bench.host.logs).toEqual([expect.stringContaining('500') as unknown]);
	expect(items()[0]).toMatchObject({ id, event: 'run.completed' });
});

describe('options', () => {
	it('add nothing when they are not chosen, though they start with true once they are', async () => {
		set({});
		await bench.send(CALLBACK);
		expect(items()).toEqual([CALLBACK]);
		expect(bench.host.executions[0]?.items[0]).not.toHaveProperty('binary');
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('add nothing when they are switched off', async () => {
		const off = { downloadOutputs: false, fullRun: false, includeRequestId: false };
		set({ ...off, simplify: false, splitOutputs: false });
		await bench.send(CALLBACK);
		expect(items()).toEqual([CALLBACK]);
		expect(bench.sandbox.requests).toEqual([]);
	});
});
