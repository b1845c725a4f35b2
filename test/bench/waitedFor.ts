import { setTimeout as sleep } from 'node:timers/promises';

import { node, type WorkflowNode } from '../n8n/workflows';
import type { Demo } from '../n8n/demo';
import type { SandboxRun } from '../sandbox';
import { withApp } from './app';
import {
	AFTER,
	makeAppFlow,
	newestExecution,
	nodeTimes,
	prompts,
	single,
	type Edge,
} from './appFlow';
import { httpGet, httpPost, ours, type Kind } from './contenders';
import { kept, median, shown } from './figures';
import type { Goal, Measured, Row } from './part';

const ITEMS = 100;
const SECRET = 'whsec_BenchmarkOnly';
/** Runs of one execution last up to so much longer or shorter than planned. */
const SPREAD = 0.1;
/** How often to check whether an execution has ended. */
const LOOK_EVERY_MS = 1000;
/** How much of what the loop takes our node may take, from the last run's end on. */
const SHARE_OF_LOOP = 0.15;

/** What is waited for. */
interface Plan {
	kind: Kind;
	/** How long a run lasts, in seconds, as the median of all rounds. */
	lasts: number;
	/** What users give the Wait node of their loop, in seconds: n8n's own guides and templates have 3 to 15 for images, 30 to 60 for videos. */
	loopWait: number;
	/** How many requests a run may take. */
	requests: number;
	/**
	 * How long after one contender the next one begins, in milliseconds: one after the other by default. Videos are
	 * waited for side by side, since it would take too long, and n8n has little to do meanwhile.
	 */
	staggered?: number;
}

const PLANS: Record<Kind, Plan> = {
	image: { kind: 'image', lasts: 5, loopWait: 10, requests: 4 },
	video: { kind: 'video', lasts: 60, loopWait: 30, requests: 12, staggered: 20_000 },
};

interface Contender {
	name: 'polling' | 'callback' | 'loop';
	/** By round: from the last run's end until the items left the node, in milliseconds. */
	late: number[];
	/** By round: requests for each run, the one that starts it included. */
	requests: number[];
}

/** Measures 100 runs that are waited for. */
export async function waitedFor(kind: Kind, rounds: number): Promise<Measured> {
	const plan = PLANS[kind];
	return await withApp({ callbackSecrets: [{ secret: SECRET, isCurrent: true }] }, async (app) => {
		const all: Contender[] = (['polling', 'callback', 'loop'] as const).map((name) => ({
			name,
			late: [],
			requests: [],
		}));
		// The loop's luck is where in its wait the last run ends: the rounds are spread over all of it.
		const durations = Array.from(
			{ length: rounds },
			(_, index) => plan.lasts + plan.loopWait * ((index + 0.5) / rounds - 0.5),
		);
		setDurations(app, durations);
		const running: Promise<void>[] = [];
		for (const index of durations.keys()) {
			for (const one of all) {
				const execution = execute(app, plan, one, index);
				running.push(execution);
				await (plan.staggered === undefined ? execution : sleep(plan.staggered));
			}
		}
		await Promise.all(running);
		return result(plan, rounds, all);
	});
}

/**
 * The loop that users build: start the run, wait, read the run, and back to the wait unless it has succeeded. All
 * items go through it together, which is the quickest that it can be; with Loop Over Items, one after the
 * other, it would take a hundred times as long.
 */
function loopOf(app: Demo, { kind, loopWait }: Plan): { nodes: WorkflowNode[]; edges: Edge[] } {
	const post = httpPost(app, kind);
	const get = httpGet(app);
	const pause = node('Wait', 'n8n-nodes-base.wait', {
		typeVersion: 1.1,
		parameters: { amount: loopWait },
		webhookId: `5a1d2c3b-0000-4000-8000-0000000000${loopWait}`,
	});
	const succeeded = node('If', 'n8n-nodes-base.if', {
		typeVersion: 2.2,
		parameters: {
			conditions: {
				options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
				conditions: [
					{
						id: '5a1d2c3b-0000-4000-8000-00000000000a',
						leftValue: '={{ $json.status_code }}',
						rightValue: 'succeeded',
						operator: { type: 'string', operation: 'equals' },
					},
				],
				combinator: 'and',
			},
			options: {},
		},
	});
	return {
		nodes: [post, pause, get, succeeded],
		edges: [
			[post.name, 0, pause.name],
			[pause.name, 0, get.name],
			[get.name, 0, succeeded.name],
			[succeeded.name, 0, AFTER],
			[succeeded.name, 1, pause.name],
		],
	};
}

