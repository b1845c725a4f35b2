import type { IDataObject, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import type { Connection } from '../../../api/client';
import { isSuccessful, isTerminal, readRunStatus } from '../../../api/run';
import { mapConcurrent } from '../../../async/mapConcurrent';
import type { OutputSettings } from '../../nodeRun/outputSettings';
import { getRunWithRetry, type GetRunResult } from '../../read/getRun';
import { runFailedError, type Failure } from '../../read/itemErrors';
import { listRuns } from '../../read/listRuns';
import type { Found, Progress } from '../callbackProgress';
import { runIdsOf, type SuspendedItem } from '../suspension';
import type { ReceivedCallback } from './receivedCallback';

/** An item whose run has a result, and what the user wants of it. */
export interface SuccessfulRun {
	record: IDataObject;
	output: OutputSettings;
}

/** How an item ends. One that failed before the suspension is an item already. */
export type Outcome = SuccessfulRun | INodeExecutionData | Failure;

/**
 * Reads the runs of a suspended execution from the API: first whether all have ended, then how.
 * @returns the outcomes of all items, in their order; or `unclear` if Runflow does not clearly show one of the runs
 */
export async function readSuspendedRuns(
	context: IWebhookFunctions,
	received: ReceivedCallback,
	progress: Progress,
): Promise<Outcome[] | Exclude<Found, 'all ended'>> {
	const found = await checkRuns(context, received, progress);
	if (found !== 'all ended') return found;
	const { suspension, connection } = received;
	const listed = await listRuns(context, runIdsOf(suspension), connection);
	const outcomes = await mapConcurrent(
		suspension.items,
		async (item, itemIndex) => await readItem(context, item, itemIndex, { connection, listed }),
	);
	return areClear(outcomes) ? outcomes : 'unclear';
}

/** Whether all runs have ended. Reads only those that are not known to have, until one is found that has not. */
export async function checkRuns(
	context: IWebhookFunctions,
	{ suspension, runId: ownRunId, connection }: ReceivedCallback,
	progress: Progress,
): Promise<Found> {
	// Most often it is the same one as before.
	const found = await readEach(context, [progress.pending ?? ownRunId], progress, connection);
	if (found !== 'all ended') return found;

	const others = runIdsOf(suspension).filter((runId) => !progress.ended.has(runId));
	const listed = await listRuns(context, others, connection);
	const [unfinished] = [...listed].find(([, run]) => !isTerminal(readRunStatus(run))) ?? [];
	for (const [runId, run] of listed) {
		if (isTerminal(readRunStatus(run))) progress.ended.add(runId);
	}
	// After the last callback the runs are not read again. The list may lag behind, so it is not enough to decide that a
	// run has not ended.
	const ordered = unfinished === undefined ? others : [unfinished, ...others];
	return await readEach(context, ordered, progress, connection);
}

async function readEach(
	context: IWebhookFunctions,
	runIds: string[],
	progress: Progress,
	connection: Connection,
): Promise<Found> {
	for (const runId of runIds) {
		if (progress.ended.has(runId)) continue;
		const seen = await getRunWithRetry(context, runId, { connection, itemIndex: 0 }, undefined);
		if ('retryAfter' in seen) return 'unclear';
		if (!hasEnded(seen)) {
			progress.pending = runId;
			return 'unfinished';
		}
		// Waiting for a run that Runflow refuses to show is useless too: its item becomes an error.
		progress.ended.add(runId);
	}
	return 'all ended';
}

async function readItem(
	context: IWebhookFunctions,
	item: SuspendedItem,
	itemIndex: number,
	{
		connection,
		listed,
	}: Pick<ReceivedCallback, 'connection'> & { listed: ReadonlyMap<string, IDataObject> },
): Promise<Outcome | 'unclear'> {
	if ('failed' in item) return { json: item.failed };
	const shown = listed.get(item.runId);
	const inList: GetRunResult | undefined = shown && { record: shown };
	const from = { connection, itemIndex };
	// A callback may be ahead of what the API shows.
	const seen =
		inList !== undefined && hasEnded(inList)
			? inList
			: await getRunWithRetry(context, item.runId, from, undefined, hasEnded);
	if ('failure' in seen) return seen.failure;
	if (!('record' in seen) || !hasEnded(seen)) return 'unclear';
	const { record } = seen;
	return isSuccessful(readRunStatus(record))
		? { record, output: item.output }
		: runFailedError(context.getNode(), record, itemIndex);
}

function hasEnded(seen: GetRunResult): boolean {
	return 'failure' in seen || ('record' in seen && isTerminal(readRunStatus(seen.record)));
}

function areClear<T>(outcomes: (T | 'unclear')[]): outcomes is T[] {
	return !outcomes.includes('unclear');
}
