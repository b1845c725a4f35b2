import {
	sleep,
	type IDataObject,
	type IExecutePaginationFunctions,
	type IHttpRequestOptions,
	type NodeApiError,
	type NodeOperationError,
} from 'n8n-workflow';

import { isTerminal, readRunId, readRunStatus } from '../../runflow/run';
import { lookAtRun } from './lookAtRun';
import { nextInterval, type Pace } from './pace';
import { waitEndedError, waitRanOutError } from './runErrors';

/** How one item waits for its run. */
export interface Wait {
	pace: Pace;
	/** What is the same for all items that wait side by side. */
	group: object;
	/** The request that started the run: where it was sent decides where the run is asked for. */
	started: IHttpRequestOptions;
	/** Aborted when nobody waits for the item any more. */
	over: AbortSignal;
}

/** How many items of each group are waiting: the fewer are left, the sooner each may look again. */
const waiting = new WeakMap<object, number>();

/**
 * Asks for a run at a growing interval until it is terminal. Faults on the way (no answer, 429, 5xx, an
 * answer that is not the run) are waited out; any other refusal ends the wait.
 *
 * @param run the record that the run's start was answered with
 * @returns the record of the ended run, however it ended; or the error, with the run's id, of a wait that
 * was refused, ran out or was stopped; or undefined where the execution ended and nobody listens any more
 */
export async function waitForRun(
	this: IExecutePaginationFunctions,
	run: IDataObject,
	wait: Wait,
): Promise<IDataObject | NodeApiError | NodeOperationError | undefined> {
	waiting.set(wait.group, (waiting.get(wait.group) ?? 0) + 1);
	try {
		return await look.call(this, run, wait);
	} finally {
		waiting.set(wait.group, (waiting.get(wait.group) ?? 1) - 1);
	}
}

async function look(
	this: IExecutePaginationFunctions,
	run: IDataObject,
	{ pace, group, started, over }: Wait,
): Promise<IDataObject | NodeApiError | NodeOperationError | undefined> {
	const runId = readRunId(run) ?? '';
	const itemIndex = this.getItemIndex();
	const startedAt = Date.now();
	let latest = run;
	let retryAfter: number | undefined;

	for (let looks = 0; !isTerminal(readRunStatus(latest)); looks++) {
		const left = startedAt + pace.maxWait - Date.now();
		if (left <= 0) {
			return waitRanOutError(this.getNode(), latest, {
				minutes: pace.maxWait / 60_000,
				apiUrl: String(started.baseURL),
				itemIndex,
			});
		}
		const items = waiting.get(group) ?? 1;
		const interval = nextInterval(pace, { looks, items, retryAfter, random: Math.random() });
		await pause(Math.min(interval, left), over);
		if (over.aborted) {
			// n8n has given up on this execution; an error that nobody awaits would only fill its log.
			if (this.getExecutionCancelSignal()?.aborted !== true) return undefined;
			return waitEndedError(this.getNode(), runId, itemIndex);
		}

		const seen = await lookAtRun.call(this, runId, { started, itemIndex });
		if ('failure' in seen) return seen.failure;
		if ('record' in seen) latest = seen.record;
		retryAfter = 'retryAfter' in seen ? seen.retryAfter : undefined;
	}
	return latest;
}

/** Sleeps so many milliseconds, or until the signal aborts. */
export async function pause(ms: number, over: AbortSignal): Promise<void> {
	if (over.aborted) return;
	let wake: () => void = () => undefined;
	const ended = new Promise<void>((resolve) => {
		wake = resolve;
	});
	over.addEventListener('abort', wake, { once: true });
	await Promise.race([sleep(ms), ended]);
	over.removeEventListener('abort', wake);
}

/** Sleeps so many milliseconds without keeping n8n from shutting down. */
export async function idle(ms: number): Promise<void> {
	await whenAborted(AbortSignal.timeout(Math.ceil(ms)));
}

/** Resolves once the signal is aborted. */
export async function whenAborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return;
	await new Promise<void>((resolve) => {
		signal.addEventListener(
			'abort',
			() => {
				resolve();
			},
			{ once: true },
		);
	});
}
