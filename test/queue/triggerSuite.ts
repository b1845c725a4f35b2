import { ENDED, readExecution } from '../n8n/executions';
import type { Cluster } from './cluster';
import { executionsIn, triggerFlow, type TriggerFlow } from './flow';

/** How long a few executions may take on a busy machine, in milliseconds. */
const DEADLINE_MS = 90_000;

/** The trigger where several processes take deliveries: the webhook process, and main. */
export function describeTrigger(getCluster: () => Cluster): void {
	/** The runs that the workflow was started for, once all is over and nothing more has come for a while. */
	async function started({ workflow }: TriggerFlow, count: number): Promise<string[]> {
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
		const live = await triggerFlow(getCluster());
		const runs = ['again 0', 'again 1', 'again 2'];
		for (const run of runs) {
			for (const { url } of [webhook, main, webhook, main]) {
				expect(await live.deliver(url, run)).toBe(200);
			}
		}
		expect(await started(live, 3)).toEqual(runs);
	});

	it('starts the workflow once for copies that come to one process at the same moment', async () => {
		const { webhook } = getCluster();
		const live = await triggerFlow(getCluster());
		const runs = Array.from({ length: 25 }, (_, index) => `copy ${String(index).padStart(2, '0')}`);
		const answers = await Promise.all(
			[...runs, ...runs].map(async (run) => await live.deliver(webhook.url, run)),
		);
		expect(new Set(answers)).toEqual(new Set([200]));
		expect(await started(live, 25)).toEqual(runs);
	});

	it('starts the workflow once or twice for copies that come to two processes at the same moment', async () => {
		const { webhook, main } = getCluster();
		const live = await triggerFlow(getCluster());
		const runs = Array.from({ length: 20 }, (_, index) => `both ${String(index).padStart(2, '0')}`);
		for (const run of runs) {
			const answers = await Promise.all(
				[webhook, main].map(async ({ url }) => await live.deliver(url, run)),
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
		const live = await triggerFlow(getCluster());
		const at = async (base: string, run: string) => await live.deliver(base, run);
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
