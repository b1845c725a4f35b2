import { setTimeout as sleep } from 'node:timers/promises';

import { ENDED, readExecution, retryExecution, stopExecution, type Item } from '../n8n/executions';
import { START_TIMEOUT_MS, testProgress } from '../n8n/testDemo';
import { node } from '../n8n/workflows';
import { startCluster, type Cluster } from './cluster';
import {
	editNode,
	executionsIn,
	goLive,
	makeFlow,
	through,
	untilRegistered,
	waitUntil,
	type Flow,
} from './flow';
import { isProductionWebhook } from './front';
import { describeTrigger } from './triggerSuite';

/** How long a few executions may take on a busy machine, in milliseconds. */
const DEADLINE_MS = 90_000;

let cluster: Cluster;
/** An execution whose wait runs out: n8n checks for these once a minute, so it is started before all else. */
let shortWait: Flow;

beforeAll(async () => {
	cluster = await startCluster({
		progress: testProgress,
		workers: 2,
		sandbox: { manual: true, callbackRetryDelaysMs: [], callbackTimeoutMs: DEADLINE_MS },
	});
	shortWait = await makeFlow(
		cluster,
		editNode(cluster, { completion: 'callback', options: { maximumWait: 0.05 } }),
		through('After'),
	);
	await shortWait.post(['too late']);
	await waiting(shortWait, 1);
}, START_TIMEOUT_MS);

let normalRoute: Cluster['route'];
beforeEach(() => {
	normalRoute = cluster.route;
});

afterEach(() => {
	cluster.route = normalRoute;
	cluster.sandbox.configure({ manual: true, callbackCopies: 1, idempotency: 'ignored' });
});

afterAll(async () => {
	await cluster.stop();
});

/** Sends production webhooks to the webhook process and to main in turn, as two webhook processes would get them. */
function alternate(): void {
	let count = 0;
	cluster.route = (path) => {
		if (!isProductionWebhook(path)) return cluster.main.url;
		count += 1;
		return count % 2 === 0 ? cluster.main.url : cluster.webhook.url;
	};
}

async function ended(
	{ workflow }: Pick<Flow, 'workflow'>,
	count: number,
): Promise<{ id: string; status: string }[]> {
	return await executionsIn(cluster.session, workflow, {
		count,
		statuses: ENDED,
		deadlineMs: DEADLINE_MS,
	});
}

async function waiting({ workflow }: Pick<Flow, 'workflow'>, count: number): Promise<string[]> {
	const all = await executionsIn(cluster.session, workflow, {
		count,
		statuses: [...ENDED, 'waiting'],
		deadlineMs: DEADLINE_MS,
	});
	expect(all.map(({ status }) => status)).toEqual(all.map(() => 'waiting'));
	return all.map(({ id }) => id);
}

/** How often each worker has begun with an execution: at its start, and each time that it resumed. */
function startsByWorker(executionId: string): number[] {
	const line = `Worker started execution ${executionId} (`;
	return cluster.workers.map((worker) => worker.logs().split(line).length - 1);
}

function total(counts: number[]): number {
	return counts.reduce((sum, count) => sum + count, 0);
}

function runsOf(...prompts: string[]): string[] {
	return prompts.flatMap((prompt) =>
		cluster.sandbox
			.acceptedRuns()
			.filter(({ input }) => input.prompt === prompt)
			.map(({ id }) => id),
	);
}

/** What the receiver answered to each callback of a run. */
function answersFor(...runIds: string[]): number[] {
	return runIds.flatMap((runId) =>
		cluster.sandbox
			.deliveries(runId)
			.flatMap(({ attempts }) =>
				attempts.map(({ result }) => (result.kind === 'answered' ? result.status : 0)),
			),
	);
}

async function itemsAfter(executionId: string, name = 'After'): Promise<Item[]> {
	const { nodes } = await readExecution(cluster.session, executionId);
	expect(nodes[name]?.runs).toBe(1);
	return nodes[name]?.outputs[0] ?? [];
}

