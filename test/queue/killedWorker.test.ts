import { ENDED, readExecution, retryExecution } from '../n8n/executions';
import { START_TIMEOUT_MS, testProgress } from '../n8n/testDemo';
import { startCluster, type Cluster } from './cluster';
import { editNode, executionsIn, makeFlow, through, waitUntil, type Flow } from './flow';

/** How many executions of one run each there are. 200: `KILLED_RUNS=200 npm run test:queue -- killedWorker`. */
const RUNS = Number(process.env.KILLED_RUNS ?? 24);

/** How long they may take on a busy machine, in milliseconds. */
const DEADLINE_MS = 120_000 + RUNS * 2000;

/** How many of each of two kinds the workers are in the middle of when one is killed: together they have 20 places. */
const AT_WORK = 8;
if (RUNS <= 2 * AT_WORK) throw new Error(`KILLED_RUNS must be more than ${2 * AT_WORK}.`);

const PROMPTS = {
	polled: prompts('polled', AT_WORK),
	suspended: prompts('suspended', RUNS - 2 * AT_WORK),
	suspending: prompts('suspending', AT_WORK),
};

let cluster: Cluster;
let flows: Record<keyof typeof PROMPTS, Flow>;
/** What became of each execution, by its id. */
let outcomes: Map<string, { status: string; message: string | undefined; items: unknown[] }>;
/** The executions that were suspended when the worker was killed. */
let suspendedThen: string[];
let killedLog: string;

beforeAll(
	async () => {
		cluster = await startCluster({
			progress: testProgress,
			workers: 2,
			sandbox: { manual: true },
			// How soon n8n notices that a worker is gone: 60, 10 and 30 s by default.
			env: {
				QUEUE_WORKER_LOCK_DURATION: '10000',
				QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
				QUEUE_WORKER_STALLED_INTERVAL: '5000',
				// As docs/queue-mode.md says: many callbacks come at once.
				N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
			},
		});
		const flow = async (completion: string) =>
			await makeFlow(
				cluster,
				editNode(cluster, {
					completion,
					options: { pollingInterval: 1, clientReference: '={{ $execution.id }}' },
				}),
				through('After'),
			);
		flows = {
			polled: await flow('polling'),
			suspended: await flow('callback'),
			suspending: await flow('callback'),
		};
		const send = async (kind: keyof typeof PROMPTS) => {
			for (const prompt of PROMPTS[kind]) await flows[kind].post([prompt]);
		};
		await send('suspended');
		await listed('suspended', ['waiting']);
		await send('polled');
		await waitUntil(DEADLINE_MS, () => runsOf(PROMPTS.polled).length === AT_WORK);
		await Promise.all(
			PROMPTS.suspending.map(async (prompt) => {
				await flows.suspending.post([prompt]);
			}),
		);
		// The node reads each run once more, a second after its start, before it suspends the execution.
		await waitUntil(DEADLINE_MS, () => runsOf(PROMPTS.suspending).length === AT_WORK);

		const [victim] = cluster.workers;
		if (victim === undefined) throw new Error('There is no worker.');
		await cluster.endWorker(victim, 'kill');
		killedLog = victim.logs();
		const all = await Promise.all([
			listed('suspended', ['new', 'running', 'waiting', ...ENDED]),
			listed('suspending', ['new', 'running', 'waiting', ...ENDED]),
		]);
		const then = all.flat();
		suspendedThen = then.filter(({ status }) => status === 'waiting').map(({ id }) => id);

		for (const { id } of cluster.sandbox.acceptedRuns()) {
			cluster.sandbox.finishRun(id);
		}
		outcomes = new Map();
		for (const kind of Object.keys(PROMPTS) as (keyof typeof PROMPTS)[]) {
			for (const { id, status } of await listed(kind, ENDED)) {
				const { nodes, error } = await readExecution(cluster.session, id);
				const items = (nodes.After?.outputs[0] ?? []).map(({ json }) => json.id);
				outcomes.set(id, { status, message: error?.message, items });
			}
		}
	},
	START_TIMEOUT_MS + 7 * DEADLINE_MS,
);

afterAll(async () => {
	await cluster.stop();
});

function prompts(kind: string, count: number): string[] {
	return Array.from({ length: count }, (_, index) => `${kind} ${index}`);
}

function runsOf(wanted: string[]): ReturnType<Cluster['sandbox']['acceptedRuns']> {
	return cluster.sandbox
		.acceptedRuns()
		.filter(({ input }) => wanted.includes(input.prompt as string));
}

async function listed(
	kind: keyof typeof PROMPTS,
	statuses: string[],
): Promise<{ id: string; status: string }[]> {
	return await executionsIn(cluster.session, flows[kind].workflow, {
		count: PROMPTS[kind].length,
		statuses,
		deadlineMs: DEADLINE_MS,
	});
}

function tally(kind: keyof typeof PROMPTS): string {
	const seen = runsOf(PROMPTS[kind]).map(
		({ clientRef }) => outcomes.get(clientRef ?? '')?.status ?? 'unknown',
	);
	return [...new Set(seen)]
		.map((status) => `${seen.filter((one) => one === status).length} ${status}`)
		.join(', ');
}

it('pays for no run twice', () => {
	expect(killedLog).toContain('Worker started execution');
	for (const [kind, needed] of Object.entries(PROMPTS)) {
		const paid = runsOf(needed).map(({ input }) => input.prompt);
		expect({ kind, paid: paid.sort() }).toEqual({ kind, paid: [...needed].sort() });
	}
});

it('leaves each run in an item, or its execution with an error, and reports every execution', () => {
	for (const kind of Object.keys(PROMPTS) as (keyof typeof PROMPTS)[]) {
		process.stderr.write(`    ${kind}: ${tally(kind)}\n`);
	}
	for (const { id, clientRef } of cluster.sandbox.acceptedRuns()) {
		const outcome = outcomes.get(clientRef ?? '');
		expect(['success', 'error']).toContain(outcome?.status);
		expect(outcome?.items).toEqual(outcome?.status === 'success' ? [id] : []);
	}
	expect(outcomes.size).toBe(RUNS);
});

it('loses none of the executions that were suspended', () => {
	expect(suspendedThen.length).toBeGreaterThanOrEqual(PROMPTS.suspended.length);
	expect(suspendedThen.map((id) => outcomes.get(id)?.status)).toEqual(
		suspendedThen.map(() => 'success'),
	);
});

it('says of the executions that the worker took with it that they were broken off', () => {
	const broken = [...outcomes].filter(([, { status }]) => status === 'error');
	expect(broken.length).toBeGreaterThan(0);
	for (const [, { message }] of broken) {
		expect(message).toContain('This execution failed to be processed too many times');
	}
});

it('starts nothing when such an execution is retried: n8n has kept nothing of it', async () => {
	const [[id] = ['']] = [...outcomes].filter(([, { status }]) => status === 'error');
	const paid = cluster.sandbox.acceptedRuns().length;
	const retried = await readExecution(cluster.session, await retryExecution(cluster.session, id));
	expect([retried.status, retried.nodes]).toEqual(['error', {}]);
	expect(cluster.sandbox.acceptedRuns()).toHaveLength(paid);
});
