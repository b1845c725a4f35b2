import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { median } from '../bench/figures';
import { ENDED, readExecution } from '../n8n/executions';
import { REPOSITORY } from '../n8n/folders';
import { printProgress } from '../n8n/progress';
import { node, type WorkflowNode } from '../n8n/workflows';
import { startCluster, type Cluster } from './cluster';
import { editNode, executionsIn, makeFlow, through, untilRegistered } from './flow';

/**
 * Runs per second with two workers and with one, in turn: 200 executions of one run each, all started at once by a
 * webhook; runs of 1 to 3 s. Beside Wan 2.7 stands n8n's own HTTP Request node, which only starts the run: what it
 * cannot do faster with two workers is not a matter of the node.
 * Usage: npm run bench:queue [-- --runs 200 --rounds 1 --only polling,callback,http --save]
 */
const { values } = parseArgs({
	options: {
		runs: { type: 'string', default: '200' },
		rounds: { type: 'string', default: '1' },
		only: { type: 'string', default: 'polling,callback,http' },
		save: { type: 'boolean', default: false },
	},
});
const RUNS = Number(values.runs);
const ROUNDS = Number(values.rounds);

const RESULTS = path.join(REPOSITORY, 'docs/measured/queue.json');

/** How many executions are sent at once. */
const CLIENTS = 8;

const DEADLINE_MS = 240_000;

/** How often the list of executions is asked for: seldom, since n8n pays for it. The times are n8n's own. */
const LOOK_INTERVAL_MS = 1000;

/** What a worker runs of each contender before it is measured: it loads nodes when it first needs them. */
const WARM_UP_RUNS = 20;

interface Contender {
	name: string;
	node: (cluster: Cluster) => WorkflowNode;
}

const CONTENDERS: Record<string, Contender> = {
	polling: {
		name: 'Wan 2.7, polling',
		node: (cluster) => editNode(cluster, { completion: 'polling' }),
	},
	callback: {
		name: 'Wan 2.7, on callback',
		node: (cluster) => editNode(cluster, { completion: 'callback' }),
	},
	http: {
		name: 'HTTP Request, start only',
		node: ({ sandbox }) =>
			node('Edit', 'n8n-nodes-base.httpRequest', {
				typeVersion: 4.2,
				parameters: {
					method: 'POST',
					url: `${sandbox.url}/v1/models/alibaba/wan/v2.7/pro/edit/runs`,
					sendHeaders: true,
					headerParameters: {
						parameters: [{ name: 'Authorization', value: `Bearer ${sandbox.apiKey}` }],
					},
					sendBody: true,
					specifyBody: 'json',
					jsonBody: `={{ JSON.stringify({ input: { prompt: $json.prompt, image_urls: ['${sandbox.sampleUrl('sneaker.png')}'] } }) }}`,
				},
			}),
	},
};

interface Measured {
	contender: string;
	workers: number;
	/** From the first execution sent to the last one ended, in seconds. */
	seconds: number;
	runsPerSecond: number;
	executionsSent: number;
	executionsStarted: number;
	executionsSucceeded: number;
	runsNeeded: number;
	runsPaid: number;
	/** Runs that reached the end of their workflow, each in one item. */
	runsReported: number;
}

/** The ids of the runs that an execution's last node has handed on. */
async function reportedRuns({ session }: Cluster, executionIds: string[]): Promise<unknown[]> {
	const reported: unknown[] = [];
	for (const id of executionIds) {
		const { nodes } = await readExecution(session, id);
		reported.push(...(nodes.After?.outputs[0] ?? []).map(({ json }) => json.id));
	}
	return reported;
}