/** What the prompts of one execution begin with: it identifies a run. */
function labelOf({ name }: Contender, round: number): string {
	return `${name} ${round}`;
}

/** Has the runs of each round last so many seconds, give or take. */
function setDurations({ sandbox }: Demo, seconds: readonly number[]): void {
	sandbox.configure({
		runDurationMs: ({ index, input }: SandboxRun) => {
			const round = Number(/ (\d+):/.exec(JSON.stringify(input.prompt))?.[1]);
			const spread = 1 - SPREAD + (2 * SPREAD * ((index * 37) % ITEMS)) / ITEMS;
			return (seconds[round] ?? NaN) * 1000 * spread;
		},
	});
}

/** Lets one contender wait once, and notes what came of it. */
async function execute(app: Demo, plan: Plan, one: Contender, round: number): Promise<void> {
	const label = labelOf(one, round);
	const middle = one.name === 'loop' ? loopOf(app, plan) : single(ours(app, plan.kind, one.name));
	const flow = await makeAppFlow(app, label, 'onReceived', middle);
	await flow.post(prompts(ITEMS, label));
	for (;;) {
		await sleep(LOOK_EVERY_MS);
		const { id = '', status = 'new' } = (await newestExecution(app, flow)) ?? {};
		if (status === 'success') {
			await note(app, id, one, label);
			return;
		}
		if (!['new', 'running', 'waiting'].includes(status)) {
			throw new Error(`Execution ${id} of ${label} has ended as ${status}`);
		}
	}
}

/** Notes what became of a contender's execution. */
async function note(app: Demo, executionId: string, one: Contender, label: string): Promise<void> {
	const after = (await nodeTimes(app, executionId))[AFTER] ?? [];
	const items = after.reduce((sum, run) => sum + run.items, 0);
	const runs = app.sandbox
		.acceptedRuns()
		.filter(
			({ input }) => typeof input.prompt === 'string' && input.prompt.startsWith(`${label}:`),
		);
	if (items !== ITEMS || runs.length !== ITEMS) {
		throw new Error(`${runs.length} runs were started, and ${items} items came`);
	}
	const lastEnd = Math.max(...runs.map(({ completedAtMs }) => completedAtMs ?? NaN));
	const ids = new Set(runs.map(({ id }) => id));
	const itemsAt = Math.max(...after.map(({ startTime }) => startTime));
	const startedAt = Math.min(...runs.map(({ createdAtMs }) => createdAtMs));
	const requests = app.sandbox.requests.filter(
		({ path, runId, at }) =>
			ids.has(runId ?? '') ||
			ids.has(path.split('/').at(-1) ?? '') ||
			// A read of the list cannot be attributed to one execution: all of them meanwhile are counted.
			(one.name !== 'loop' && path === '/v1/runs' && at >= startedAt && at <= itemsAt),
	);
	one.late.push(itemsAt - lastEnd);
	one.requests.push(requests.length / ITEMS);
}

function result(
	{ kind, lasts, loopWait, requests }: Plan,
	rounds: number,
	all: Contender[],
): Measured {
	const [polling, callback, loop] = all.map((one) => ({
		late: median(one.late),
		requests: median(one.requests),
	}));
	if (!polling || !callback || !loop) throw new Error('A contender is missing');
	const what = `${ITEMS} ${kind}s of ${lasts} s`;
	const late = (name: string, one: typeof loop): Row => ({
		what: `${what}, lateness of ${name} / loop`,
		value: kept(one.late / loop.late),
		unit: '×',
		goal: { atMost: SHARE_OF_LOOP },
		from: `${shown(one.late / 1000)} s / ${shown(loop.late / 1000)} s (Wait ${loopWait} s) from the last run's end to the items`,
	});
	const perRun = (name: string, one: typeof loop, goal: { goal: Goal } | object): Row => ({
		what: `${what}, requests with ${name}`,
		value: kept(one.requests),
		unit: 'per run',
		from: 'the start of the run included, and all reads of the list of runs meanwhile, those of others too',
		...goal,
	});
	const goal = { goal: { atMost: requests } };
	return {
		ranOn: 'n8n',
		rounds,
		rows: [
			late('polling', polling),
			late('on callback', callback),
			perRun('polling', polling, goal),
			perRun('on callback', callback, goal),
			perRun('the loop', loop, {}),
		],
		raw: Object.fromEntries(
			all.map((one) => [one.name, { lateMs: one.late, requestsPerRun: one.requests }]),
		),
	};
}
