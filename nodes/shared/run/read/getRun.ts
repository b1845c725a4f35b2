import type { IDataObject, NodeApiError } from 'n8n-workflow';

import { fetchRun, type ApiContext, type Connection } from '../../api/client';
import type { ApiError } from '../../api/result/result';
import { limits } from '../../api/limits';
import { tryAgain } from '../../api/retry';
import { readError } from './itemErrors';

/** What reading a run once gives. */
export type GetRunResult =
	| { record: IDataObject }
	/** Runflow refuses: retrying will not help. */
	| { failure: NodeApiError }
	/** A transient failure; Runflow may have asked to wait this long (ms). */
	| { retryAfter: number | undefined };

/** Where a run is read, and for which item. */
export interface From {
	connection: Connection;
	itemIndex: number;
	/** Whether Runflow accepted the run a moment ago: not all of its servers may show it yet. */
	isNew?: boolean;
}

/**
 * Reads a run, again after a transient failure, or while `isGood` is false.
 * @param stopped aborted once the result is no longer needed
 */
export async function getRunWithRetry(
	context: ApiContext,
	runId: string,
	from: From,
	stopped: AbortSignal | undefined,
	isGood: (seen: GetRunResult) => boolean = (seen) => !('retryAfter' in seen),
): Promise<GetRunResult> {
	return await tryAgain(
		async () => await getRun(context, runId, from),
		(seen) => (isGood(seen) ? undefined : 0),
		stopped,
	);
}

/** When Runflow accepted a run (ms since 1970); missing once the run was seen. */
export interface StartTime {
	startedAt?: number;
}

/** Whether a run was accepted a moment ago and has not been seen since. */
export function isNew({ startedAt = 0 }: StartTime): boolean {
	return Date.now() < startedAt + limits.runShown;
}

/** Whether reading again may show the run; a new one may not be shown everywhere yet. */
export function mayBeTransient({ isTransient, status }: ApiError, isNew: boolean): boolean {
	return isTransient || (isNew && status === 404);
}

/**
 * Reads a run once. Transient failures (no response, 429, 5xx, a response without the run; a 404 for a new run) are
 * distinguished from refusals.
 */
export async function getRun(
	context: ApiContext,
	runId: string,
	{ connection, itemIndex, isNew = false }: From,
): Promise<GetRunResult> {
	const seen = await fetchRun(context, runId, connection);
	if (seen.ok) return { record: seen.value };
	const { error } = seen;
	if (mayBeTransient(error, isNew)) return { retryAfter: error.retryAfter };
	return { failure: readError(context.getNode(), error, { itemIndex, runId }) };
}