/** The file that n8n has kept, and the one that Runflow shows. */
async function bytesOf(item: Item | undefined): Promise<{ kept: Buffer; made: Buffer }> {
	const id = String(item?.binary?.data?.id);
	expect(id).toMatch(/^database:/);
	const [output] = item?.json.outputs as { url: string }[];
	const kept = await fetch(
		`${cluster.front.url}/rest/binary-data?id=${encodeURIComponent(id)}&action=download`,
		{ headers: cluster.session.headers() },
	);
	const made = await fetch(output?.url ?? '');
	expect([kept.status, made.status]).toEqual([200, 200]);
	return {
		kept: Buffer.from(await kept.arrayBuffer()),
		made: Buffer.from(await made.arrayBuffer()),
	};
}

describe('each completion', () => {
	it.each([
		['immediately', 1, 'queued'],
		['polling', 1, 'succeeded'],
		['callback', 2, 'succeeded'],
	])(
		'"%s": the workers run it, the items come in their order, each is paid once',
		async (completion, starts, status) => {
			cluster.sandbox.configure({
				manual: false,
				runDurationMs: ({ index }) => 2500 + 300 * (index % 5),
			});
			const flow = await makeFlow(
				cluster,
				editNode(cluster, { completion, options: { pollingInterval: 1 } }),
				through('After'),
			);
			const paid = cluster.sandbox.acceptedRuns().length;
			const prompts = Array.from({ length: 4 }, (_, execution) =>
				// From four images on, an execution on callback would stay awake for them.
				Array.from({ length: 3 }, (__, item) => `${completion} ${execution}.${item}`),
			);
			for (const some of prompts) await flow.post(some);
			const executions = await ended(flow, 4);
			expect(executions.map((one) => one.status)).toEqual(executions.map(() => 'success'));
			const outputs = await Promise.all(executions.map(async ({ id }) => await itemsAfter(id)));
			expect(outputs.map((items) => items.map(({ json }) => [json.id, json.status]))).toEqual(
				prompts.map((some) => runsOf(...some).map((id) => [id, status])),
			);
			expect(cluster.sandbox.acceptedRuns().length - paid).toBe(12);
			expect(executions.map(({ id }) => total(startsByWorker(id)))).toEqual(
				executions.map(() => starts),
			);
			await cluster.sandbox.idle();
		},
	);
});

