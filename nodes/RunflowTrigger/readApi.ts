import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { callApi } from '../shared/api/client';
import { explainForLog } from '../shared/api/errorTexts/errorTexts';
import type { ApiAnswer, ApiError, ApiResult, Read } from '../shared/api/result/result';
import { isTerminal, readRunRecord, readRunStatus } from '../shared/api/run';
import { tryAgain } from '../shared/api/retry';

/** How long one attempt may take, in milliseconds. The sender of the callback waits meanwhile. */
const READ_TIMEOUT = 10_000;

/** The address of the API, and a signal that ends all requests. */
export interface Api {
	/** The Base URL of the credential. */
	baseUrl: string;
	stopped: AbortSignal;
}

/**
 * The full record of a run that has ended.
 * @returns the record, or why it could not be read, in one sentence for n8n's log
 * @see docs/runflow-api.md, "Get a run"
 */
export async function readRun(
	context: IWebhookFunctions,
	runId: string,
	api: Api,
): Promise<{ run: IDataObject } | { problem: string }> {
	const read = await tryAgain(
		async () => await get(context, `/v1/runs/${encodeURIComponent(runId)}`, api, readRunRecord),
		(result) => ((result.ok ? isOver(result.value) : isFinal(result.error)) ? undefined : 0),
		api.stopped,
	);
	if (!read.ok) return { problem: explainForLog(read.error) };
	return isOver(read.value)
		? { run: read.value }
		: { problem: 'Runflow still reports the run as unfinished' };
}

/** Why something could not be read, in one sentence for n8n's log. */
export interface Unread {
	problem: string;
	/** Whether a later request would get the same answer. */
	isFinal: boolean;
}

/**
 * The delivery history of a run or a batch.
 * @returns the history; or why it could not be read, and whether Runflow refuses permanently
 * @see docs/runflow-api.md, "Delivery history" and "Batch callbacks"
 */
export async function readHistory(
	context: IWebhookFunctions,
	kind: 'runs' | 'batches',
	id: string,
	api: Api,
): Promise<{ history: unknown[] } | Unread> {
	const read = await tryAgain(
		async () => await get(context, `/v1/${kind}/${encodeURIComponent(id)}/callback`, api, readList),
		(result) => (result.ok || isFinal(result.error) ? undefined : 0),
		api.stopped,
	);
	if (read.ok) return { history: read.value };
	const { error } = read;
	return {
		problem:
			error.status === 200
				? "Runflow's list of deliveries could not be read"
				: explainForLog(error),
		isFinal: isFinal(error),
	};
}

function readList({ status, body }: ApiAnswer): unknown[] | undefined {
	return status === 200 && Array.isArray(body) ? body : undefined;
}

/** Whether a run has ended. Before that, its record lacks its cost and its failure. */
function isOver(run: IDataObject): boolean {
	return isTerminal(readRunStatus(run));
}

/** Whether another attempt would get the same answer. */
function isFinal({ isTransient }: ApiError): boolean {
	return !isTransient;
}

async function get<Value>(
	context: IWebhookFunctions,
	url: string,
	api: Api,
	read: Read<Value>,
): Promise<ApiResult<Value>> {
	const call = { method: 'GET', url, timeout: READ_TIMEOUT, abortSignal: api.stopped } as const;
	return await callApi(context, call, { baseURL: api.baseUrl }, read);
}
