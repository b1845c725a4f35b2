import type {
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	IWebhookFunctions,
} from 'n8n-workflow';

import type { ApiAnswer } from './errorTexts';
import { isObject } from '../values/json';
import { readRunId } from './run';

/** What came of a request: an answer, whatever it says, or the code of a network error. */
export type ApiResult = { answer: ApiAnswer } | { networkError: string };

/**
 * Sends a request and gives back the whole answer; a network error becomes its code.
 * @param request gives status, headers and body, or what a declarative node has kept of them as an item
 * @param timeout what n8n was told as the request's time-out, in milliseconds. n8n's own ends with the headers, and
 * an answer that drips in after them is not waited for any longer either.
 * @param bytes how much is sent: older versions of n8n do not count the time that it takes
 */
export async function send(
	request: () => Promise<unknown>,
	timeout: number,
	bytes = 0,
): Promise<ApiResult> {
	const longest = Math.max(0, Math.ceil(timeout + bytes / SLOWEST)) + LATE;
	const late = AbortSignal.timeout(Math.min(longest, LONGEST_TIMER));
	let giveUp: () => void = () => undefined;
	const timedOut = new Promise<ApiResult>((resolve) => {
		giveUp = () => {
			resolve({ networkError: 'ETIMEDOUT' });
		};
	});
	late.addEventListener('abort', giveUp);
	const replied = await Promise.race([timedOut, answered(request)]);
	late.removeEventListener('abort', giveUp);
	return replied;
}

/** How much longer an answer is waited for than n8n waits for its headers, in milliseconds, since n8n's own error is clearer. */
const LATE = 1000;
/** The slowest line that something is sent over, in bytes a millisecond. */
const SLOWEST = 32;
/** The longest time that Node can measure, in milliseconds: beyond it, a timer ends at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

async function answered(request: () => Promise<unknown>): Promise<ApiResult> {
	try {
		return { answer: asAnswer(await request()) };
	} catch (error) {
		return { networkError: networkCode(error) };
	}
}

/** Where requests are sent from: an item while the node runs, or a callback that comes while it waits. */
export type ApiContext = IExecutePaginationFunctions | IWebhookFunctions;

/** What a further request takes over from the one that started the run. */
export type Connection = Pick<
	IHttpRequestOptions,
	'baseURL' | 'proxy' | 'skipSslCertificateValidation'
>;

/** Reads a run. */
export async function fetchRun(
	context: ApiContext,
	runId: string,
	connection: Connection,
): Promise<ApiResult> {
	return await fetchJson(context, `/v1/runs/${encodeURIComponent(runId)}`, connection);
}

/** Reads from the API. */
export async function fetchJson(
	context: ApiContext,
	path: string,
	connection: Connection,
	query: IDataObject = {},
): Promise<ApiResult> {
	return await callApi(context, { method: 'GET', url: path, qs: query }, connection);
}

/** A request to the API beside the one that starts the run: same credential and way there as that one. */
export async function callApi(
	context: ApiContext,
	call: Pick<IHttpRequestOptions, 'method' | 'url' | 'qs' | 'body' | 'timeout' | 'abortSignal'>,
	connection: Connection,
): Promise<ApiResult> {
	const { baseURL } = connection;
	const request: IHttpRequestOptions = {
		...(baseURL === undefined ? {} : { baseURL }),
		...transportOptions(connection),
		timeout: READ_TIMEOUT,
		...call,
		json: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
	return await send(
		async () =>
			(await context.helpers.httpRequestWithAuthentication.call(
				context,
				'runflowApi',
				request,
			)) as unknown,
		call.timeout ?? READ_TIMEOUT,
	);
}

/** The proxy and certificate settings that the user gave the node. */
export function transportOptions({
	proxy,
	skipSslCertificateValidation,
}: Connection): Pick<IHttpRequestOptions, 'proxy' | 'skipSslCertificateValidation'> {
	return {
		...(proxy === undefined ? {} : { proxy }),
		...(skipSslCertificateValidation === undefined ? {} : { skipSslCertificateValidation }),
	};
}

/** Whether an answer says yes, whatever it holds. */
export function isAccepted({ statusCode }: ApiAnswer): boolean {
	return statusCode >= 200 && statusCode < 300;
}

/** Whether an answer holds a run: a 2xx with a record that has an id. */
export function isRunRecord(answer: ApiAnswer): answer is ApiAnswer & { body: IDataObject } {
	const { body } = answer;
	return isAccepted(answer) && isObject(body) && readRunId(body) !== undefined;
}

/** Statuses that say nothing about the run: a proxy's page with 200, too busy, a fault of the server. */
export function isTransient(statusCode: number): boolean {
	return statusCode === 200 || statusCode === 408 || statusCode === 429 || statusCode >= 500;
}

/** How long one look at a run may take, in milliseconds. @see runflow-api.md section 4, "SDK wait" */
const READ_TIMEOUT = 30_000;

function asAnswer(value: unknown): ApiAnswer {
	const kept: unknown = Array.isArray(value) && isObject(value[0]) ? value[0].json : value;
	const { statusCode, headers, body } = isObject(kept) ? kept : {};
	return {
		statusCode: typeof statusCode === 'number' ? statusCode : 0,
		headers: isObject(headers) ? headers : {},
		body,
	};
}

/** The code of a network error such as ECONNRESET; n8n keeps it in different places by version. */
function networkCode(error: unknown): string {
	if (!isObject(error)) return '';
	const { httpCode, code, cause } = error as {
		httpCode?: unknown;
		code?: unknown;
		cause?: unknown;
	};
	const found = [httpCode, code, isObject(cause) ? cause.code : undefined].find(
		(value) => typeof value === 'string' && /^[A-Z_]+$/.test(value),
	);
	return typeof found === 'string' ? found : '';
}