describe('callbacks', () => {
	it('at the same moment at two processes resume each execution once', async () => {
		const flow = await makeFlow(
			cluster,
			editNode(cluster, { completion: 'callback' }),
			through('After'),
		);
		const prompts = Array.from({ length: 8 }, (_, execution) =>
			Array.from({ length: 3 }, (__, item) => `same moment ${execution}.${item}`),
		);
		for (const some of prompts) await flow.post(some);
		const ids = await waiting(flow, 8);
		alternate();
		cluster.sandbox.configure({ callbackCopies: 2 });
		for (const runId of prompts.flatMap((some) => runsOf(...some))) {
			cluster.sandbox.finishRun(runId);
		}
		const executions = await ended(flow, 8);
		await cluster.sandbox.idle();
		expect(executions.map(({ id, status }) => ({ id, status }))).toEqual(
			ids.map((id) => ({ id, status: 'success' })),
		);
		const outputs = await Promise.all(ids.map(async (id) => await itemsAfter(id)));
		expect(outputs.map((items) => items.map(({ json }) => json.id))).toEqual(
			prompts.map((some) => runsOf(...some)),
		);
		expect(ids.map((id) => total(startsByWorker(id)))).toEqual(ids.map(() => 2));
		const answers = answersFor(...prompts.flatMap((some) => runsOf(...some)));
		expect(answers).toHaveLength(48);
		const tally = [...new Set(answers)].map(
			(status) => `${answers.filter((one) => one === status).length} × ${status}`,
		);
		process.stderr.write(`    48 callbacks were answered: ${tally.join(', ')}\n`);
	});

	it('do not undo later work when one takes long at one process', async () => {
		const second = editNode(cluster, { completion: 'callback', prompt: 'second' });
		const flow = await makeFlow(
			cluster,
			editNode(cluster, { completion: 'callback', downloadOutputs: true }),
			{ ...second, name: 'Edit again' },
			through('After'),
		);
		await flow.post(['first']);
		const [id = ''] = await waiting(flow, 1);
		alternate();
		// Both processes fetch the picture; one gets it 8 s later than the other.
		cluster.sandbox.addFault({
			kind: 'slow',
			overMs: 8000,
			match: { host: 'storage', method: 'GET', path: '/outputs/' },
		});
		cluster.sandbox.configure({ callbackCopies: 2 });
		cluster.sandbox.finishRun(runsOf('first')[0] ?? '');
		await waitUntil(DEADLINE_MS, () => runsOf('second').length === 1);
		// Until the slow one is answered and its files are there.
		await sleep(12_000);
		for (const runId of runsOf('second')) cluster.sandbox.finishRun(runId);
		await ended(flow, 1);
		expect(runsOf('second')).toHaveLength(1);
		expect((await itemsAfter(id)).map(({ json }) => json.id)).toEqual(runsOf('second'));
	});

	it('leave a Wait node behind it alone, and so do our own late reads', async () => {
		const flow = await makeFlow(
			cluster,
			editNode(cluster, { completion: 'callback' }),
			node('Approval', 'n8n-nodes-base.wait', {
				typeVersion: 1.1,
				parameters: { resume: 'webhook', httpMethod: 'POST', options: {} },
				webhookId: '7b1d2c3b-0000-4000-a000-000000000001',
			}),
			through('After'),
		);
		await flow.post(['approved']);
		const [id = ''] = await waiting(flow, 1);
		const [runId = ''] = runsOf('approved');
		cluster.sandbox.finishRun(runId);
		await waitUntil(20_000, () => total(startsByWorker(id)) === 2);
		await cluster.sandbox.idle();
		// The node reads its runs 3, 15 and 60 s after it was suspended, and finds that they have ended.
		const countReads = () =>
			cluster.sandbox.requests.filter(({ path }) => path === `/v1/runs/${runId}`).length;
		const before = countReads();
		await waitUntil(30_000, () => countReads() > before);
		// Any effect of that read is there a moment later.
		await sleep(5000);
		expect((await readExecution(cluster.session, id)).status).toBe('waiting');
		expect(total(startsByWorker(id))).toBe(2);
	});

	it('of a failed run end the execution with an error; its Retry starts only that run again', async () => {
		const flow = await makeFlow(
			cluster,
			editNode(cluster, { completion: 'callback' }),
			through('After'),
		);
		await flow.post(['retried good', 'retried bad']);
		const [id = ''] = await waiting(flow, 1);
		cluster.sandbox.finishRun(runsOf('retried good')[0] ?? '');
		cluster.sandbox.finishRun(runsOf('retried bad')[0] ?? '', 'failed');
		const [failed] = await ended(flow, 1);
		expect(failed?.status).toBe('error');
		const retried = await retryExecution(cluster.session, id);
		const [, again = ''] = runsOf('retried bad');
		cluster.sandbox.finishRun(again);
		await ended(flow, 2);
		expect((await itemsAfter(retried)).map(({ json }) => [json.id, json.status])).toEqual([
			[runsOf('retried good')[0], 'succeeded'],
			[again, 'succeeded'],
		]);
		expect(runsOf('retried good', 'retried bad')).toHaveLength(3);
	});
});

