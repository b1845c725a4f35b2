import { asText } from '../../../nodes/shared/values/json';
import type { Demo } from '../../n8n/demo';
import type { SandboxOptions, SandboxRun } from '../../sandbox';
import { readerOf } from './executionReader';
import type { Target } from './kills';
import type { Mode } from './tasks';
import { between, seeded, seededFor } from './random';
import { publishWorkflows } from './liveWorkflows';

/** What signs callbacks. */
const CALLBACK_SECRET = 'whsec_KillsOnly';

/** How long Runflow takes for an answer, so that a kill may come before it; and for a file. In milliseconds. */
const ANSWER_DELAY = 200;
const DOWNLOAD_TIME = 2000;

/**
 * How long runs last: the share of them, and from when to when, in milliseconds. Some are over before an execution
 * would be suspended, some while n8n is down, some only after its next start.
 */
const DURATIONS: readonly [share: number, from: number, to: number][] = [
	[0.25, 300, 1500],
	[0.4, 1500, 5000],
	[0.2, 5000, 15_000],
	[0.15, 15_000, 45_000],
];

/**
 * A Runflow that continues while n8n is dead: it answers late, ignores Idempotency Keys, gives up a callback after
 * three attempts, and takes its time for each file.
 */
export function runflow(seed: number): SandboxOptions {
	return {
		answerDelayMs: ANSWER_DELAY,
		callbackSecrets: [{ secret: CALLBACK_SECRET, isCurrent: true }],
		runDurationMs: ({ input }: SandboxRun) => durationFor(seed, asText(input.prompt)),
	};
}

function durationFor(seed: number, task: string): number {
	const random = seededFor(seed, task);
	let share = random();
	for (const [part, from, to] of DURATIONS) {
		if (share < part) return between(random, from, to);
		share -= part;
	}
	return DURATIONS[0]?.[1] ?? 0;
}

/** Publishes the workflows that take tasks of the modes in a new n8n, and opens a reader of its executions. */
export async function setUp(demo: Demo, seed: number, modes: readonly Mode[]): Promise<Target> {
	demo.sandbox.addFault({
		kind: 'slow',
		overMs: DOWNLOAD_TIME,
		match: { host: 'storage', method: 'GET', path: /^\/outputs\// },
		times: Infinity,
	});
	const workflows = await publishWorkflows(demo, modes);
	return {
		demo,
		workflows,
		reader: readerOf(demo.session, workflows.flows.values()),
		random: seeded(seed),
	};
}
