import { signCallback } from '../sandbox';
import { ENDED, readExecution } from '../n8n/executions';
import {
	activateWorkflow,
	chain,
	createWorkflow,
	node,
	withCredential,
	type StoredWorkflow,
} from '../n8n/workflows';
import { CALLBACK_SECRET, type Cluster } from './cluster';
import { executionsIn, through } from './flow';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a few executions may take on a busy machine, in milliseconds. */
const DEADLINE_MS = 90_000;

interface LiveTrigger {
	workflow: StoredWorkflow;
	path: string;
}

let serial = 0;

/** The trigger where several processes take deliveries: the webhook process, and main. */
export function describeTrigger(getCluster: () => Cluster): void {
	async function post(base: string, { path }: LiveTrigger, body: string): Promise<number> {
		const response = await fetch(`${base}/webhook/${path}`, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				'Runflow-Signature': signCallback(body, CALLBACK_SECRET),
			},
			body,
		});
		await response.text();
		return response.status;
	}

	async function goLive(): Promise<LiveTrigger> {
		const { session, credential, webhook } = getCluster();
		serial += 1;
		const webhookId = `7b1d2c3b-0000-4000-9000-${String(serial).padStart(12, '0')}`;
		const trigger = node('Runflow Trigger', 'n8n-nodes-runflow.runflowTrigger', {
			typeVersion: 1.1,
			id: webhookId,
			webhookId,
		});
		const workflow = await createWorkflow(
			session,
			withCredential(chain(`Queue trigger ${serial}`, trigger, through('Next')), credential),
		);
		await activateWorkflow(session, workflow);
		const live = { workflow, path: `${webhookId}/webhook` };
		const deadline = Date.now() + 20_000;
		// An event that is not listened to: taken with 200, and nothing is started.
		while ((await post(webhook.url, live, '{"event":"run.failed"}')) !== 200) {
			if (Date.now() > deadline) throw new Error(`${live.path} is not registered.`);
			await sleep(100);
		}
		return live;
	}

	function deliveryOf(run: string): string {
		return JSON.stringify({ event: 'run.completed', run_id: run, status: 'succeeded' });
	}

	/** The runs that the workflow was started for, once all is over and nothing more has come for a while. */
	async function started({ workflow }: LiveTrigger, count: number): Promise<string[]> {
		const { session } = getCluster();
		const all = await executionsIn(session, workflow, {
			count,
			statuses: ENDED,
			deadlineMs: DEADLINE_MS,
		});
		const runs = await Promise.all(
			all.map(async ({ id }) => {
				const { status, nodes } = await readExecution(session, id);
				expect(status).toBe('success');
				return (nodes.Next?.outputs[0] ?? []).map(({ json }) => String(json.run_id));
			}),
		);
		return runs.flat().sort();
	}

	it('starts the workflow once for a delivery that comes again, also at another process', async () => {
		const { webhook, main } = getCluster();
		const live = await goLive();
		const runs = ['again 0', 'again 1', 'again 2'];
		for (const run of runs) {
			for (const { url } of [webhook, main, webhook, main]) {
				expect(await post(url, live, deliveryOf(run))).toBe(200);
			}
		}
		expect(await started(live, 3)).toEqual(runs);
	});

	it('starts the workflow once for copies that come to one process at the same moment', async () => {
		const { webhook } = getCluster();
		const live = await goLive();
		const runs = Array.from({ length: 25 }, (_, index) => `copy ${String(index).padStart(2, '0')}`);
		const answers = await Promise.all(
			[...runs, ...runs].map(async (run) => await post(webhook.url, live, deliveryOf(run))),
		);
		expect(new Set(answers)).toEqual(new Set([200]));
		expect(await started(live, 25)).toEqual(runs);
	});

	it('starts the workflow once or twice for copies that come to two processes at the same moment', async () => {
		const { webhook, main } = getCluster();
		const live = await goLive();
		const runs = Array.from({ length: 20 }, (_, index) => `both ${String(index).padStart(2, '0')}`);
		for (const run of runs) {
			const answers = await Promise.all(
				[webhook, main].map(async ({ url }) => await post(url, live, deliveryOf(run))),
			);
			expect(answers).toEqual([200, 200]);
		}
		const all = await started(live, 20);
		expect([...new Set(all)]).toEqual(runs);
		expect(all.length).toBeLessThanOrEqual(40);
		process.stderr.write(`    20 deliveries to both processes at once: ${all.length} executions\n`);
	});

	// n8n keeps one copy of what a workflow remembers, and the last process to write it wins.
	it('may start it again for a repeat at another process, where both have noted a start at once', async () => {
		const { webhook, main } = getCluster();
		const live = await goLive();
		const at = async (base: string, run: string) => await post(base, live, deliveryOf(run));
		let repeated = 0;
		for (let round = 0; round < 10; round++) {
			const [a, b] = [`noted ${round}a`, `noted ${round}b`];
			expect(await Promise.all([at(webhook.url, a), at(main.url, b)])).toEqual([200, 200]);
			expect(await Promise.all([at(main.url, a), at(webhook.url, b)])).toEqual([200, 200]);
			repeated += 2;
		}
		const all = await started(live, 20);
		process.stderr.write(
			`    ${repeated} deliveries, each repeated at the other process: ${all.length} executions\n`,
		);
		expect([...new Set(all)]).toHaveLength(20);
		expect(all.length).toBeLessThanOrEqual(40);
	});
}