describe('Stop', () => {
	// n8n 2.40.7 does not notify the worker where another process, such as the webhook process, has started it.
	it('ends the polling in a worker, of an execution that main has started', async () => {
		cluster.route = () => cluster.main.url;
		const flow = await makeFlow(
			cluster,
			editNode(cluster, { completion: 'polling', options: { pollingInterval: 1 } }),
			through('After'),
		);
		const countReads = (prompt: string) => {
			const [runId = ''] = runsOf(prompt);
			return cluster.sandbox.requests.filter(({ path }) => path === `/v1/runs/${runId}`).length;
		};
		await flow.post(['stopped']);
		const [{ id } = { id: '' }] = await executionsIn(cluster.session, flow.workflow, {
			count: 1,
			statuses: ['new', 'running'],
			deadlineMs: DEADLINE_MS,
		});
		await waitUntil(DEADLINE_MS, () => countReads('stopped') > 0);
		await stopExecution(cluster.session, id);
		await ended(flow, 1);
		// Another execution's reads are the clock.
		const clock = await makeFlow(
			cluster,
			editNode(cluster, { completion: 'polling', options: { pollingInterval: 1 } }),
		);
		await clock.post(['clock']);
		await waitUntil(DEADLINE_MS, () => countReads('clock') > 0);
		const before = countReads('stopped');
		await waitUntil(DEADLINE_MS, () => countReads('clock') > 3);
		expect(countReads('stopped')).toBe(before);
		cluster.sandbox.finishRun(runsOf('clock')[0] ?? '');
		await ended(clock, 1);
		expect((await readExecution(cluster.session, id)).status).toBe('canceled');
		cluster.sandbox.finishRun(runsOf('stopped')[0] ?? '');
	});
});

describe('files', () => {
	it('that come in at the webhook process are uploaded by a worker, once and unchanged', async () => {
		const photo = await (await fetch(cluster.sandbox.sampleUrl('sneaker.png'))).arrayBuffer();
		const { workflow, url } = await goLive(
			cluster,
			editNode(cluster, {
				completion: 'callback',
				prompt: 'photo',
				images: { image: [{ source: { __rl: true, mode: 'binary', value: 'data' } }] },
			}),
			through('After'),
		);
		await untilRegistered(url);
		const uploads = cluster.sandbox.uploads().length;
		const headers = { 'content-type': 'image/png' };
		const answer = await fetch(url, { method: 'POST', headers, body: photo });
		expect(answer.status).toBe(200);
		const [id = ''] = await waiting({ workflow }, 1);
		cluster.sandbox.finishRun(runsOf('photo')[0] ?? '');
		await ended({ workflow }, 1);
		expect((await itemsAfter(id)).map(({ json }) => json.id)).toEqual(runsOf('photo'));
		const made = cluster.sandbox.uploads().slice(uploads);
		const sent = Buffer.from(photo);
		expect(made.map(({ bytes }) => bytes !== null && sent.equals(bytes))).toEqual([true]);
	});

	it.each(['polling', 'callback'])(
		'that a run has made are in the database: completion "%s"',
		async (completion) => {
			const flow = await makeFlow(
				cluster,
				editNode(cluster, {
					completion,
					downloadOutputs: true,
					options: { pollingInterval: 1 },
				}),
				through('After'),
			);
			const prompt = `downloaded ${completion}`;
			await flow.post([prompt]);
			if (completion === 'callback') await waiting(flow, 1);
			else await waitUntil(DEADLINE_MS, () => runsOf(prompt).length === 1);
			cluster.sandbox.finishRun(runsOf(prompt)[0] ?? '');
			const [execution] = await ended(flow, 1);
			const [item] = await itemsAfter(execution?.id ?? '');
			const { kept, made } = await bytesOf(item);
			expect(Buffer.compare(kept, made)).toBe(0);
			expect(kept.length).toBeGreaterThan(100);
		},
	);
});

describe('Runflow Trigger', () => {
	describeTrigger(() => cluster);
});

describe('a wait for a callback that runs out', () => {
	it('resumes in a worker with the run, marked as such', async () => {
		const [execution] = await executionsIn(cluster.session, shortWait.workflow, {
			count: 1,
			statuses: ENDED,
			deadlineMs: 90_000,
		});
		expect(execution?.status).toBe('success');
		const items = await itemsAfter(execution?.id ?? '');
		expect(items.map(({ json }) => [json.id, json.status, json.timed_out])).toEqual([
			[runsOf('too late')[0], 'queued', true],
		]);
		expect(total(startsByWorker(execution?.id ?? ''))).toBe(2);
		expect(runsOf('too late')).toHaveLength(1);
	});
});
