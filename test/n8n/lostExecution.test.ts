import { setTimeout as sleep } from 'node:timers/promises';

import {
	AFTER,
	makeAppFlow,
	newestExecution,
	prompts,
	single,
	type AppFlow,
} from '../bench/appFlow';
import { until } from '../until';
import type { Demo } from './demo';
import { retryExecution, waitForExecution, type Execution } from './executions';
import { makeTemporaryFolder } from './temporaryFolder';
import { START_TIMEOUT_MS, startTestDemo } from './testDemo';
import { node, withCredential } from './workflows';

const EDIT = 'Edit';
const ITEMS = prompts(10, 'lost');

/** What has been set up, to be undone in the opposite order. */
const cleanups: (() => Promise<void>)[] = [];
let demo: Demo;
let flow: AppFlow;
/** The execution that n8n is stopped in the middle of. */
let lost: string;
/** Whether Runflow's list of runs answers with an error. */
let isUnreadable = false;

beforeAll(async () => {
	const { folder, remove } = await makeTemporaryFolder('lost');
	cleanups.push(remove);
	// n8n gives executions this long to end, in seconds, before it stops without them.
	demo = await startTestDemo(folder, { manual: true }, { N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '3' });
	cleanups.push(async () => {
		await demo.stop();
	});
	demo.sandbox.addFault({
		kind: 'status',
		status: 500,
		times: Infinity,
		match: { method: 'GET', path: /^\/v1\/runs$/, where: () => isUnreadable },
	});

	const value = demo.sandbox.sampleUrl('sneaker.png');
	const edit = node(EDIT, 'n8n-nodes-runflow.wan27', {
		parameters: {
			operation: 'proEdit',
			prompt: '={{ $json.prompt }}',
			images: { image: [{ source: { __rl: true, mode: 'url', value } }] },
			options: { pollingInterval: 1 },
		},
	});
	const { nodes } = withCredential({ name: '', nodes: [edit], connections: {} }, demo.credential);
	flow = await makeAppFlow(demo, 'Lost', 'onReceived', single(nodes[0] ?? edit));
	lost = await start();
	await until(() => paid() === 10);
	const before = countReads();
	await until(() => countReads() > before);
	await demo.n8n.stop();
	await demo.startAgain();
}, START_TIMEOUT_MS);

afterAll(async () => {
	for (const cleanUp of cleanups.reverse()) await cleanUp();
});

/** Starts an execution with all items; returns its id. */
async function start(): Promise<string> {
	const known = await newestExecution(demo, flow);
	await flow.post(ITEMS);
	for (;;) {
		const newest = await newestExecution(demo, flow);
		if (newest !== undefined && newest.id !== known?.id) return newest.id;
		await sleep(50);
	}
}

function paid(): number {
	return demo.sandbox.acceptedRuns().length;
}

/** How often runs have been read. */
function countReads(): number {
	return demo.sandbox.requests.filter(
		({ method, path }) => method === 'GET' && path.startsWith('/v1/runs'),
	).length;
}

/** Waits until all items have a run and these are read, then ends them. */
async function finishAll(runs: number): Promise<void> {
	const before = countReads();
	await until(() => paid() === runs && countReads() > before + 1);
	for (const { id } of demo.sandbox.acceptedRuns()) demo.sandbox.finishRun(id);
}

/** The prompts of the runs whose results an execution has passed on. */
function delivered({ nodes }: Execution): unknown[] {
	const runs = new Map(demo.sandbox.acceptedRuns().map(({ id, input }) => [id, input.prompt]));
	return (nodes[AFTER]?.outputs.flat() ?? []).map(
		({ json }) => json.status === 'succeeded' && runs.get(String(json.id)),
	);
}

it('pays nothing again when an execution of ten items that n8n was stopped in is retried', async () => {
	expect((await waitForExecution(demo.session, lost)).status).toBe('crashed');

	isUnreadable = true;
	const refused = await retryExecution(demo.session, lost);
	const { status, error } = await waitForExecution(demo.session, refused);
	expect({ status, message: error?.message }).toEqual({
		status: 'error',
		message: expect.stringContaining(
			'It is not known whether the lost execution has started the run',
		) as unknown,
	});
	expect(demo.sandbox.posts()).toHaveLength(10);
	isUnreadable = false;

	const [retried] = await Promise.all([retryExecution(demo.session, refused), finishAll(10)]);
	expect(delivered(await waitForExecution(demo.session, retried))).toEqual(ITEMS);
	expect(demo.sandbox.posts()).toHaveLength(10);
});

it('pays for ten runs more when the same items are executed again', async () => {
	const [again] = await Promise.all([start(), finishAll(20)]);
	expect(delivered(await waitForExecution(demo.session, again))).toEqual(ITEMS);
	expect(demo.sandbox.posts()).toHaveLength(20);
});