/** Starts that many executions and waits until all are over. */
async function runAll(cluster: Cluster, key: string, runs: number): Promise<Measured> {
	const contender = CONTENDERS[key];
	if (contender === undefined) throw new Error(`There is no contender ${key}.`);
	const { sandbox, session, workers } = cluster;
	const flow = await makeFlow(cluster, contender.node(cluster), through('After'));
	await untilRegistered(flow.url);
	sandbox.reset();
	const began = Date.now();
	let sent = 0;
	const client = async (): Promise<void> => {
		while (sent < runs) {
			sent += 1;
			await flow.post([`run ${sent}`]);
		}
	};
	await Promise.all(Array.from({ length: CLIENTS }, client));
	const executions = await executionsIn(session, flow.workflow, {
		count: runs,
		statuses: ENDED,
		deadlineMs: DEADLINE_MS,
		everyMs: LOOK_INTERVAL_MS,
	});
	const lastEnd = Math.max(...executions.map(({ stoppedAt }) => Date.parse(stoppedAt ?? '')));
	const seconds = (lastEnd - began) / 1000;
	const reported = await reportedRuns(
		cluster,
		executions.map(({ id }) => id),
	);
	await sandbox.idle();
	const paid = sandbox.acceptedRuns().map(({ id }) => id);
	return {
		contender: contender.name,
		workers: workers.length,
		seconds: Number(seconds.toFixed(1)),
		runsPerSecond: Number((runs / seconds).toFixed(2)),
		executionsSent: runs,
		executionsStarted: executions.length,
		executionsSucceeded: executions.filter(({ status }) => status === 'success').length,
		runsNeeded: runs,
		runsPaid: paid.length,
		runsReported: paid.filter((id) => reported.filter((one) => one === id).length === 1).length,
	};
}

/** Brings the number of workers to that, and lets each load what it needs. */
async function useWorkers(cluster: Cluster, count: number, keys: string[]): Promise<void> {
	while (cluster.workers.length < count) await cluster.startWorker();
	for (const worker of cluster.workers.slice(count)) await cluster.endWorker(worker, 'stop');
	for (const key of keys) await runAll(cluster, key, WARM_UP_RUNS);
}

interface Results {
	measuredAt: string;
	commit: string;
	machine: string;
	what: string;
	ratios: Record<string, number>;
	rounds: Measured[];
}

function summarise(rounds: Measured[]): Results {
	const rate = (contender: string, workers: number) =>
		median(
			rounds
				.filter((one) => one.contender === contender && one.workers === workers)
				.map(({ runsPerSecond }) => runsPerSecond),
		);
	const names = [...new Set(rounds.map(({ contender }) => contender))];
	const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: REPOSITORY });
	return {
		measuredAt: new Date().toISOString(),
		commit: commit.toString().trim(),
		machine: `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), which also run the PostgreSQL, Redis, main, webhook process, sandbox and sender`,
		what: 'Executions of one Pro Edit run each, sent by 8 clients; runs of 1 to 3 s; n8n 2.40.7, worker concurrency 10; the ratio is of the median runs per second with 2 workers to that with 1',
		ratios: Object.fromEntries(
			names.map((name) => [name, Number((rate(name, 2) / rate(name, 1)).toFixed(2))]),
		),
		rounds,
	};
}

/** What was saved before, apart from what has been measured anew. */
async function savedRounds(anew: Measured[]): Promise<Measured[]> {
	try {
		const { rounds } = JSON.parse(await readFile(RESULTS, 'utf8')) as Results;
		return rounds.filter((old) => !anew.some(({ contender }) => contender === old.contender));
	} catch {
		return []; // nothing has been saved
	}
}

async function main(): Promise<void> {
	const keys = values.only.split(',');
	const rounds: Measured[] = [];
	const cluster = await startCluster({
		progress: printProgress((line) => process.stderr.write(`${line}\n`)),
		workers: 1,
		sandbox: { runDurationMs: ({ index }) => 1000 + ((index * 37) % 100) * 20 },
		env: { N8N_LOG_LEVEL: 'error' },
	});
	try {
		for (let round = 0; round < ROUNDS; round++) {
			// Each number of workers goes first in its turn, so that none has to be started between rounds.
			for (const workers of round % 2 === 0 ? [1, 2] : [2, 1]) {
				await useWorkers(cluster, workers, keys);
				for (const key of keys) {
					const measured = await runAll(cluster, key, RUNS);
					rounds.push(measured);
					process.stderr.write(`${JSON.stringify(measured)}\n`);
				}
			}
		}
	} finally {
		await cluster.stop();
	}
	const results = summarise([...(values.save ? await savedRounds(rounds) : []), ...rounds]);
	console.table(results.rounds);
	console.log('Runs per second, 2 workers / 1 worker:', results.ratios);
	if (!values.save) return;
	await mkdir(path.dirname(RESULTS), { recursive: true });
	await writeFile(RESULTS, `${JSON.stringify(results, null, '\t')}\n`);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
