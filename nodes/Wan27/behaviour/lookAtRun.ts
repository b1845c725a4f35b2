import type { IDataObject, NodeApiError } from 'n8n-workflow';

import { explainAnswer } from '../../runflow/apiError';
import { fetchRun, isPassing, isRunRecord, type ApiContext, type Started } from '../../runflow/api';
import { readRetryAfter } from './pace';
import { apiError } from './runErrors';

/** What one look at a run gives. */
export type Look =
	| { record: IDataObject }
	/** Runflow refuses: looking again would do no better. */
	| { failure: NodeApiError }
	/** Nothing came of it this time; Runflow may have asked to wait so long (ms). */
	| { retryAfter: number | undefined };

/**
 * Reads a run once. Faults that pass (no answer, 429, 5xx, an answer that is not the run) are told from
 * refusals.
 * @param started where the request that started the run was sent decides where it is asked for
 */
export async function lookAtRun(
	this: ApiContext,
	runId: string,
	{ started, itemIndex }: { started: Started; itemIndex: number },
): Promise<Look> {
	const seen = await fetchRun.call(this, runId, started);
	if (!('answer' in seen)) return { retryAfter: undefined };
	const { answer } = seen;
	if (isRunRecord(answer)) return { record: answer.body };
	if (isPassing(answer.statusCode)) {
		return { retryAfter: readRetryAfter(answer.headers['retry-after'], Date.now()) };
	}
	const text = explainAnswer(answer, 'read');
	const httpCode = String(answer.statusCode);
	return { failure: apiError(this.getNode(), text, { itemIndex, httpCode, runId }) };
}
