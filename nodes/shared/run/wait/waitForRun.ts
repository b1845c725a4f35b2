import type {
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import { isTerminal, readRunId, readRunStatus } from '../../api/run';
import { getRun, isNew, type StartTime } from '../read/getRun';
import type { PollingPolicy } from '../nodeRun/pollingPolicy';
import { nextInterval, relaxedPolicy } from './backoff';
import { waitEndedError, waitRanOutError } from '../read/itemErrors';
import type { Signal } from '../../async/abortSignal';
import { unsubscribe, pollerOf, next, subscribe, type RunPoller, type Waiter } from './runPoller';

/** How one item waits for its run. */
export interface Wait {
	policy: PollingPolicy;
	/** What is the same for all items that wait side by side. */
	pollerKey: object;
	/** How many items there are. */
	items: number;
	/** The request that started the run: where it was sent decides where the run is asked for. */
	connection: IHttpRequestOptions;
	/** When the run was started; cleared once the run is seen. */
	startRecord: StartTime;
	/** Aborted when nobody waits for the item any more. */
	over: Signal;
}

/**
 * Asks for a run at a growing interval until it is terminal. Faults on the way (no answer, 429, 5xx, an
 * answer that is not the run, 404 in the first moments) are waited out; any other refusal ends the wait.
 *
 * @param run the record that the run's start was answered with
 * @returns the record of the ended run, however it ended; or the error, with the run's id, of a wait that
 * was refused, ran out or was stopped; or undefined where the execution ended and nobody listens any more
 */
export async function waitForRun(
	context: IExecutePaginationFunctions,
	run: IDataObject,
	wait: Wait,
): Promise<IDataObject | NodeApiError | NodeOperationError | undefined> {
	const poller = pollerOf(wait.pollerKey);
	const waiter = subscribe(context, poller, { runId: readRunId(run) ?? '', ...wait });
	try {
		return await waitUntilEnded(context, run, wait, { waiter, poller });
	} finally {
		unsubscribe(poller, waiter);
	}
}

async function waitUntilEnded(
	context: IExecutePaginationFunctions,
	run: IDataObject,
	{ policy, connection, startRecord, over }: Wait,
	{ waiter, poller }: { waiter: Waiter; poller: Readonly<RunPoller> },
): Promise<IDataObject | NodeApiError | NodeOperationError | undefined> {
	const { runId } = waiter;
	const itemIndex = context.getItemIndex();
	const startedAt = Date.now();
	let latest = run;
	let polls = 0;
	let retryAfter: number | undefined;

	while (!isTerminal(readRunStatus(latest))) {
		const left = startedAt + policy.maxWait - Date.now();
		if (left <= 0) {
			return waitRanOutError(context.getNode(), latest, {
				minutes: policy.maxWait / 60_000,
				apiUrl: String(connection.baseURL),
				itemIndex,
			});
		}
		const items = waiter.listed ? poller.waiters.size : poller.unlisted;
		const quiet = Math.max(retryAfter ?? 0, waiter.retryAt - Date.now());
		const situation = { polls, items, retryAfter: quiet, random: Math.random() };
		const interval = nextInterval(waiter.listed ? relaxedPolicy(policy) : policy, situation);
		const isUpdated = await next(waiter, Math.min(interval, left), over);
		if (over.aborted) {
			// n8n has given up on this execution; an error that nobody awaits would only fill its log.
			if (context.getExecutionCancelSignal()?.aborted !== true) return undefined;
			return waitEndedError(context.getNode(), runId, itemIndex);
		}
		if (isUpdated) {
			latest = waiter.update ?? latest;
			delete waiter.update;
			// At the end of the wait the run is asked for once more in any case.
			if (isTerminal(readRunStatus(latest)) || Date.now() < startedAt + policy.maxWait) continue;
		}

		const from = { connection, itemIndex, isNew: isNew(startRecord) };
		const seen = await getRun(context, runId, from);
		polls += 1;
		if ('failure' in seen) return seen.failure;
		if ('record' in seen) delete startRecord.startedAt;
		latest = 'record' in seen ? seen.record : (waiter.update ?? latest);
		retryAfter = 'retryAfter' in seen ? seen.retryAfter : undefined;
	}
	return latest;
}
