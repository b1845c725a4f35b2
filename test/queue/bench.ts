import { parseArgs } from 'node:util';

import { rotated } from '../bench/figures';
import type { Row } from '../bench/part';
import { cpuOf } from '../bench/processCpu';
import { GAIN, named, queueFigures, SETUPS } from '../bench/queueFigures';
import type { QueueRound, Setup } from '../bench/queueFigures';
import { store, type ResultFiles } from '../bench/store';
import { table } from '../bench/table';
import { ENDED } from '../n8n/executions';
import { printProgress } from '../n8n/progress';
import { httpRequest, trigger, wan, type BenchFlow } from './benchFlows';
import { startCluster, type Cluster } from './cluster';
import { executionsIn, fieldOfItems } from './flow';

/**
 * Executions per second with two workers and with one, and with one that has as many places as both, and the CPU time
 * that the workers take for each: 200 executions of one run each, all started at once by a webhook; runs of 1 to 3 s.
 * For comparison n8n's own HTTP Request node, which only starts the run: what it cannot do faster with two workers
 * does not depend on our nodes. Runflow Trigger starts 200 executions that run nothing.
 * Usage: npm run bench:queue [-- --runs 200 --rounds 3 --only polling,callback --save]
 */
const { values } = parseArgs({
	options: {
		runs: { type: 'string', default: '200' },
		rounds: { type: 'string', default: '3' },
		only: { type: 'string', default: 'immediately,polling,callback,trigger,http' },
		save: { type: 'boolean', default: false },
	},
});
const RUNS = Number(values.runs);
const ROUNDS = Number(values.rounds);

const RESULTS: ResultFiles = {
	json: 'queue.json',
	page: 'queue.md',
	title: 'What was measured in queue mode',
	about:
		'Written by `npm run bench:queue -- --save`; each part anew by its name, as `npm run bench:queue -- --only polling --save`. Executions of one Pro Edit run each, sent by 8 clients; runs of 1 to 3 s; n8n with `N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true`. PostgreSQL, Redis, main, webhook process, workers, sandbox and sender share the machine.',
};

/** How many executions are sent at once. */
const CLIENTS = 8;

const DEADLINE_MS = 240_000;

/** How often the list of executions is read: seldom, since it costs n8n time. The times are n8n's own. */
const LOOK_INTERVAL_MS = 1000;

/** What a worker runs of each contender before it is measured: it loads nodes when it first needs them. */
const WARM_UP_RUNS = 20;

interface Contender {
	flow: (cluster: Cluster) => Promise<BenchFlow>;
	/** How many times as many executions a second two workers must do as one. */
	goal?: number;
}

const CONTENDERS: Record<string, Contender> = {
	immediately: { flow: async (cluster) => await wan(cluster, 'immediately') },
	polling: { flow: async (cluster) => await wan(cluster, 'polling'), goal: GAIN },
	callback: { flow: async (cluster) => await wan(cluster, 'callback'), goal: GAIN },
	trigger: { flow: trigger },
	http: { flow: httpRequest },
};

/** The CPU time that all workers have used so far, in milliseconds. */
function workersCpu({ workers }: Cluster): number {
	return workers.reduce((sum, { pid }) => sum + cpuOf(pid), 0);
}

/** Starts that many executions and waits until all are over. */
async function runAll(
	cluster: Cluster,
	contender: Contender,
	setup: Setup,
	count: number,
): Promise<QueueRound> {
	const { sandbox, session } = cluster;
	const flow = await contender.flow(cluster);
	sandbox.reset();
	const cpuBefore = workersCpu(cluster);
	const began = Date.now();
	let sent = 0;
	const client = async (): Promise<void> => {
		while (sent < count) {
			sent += 1;
			await flow.send(`run ${sent}`);
		}
	};
	await Promise.all(Array.from({ length: CLIENTS }, client));
	const executions = await executionsIn(session, flow.workflow, {
		count,
		statuses: ENDED,
		deadlineMs: DEADLINE_MS,
		everyMs: LOOK_INTERVAL_MS,
	});
	const cpu = workersCpu(cluster) - cpuBefore;
	const lastEnd = Math.max(...executions.map(({ stoppedAt }) => Date.parse(stoppedAt ?? '')));
	const seconds = (lastEnd - began) / 1000;
	const reported = await fieldOfItems(session, executions, flow.last);
	await sandbox.idle();
	const expected = flow.expected();
	return {
		...setup,
		seconds: Number(seconds.toFixed(1)),
		perSecond: Number((count / seconds).toFixed(2)),
		workersCpuMs: Math.round(cpu / count),
		executionsSent: count,
		executionsStarted: executions.length,
		executionsSucceeded: executions.filter(({ status }) => status === 'success').length,
		runsNeeded: count * flow.runsEach,
		runsPaid: sandbox.acceptedRuns().length,
		runsExpected: expected.length,
		runsReported: expected.filter((id) => reported.filter((one) => one === id).length === 1).length,
	};
}

/** Has n8n spread in that way. */
async function setUp(cluster: Cluster, { workers, places }: Setup): Promise<void> {
	for (const worker of [...cluster.workers]) await cluster.endWorker(worker, 'stop');
	while (cluster.workers.length < workers) await cluster.startWorker(places);
}

/** The selected ones, by name. */
function chosen(): Record<string, Contender> {
	return Object.fromEntries(
		values.only.split(',').map((name) => {
			const contender = CONTENDERS[name];
			if (contender === undefined)
				throw new Error(`There is: ${Object.keys(CONTENDERS).join(', ')}`);
			return [name, contender];
		}),
	);
}

/** All rounds of each contender. One that fails is left out from then on; the others continue. */
async function measure(
	cluster: Cluster,
	contenders: Readonly<Record<string, Contender>>,
): Promise<Map<string, QueueRound[]>> {
	const found = new Map(Object.keys(contenders).map((name): [string, QueueRound[]] => [name, []]));
	for (let round = 0; round < ROUNDS; round++) {
		for (const setup of rotated(SETUPS, round)) {
			await setUp(cluster, setup);
			for (const [name, rounds] of found) {
				const contender = contenders[name];
				if (contender === undefined) continue;
				process.stderr.write(`${name}, ${named(setup)} …\n`);
				try {
					await runAll(cluster, contender, setup, WARM_UP_RUNS);
					rounds.push(await runAll(cluster, contender, setup, RUNS));
					process.stderr.write(`${JSON.stringify(rounds.at(-1))}\n`);
				} catch (error) {
					console.error(error);
					process.exitCode = 1;
					found.delete(name);
				}
			}
		}
	}
	return found;
}

async function main(): Promise<void> {
	const contenders = chosen();
	const cluster = await startCluster({
		progress: printProgress((line) => process.stderr.write(`${line}\n`)),
		workers: 0,
		sandbox: { runDurationMs: ({ index }) => 1000 + ((index * 37) % 100) * 20 },
		// Without the latter, n8n's webhook process gives up on its database under as many callbacks.
		env: { N8N_LOG_LEVEL: 'error', N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
	});
	let found: Map<string, QueueRound[]>;
	try {
		found = await measure(cluster, contenders);
	} finally {
		await cluster.stop();
	}
	const shown: Record<string, Row[]> = {};
	for (const [name, rounds] of found) {
		const measured = queueFigures(rounds, contenders[name]?.goal);
		if (values.save) store(RESULTS, name, measured);
		shown[name] = measured.rows;
	}
	console.log(table(shown));
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
