import { retryExecution, waitForExecution, ENDED, type Execution } from '../../n8n/executions';
import type { SandboxRun } from '../../sandbox';
import { entriesOf, type Entry } from './executionReader';
import type { Target } from './kills';
import type { Task } from './tasks';
import { outputsResult } from './runLocation';

/** How the user got the result. */
export type Served =
	| { readonly by: 'item' | 'callback sent again' | 'retry'; readonly runId: string }
	/** Not at all. */
	| { readonly by: 'nothing'; readonly why: string };

/** How often the steps may be gone through: a retried execution may need another callback. */
const TRIES = 3;
const DEADLINE_MS = 120_000;

/**
 * What the user must do about one task after a crash of n8n, by docs/never-pay-twice.md and docs/callbacks.md: have
 * Runflow send the callback again where the execution still waits, and otherwise press Retry.
 */
export async function recover(target: Target, task: Task): Promise<Served> {
	let by: Exclude<Served['by'], 'nothing'> = 'item';
	for (let tries = 0; tries < TRIES; tries++) {
		const entries = entriesOf(task.name, await target.reader.list());
		const item = await findResultRun(target, task, entries);
		if (item !== undefined) return { by, runId: item };

		const [run] = runsOf(target.demo.sandbox.acceptedRuns(), task.name);
		const waiting = entries.find(({ status }) => status === 'waiting');
		if (waiting !== undefined) {
			if (run === undefined) return { by: 'nothing', why: `${waiting.id} waits for no run` };
			await sendCallbackAgain(target, run.id);
			await waitForExecution(target.demo.session, waiting.id, ENDED, DEADLINE_MS);
			by = 'callback sent again';
			continue;
		}
		const broken = entries.filter(isBroken).at(-1);
		if (broken === undefined) {
			return { by: 'nothing', why: entries.map(({ status }) => status).join(', ') };
		}
		const retried = await retryExecution(target.demo.session, broken.id);
		await target.reader.read(retried);
		by = 'retry';
	}
	return { by: 'nothing', why: await lastError(target, task) };
}

function isBroken({ status }: Entry): boolean {
	return status === 'crashed' || status === 'error';
}

/** The run whose result an execution outputs. */
async function findResultRun(
	{ reader, demo }: Target,
	{ name, mode }: Task,
	entries: readonly Entry[],
): Promise<string | undefined> {
	const runs = runsOf(demo.sandbox.acceptedRuns(), name);
	for (const { id, status } of entries) {
		if (status !== 'success') continue;
		const execution = await reader.read(id);
		const run = runs.find((one) => outputsResult(execution, one.id, mode));
		if (run !== undefined) return run.id;
	}
	return undefined;
}

/** The runs that were paid for a task. */
export function runsOf(runs: readonly SandboxRun[], task: string): SandboxRun[] {
	return runs.filter(({ input }) => input.prompt === task);
}

async function sendCallbackAgain({ demo: { sandbox } }: Target, runId: string): Promise<void> {
	await fetch(`${sandbox.url}/v1/runs/${runId}/callback-redeliveries`, {
		method: 'POST',
		headers: { authorization: `Bearer ${sandbox.apiKey}` },
	});
}

async function lastError({ reader }: Target, { name }: Task): Promise<string> {
	const last = entriesOf(name, await reader.list()).at(-1);
	const execution: Execution | undefined = last && (await reader.read(last.id));
	return `${last?.status}: ${execution?.error?.message ?? 'without an error'}`;
}
