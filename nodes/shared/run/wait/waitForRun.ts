import type {
	IDataObject,
	IExecutePaginationFunctions,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import type { Connection } from '../../api/client';
import { isTerminal, readRunId, readRunStatus } from '../../api/run';
import type { ItemsNodeRun } from '../nodeRun/joinNodeRun';
import type { Settings } from '../nodeRun/settings';
import type { PollingPolicy } from '../nodeRun/pollingPolicy';
import { getRun, isNew, type StartTime } from '../read/getRun';
import { waitEndedError, waitRanOutError } from '../read/waitErrors';
import { nextInterval, relaxedPolicy } from './backoff';
import { RunPoller } from './runPoller';
import type { Waiter } from './waiter';

/** An item that waits for its run. */
export interface WaitingItem {
	/** The request that started the run, or another one to the same address. */
	request: Connection;
	/** When the run was started; cleared once the run is seen. */
	startRecord: StartTime;
	settings: Pick<Settings, 'policy'>;
	nodeRun: ItemsNodeRun;
	/** How to get the result of a run that did not end in time; left out where the item has started it. */
	advice?: string;
}

/**
 * Reads a run at growing intervals until it has ended. Transient failures (no response, 429, 5xx, a response without
 * the run, a 404 shortly after the start) do not end the wait; any other refusal does.
 *
 * @param run the record in the response to the start
 * @returns the record of the ended run, however it ended; or the error, with the run's id, of a wait that was refused,
 * timed out or was stopped; or undefined where the execution has ended without the item
 */
export async function waitForRun(
	context: IExecutePaginationFunctions,
	run: IDataObject,
	item: WaitingItem,
): Promise<IDataObject | NodeApiError | NodeOperationError | undefined> {
	const { request, settings, nodeRun } = item;
	const poller = RunPoller.of(context.getExecuteData());
	const waiter = poller.subscribe(context, {
		runId: readRunId(run) ?? '',
		items: nodeRun.items,
		policy: settings.policy,
		connection: request,
	});
	try {
		return await waitUntilEnded(context, run, item, { waiter, poller });
	} finally {
		poller.unsubscribe(waiter);
	}
}

async function waitUntilEnded(
	context: IExecutePaginationFunctions,
	run: IDataObject,
	{ request: connection, startRecord, settings: { policy }, nodeRun, advice }: WaitingItem,
	{ waiter, poller }: { waiter: Waiter; poller: RunPoller },
): Promise<IDataObject | NodeApiError | NodeOperationError | undefined> {
	const { over } = nodeRun.shared;
	const { runId } = waiter;
	const itemIndex = context.getItemIndex();
	const deadline = Date.now() + policy.maxWait;
	let latest = run;
	let polls = 0;
	let retryAfter: number | undefined;

	while (!isTerminal(readRunStatus(latest))) {
		const left = deadline - Date.now();
		if (left <= 0) return timeoutError(context, latest, policy, advice);
		const askedPause = Math.max(retryAfter ?? 0, waiter.retryAt - Date.now());
		const situation = { polls, items: poller.peersOf(waiter), retryAfter: askedPause };
		const interval = intervalOf(policy, waiter, situation);
		const isUpdated = await waiter.next(Math.min(interval, left), over);
		if (over.aborted) return errorWhenOver(context, runId);
		if (isUpdated) {
			latest = waiter.takeUpdate() ?? latest;
			// At the deadline, read the run once more in any case.
			if (isTerminal(readRunStatus(latest)) || Date.now() < deadline) continue;
		}

		const seen = await getRun(context, runId, { connection, itemIndex, isNew: isNew(startRecord) });
		polls += 1;
		if ('failure' in seen) return seen.failure;
		if ('record' in seen) delete startRecord.startedAt;
		latest = 'record' in seen ? seen.record : (waiter.update ?? latest);
		retryAfter = 'retryAfter' in seen ? seen.retryAfter : undefined;
	}
	return latest;
}

/** Milliseconds until the run is read. */
function intervalOf(
	policy: PollingPolicy,
	{ listed }: Waiter,
	situation: { polls: number; items: number; retryAfter: number },
): number {
	const random = Math.random();
	return nextInterval(listed ? relaxedPolicy(policy) : policy, { ...situation, random });
}

function timeoutError(
	context: IExecutePaginationFunctions,
	run: IDataObject,
	policy: PollingPolicy,
	advice: string | undefined,
): NodeApiError {
	const waited = { minutes: policy.maxWait / 60_000, itemIndex: context.getItemIndex() };
	return waitRanOutError(context.getNode(), run, waited, advice);
}

/** The error after Stop. Where the execution ended otherwise, an error would only fill n8n's log. */
function errorWhenOver(
	context: IExecutePaginationFunctions,
	runId: string,
): NodeOperationError | undefined {
	if (context.getExecutionCancelSignal()?.aborted !== true) return undefined;
	return waitEndedError(context.getNode(), runId, context.getItemIndex());
}
