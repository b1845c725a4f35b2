import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { explainAnswer, explainNetworkError } from '../shared/api/errorTexts';
import { isTerminal, readRunStatus } from '../shared/api/run';
import { callApi, isTransient, isRunRecord, type ApiResult } from '../shared/api/client';
import { tryAgain } from '../shared/api/retry';

/** How long one attempt may take, in milliseconds. Somebody waits for our answer meanwhile. */
const READ_TIMEOUT = 10_000;

/** Where the API is, and how long anybody waits for what it says. */
export interface Api {
	/** As the credential has it. */
	baseUrl: string;
	stopped: AbortSignal;
}

/**
 * The full record of a run that is over.
 * @returns it, or why it could not be read, in one sentence for n8n's log
 * @see runflow-api.md section 4, `GET /v1/runs/{id}`
 */
export async function readRun(
	context: IWebhookFunctions,
	runId: string,
	api: Api,
): Promise<{ run: IDataObject } | { problem: string }> {
	const seen = await tryAgain(
		async () => await get(context, `/v1/runs/${encodeURIComponent(runId)}`, api),
		(came) => (isFinished(came) || isFinal(came) ? undefined : 0),
		api.stopped,
	);
	if ('networkError' in seen)
		return { problem: explainNetworkError(seen.networkError, 'read').message };
	const { answer } = seen;
	if (!isRunRecord(answer)) return { problem: explainAnswer(answer, 'read').message };
	return isFinished(seen)
		? { run: answer.body }
		: { problem: 'Runflow still says that the run is not over' };
}

/** Why something could not be read, in one sentence for n8n's log. */
export interface Unread {
	problem: string;
	/** Whether asking later would bring the same answer. */
	isFinal: boolean;
}

/**
 * The history of deliveries, of a run or a batch.
 * @returns it; or why it could not be read, and whether Runflow refuses for good
 * @see runflow-api.md sections 4 and 8
 */
export async function readHistory(
	context: IWebhookFunctions,
	kind: 'runs' | 'batches',
	id: string,
	api: Api,
): Promise<{ history: unknown[] } | Unread> {
	const seen = await tryAgain(
		async () => await get(context, `/v1/${kind}/${encodeURIComponent(id)}/callback`, api),
		(came) => (listOf(came) !== undefined || isFinal(came) ? undefined : 0),
		api.stopped,
	);
	const history = listOf(seen);
	if (history !== undefined) return { history };
	if ('networkError' in seen)
		return { problem: explainNetworkError(seen.networkError, 'read').message, isFinal: false };
	const { answer } = seen;
	return {
		problem:
			answer.statusCode === 200
				? "Runflow's list of deliveries could not be read"
				: explainAnswer(answer, 'read').message,
		isFinal: isFinal(seen),
	};
}

/** The list that an answer is. */
function listOf(seen: ApiResult): unknown[] | undefined {
	if (!('answer' in seen)) return undefined;
	const { statusCode, body } = seen.answer;
	return statusCode === 200 && Array.isArray(body) ? body : undefined;
}

/** The record of a run that has ended: one that is read too early lacks its cost and its failure. */
function isFinished(seen: ApiResult): boolean {
	return (
		'answer' in seen && isRunRecord(seen.answer) && isTerminal(readRunStatus(seen.answer.body))
	);
}

/** Whether asking again would bring the same answer. */
function isFinal(seen: ApiResult): boolean {
	return 'answer' in seen && !isTransient(seen.answer.statusCode);
}

async function get(context: IWebhookFunctions, url: string, api: Api): Promise<ApiResult> {
	const call = { method: 'GET', url, timeout: READ_TIMEOUT, abortSignal: api.stopped } as const;
	return await callApi(context, call, { baseURL: api.baseUrl });
}
