import type { IDataObject, NodeApiError } from 'n8n-workflow';

import { explainAnswer, type ApiAnswer } from '../../runflow/apiError';
import { fetchRun, isPassing, isRunRecord, type ApiContext, type Started } from '../../runflow/api';
import { tryAgain } from '../../runflow/tryAgain';
import { readRetryAfter } from './pace';
import { apiError } from './runErrors';

/** What one look at a run gives. */
export type Look =
	| { record: IDataObject }
	/** Runflow refuses: looking again would do no better. */
	| { failure: NodeApiError }
	/** Nothing came of it this time; Runflow may have asked to wait so long (ms). */
	| { retryAfter: number | undefined };

/** Where the request that started the run was sent, which decides where it is asked for; and for which item. */
export interface From {
	started: Started;
	itemIndex: number;
	/** Whether Runflow may have accepted the run a moment ago and not show it everywhere yet. */
	isNew?: boolean;
}

/**
 * Reads a run, again where nothing came of it, or where it is not what is looked for.
 * @param stopped aborted once nobody waits for the result any more
 */
export async function lookAgain(
	this: ApiContext,
	runId: string,
	from: From,
	stopped: AbortSignal | undefined,
	isGood: (seen: Look) => boolean = (seen) => !('retryAfter' in seen),
): Promise<Look> {
	return await tryAgain(
		async () => await lookAtRun.call(this, runId, from),
		(seen) => (isGood(seen) ? undefined : 0),
		stopped,
	);
}

/** Whether another look may show a run that was answered for like this; a new one need not be shown everywhere yet. */
export function mayPass({ statusCode }: ApiAnswer, isNew: boolean): boolean {
	return isPassing(statusCode) || (isNew && statusCode === 404);
}

/**
 * Reads a run once. Faults that pass (no answer, 429, 5xx, an answer that is not the run; of a new run also 404)
 * are told from refusals.
 */
export async function lookAtRun(
	this: ApiContext,
	runId: string,
	{ started, itemIndex, isNew = false }: From,
): Promise<Look> {
	const seen = await fetchRun.call(this, runId, started);
	if (!('answer' in seen)) return { retryAfter: undefined };
	const { answer } = seen;
	if (isRunRecord(answer)) return { record: answer.body };
	if (mayPass(answer, isNew)) {
		return { retryAfter: readRetryAfter(answer.headers['retry-after'], Date.now()) };
	}
	const text = explainAnswer(answer, 'read');
	const httpCode = String(answer.statusCode);
	return { failure: apiError(this.getNode(), text, { itemIndex, httpCode, runId }) };
}
