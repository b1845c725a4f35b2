import { ENDED } from '../n8n/executions';
import { START_TIMEOUT_MS, testProgress } from '../n8n/testDemo';
import { startCluster, type Cluster } from './cluster';
import {
	editNode,
	executionsIn,
	fieldOfItems,
	makeFlow,
	through,
	triggerFlow,
	waitUntil,
	type Flow,
	type TriggerFlow,
} from './flow';

/** How many suspended executions there are, and how many callbacks for the trigger. */
const COUNT = 24;

/** How many callbacks are answered before the webhook process is killed. */
const ANSWERED = 4;

const DEADLINE_MS = 180_000;

/** When Runflow calls again: the process is back before the last time. */
const RETRY_DELAYS_MS = [2000, 10_000, 30_000, 30_000];

let cluster: Cluster;
let flow: Flow;
let trigger: TriggerFlow;
/** What each process has answered to the trigger's callbacks, in the order of the answers. */
let answers: string[];

beforeAll(
	async () => {
		cluster = await startCluster({
			progress: testProgress,
			workers: 1,
			sandbox: { manual: true, callbackRetryDelaysMs: RETRY_DELAYS_MS },
			env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
		});
		const { session, sandbox } = cluster;
		trigger = await triggerFlow(cluster);
		flow = await makeFlow(cluster, editNode(cluster, { completion: 'callback' }), through('After'));
		for (let index = 0; index < COUNT; index++) await flow.post([`run ${index}`]);
		await executionsIn(session, flow.workflow, {
			count: COUNT,
			statuses: ['waiting'],
			deadlineMs: DEADLINE_MS,
		});

		answers = [];
		const runs = sandbox.acceptedRuns().map(({ id }) => id);
		const delivered = runs.map(async (run) => {
			await deliver(run);
		});
		for (const id of runs) sandbox.finishRun(id);
		await waitUntil(DEADLINE_MS, () => answered() >= ANSWERED);
		await cluster.crashWebhook();
		await Promise.all(delivered);
		await waitUntil(DEADLINE_MS, () => answered() === COUNT);
	},
	START_TIMEOUT_MS + 4 * DEADLINE_MS,
);

afterAll(async () => {
	await cluster.stop();
});

/** How many callbacks to suspended executions were answered with 2xx. */
function answered(): number {
	return cluster.sandbox.deliveries().filter(({ status }) => status === 'delivered').length;
}

/** Sends the trigger a callback until it is taken, as Runflow does. */
async function deliver(run: string): Promise<void> {
	const deadline = Date.now() + DEADLINE_MS;
	while (Date.now() < deadline) {
		const answer = await trigger.deliver(cluster.webhook.url, run).catch((error: unknown) => {
			return error instanceof Error ? error.name : 'error';
		});
		answers.push(String(answer));
		if (answer === 200) return;
		await new Promise((resolve) => setTimeout(resolve, 1000));
	}
	throw new Error(`The callback for ${run} was never taken.`);
}

it('resumes each suspended execution once, and pays for no run twice', async () => {
	const { session, sandbox } = cluster;
	const all = await executionsIn(session, flow.workflow, {
		count: COUNT,
		statuses: ENDED,
		deadlineMs: DEADLINE_MS,
	});
	for (const { id, status } of all) {
		expect({ id, status }).toEqual({ id, status: 'success' });
	}
	const reported = await fieldOfItems(session, all, { name: 'After', field: 'id' });
	const paid = sandbox.acceptedRuns().map(({ id }) => id);
	expect(paid).toHaveLength(COUNT);
	expect(reported.sort()).toEqual([...paid].sort());
});

it('starts the workflow of the trigger for every callback', async () => {
	const { session, sandbox } = cluster;
	const all = await executionsIn(session, trigger.workflow, {
		count: COUNT,
		statuses: ENDED,
		deadlineMs: DEADLINE_MS,
	});
	const started = await fieldOfItems(session, all, { name: 'Next', field: 'run_id' });
	const refused = answers.filter((answer) => answer !== '200').length;
	process.stderr.write(
		`    ${COUNT} callbacks, ${refused} of them answered in vain: ${all.length} executions\n`,
	);
	// The process was down for a while: the callbacks that it did not answer came again.
	expect(refused).toBeGreaterThan(0);
	expect([...new Set(started)].sort()).toEqual(
		sandbox
			.acceptedRuns()
			.map(({ id }) => id)
			.sort(),
	);
});
