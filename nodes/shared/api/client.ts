import type {
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { readNetworkError, TIMED_OUT } from './result/networkError';
import {
	networkFailure,
	toAnswer,
	toResult,
	type ApiAnswer,
	type ApiResult,
	type Read,
} from './result/result';
import { readRunRecord } from './run';

/** How long a request may take. */
export interface Timing {
	/** The timeout that n8n was given for the request, in milliseconds. */
	timeout: number;
	/** How many bytes are sent: older versions of n8n do not count the time that sending takes. */
	bytes?: number;
}

/**
 * Sends a request and classifies what comes of it. Never throws.
 *
 * n8n's own timeout ends with the response's headers, so a response that is still incomplete a little later is given up.
 *
 * @param request resolves to status, headers and body, or to the item in which a declarative node keeps them
 * @param read takes the value from a response with a 2xx status; left out, the value is the response
 */
export async function send(request: () => Promise<unknown>, timing: Timing): Promise<ApiResult>;
export async function send<Value>(
	request: () => Promise<unknown>,
	timing: Timing,
	read: Read<Value>,
): Promise<ApiResult<Value>>;
export async function send(
	request: () => Promise<unknown>,
	{ timeout, bytes = 0 }: Timing,
	read: Read<unknown> = (answer: ApiAnswer) => answer,
): Promise<ApiResult<unknown>> {
	const longest = Math.max(0, Math.ceil(timeout + bytes / SLOWEST_UPLOAD)) + EXTRA_TIME;
	const late = AbortSignal.timeout(Math.min(longest, LONGEST_TIMER));
	let giveUp: () => void = () => undefined;
	const timedOut = new Promise<ApiResult<unknown>>((resolve) => {
		giveUp = () => {
			resolve(networkFailure({ code: TIMED_OUT, neverSent: false }));
		};
	});
	late.addEventListener('abort', giveUp);
	const result = await Promise.race([timedOut, attempt(request, read)]);
	late.removeEventListener('abort', giveUp);
	return result;
}

/** Wait this much longer than n8n's own timeout, whose error is clearer, in milliseconds. */
const EXTRA_TIME = 1000;
/** The slowest connection that is allowed for, in bytes per millisecond. */
const SLOWEST_UPLOAD = 32;
/** The longest time that Node can measure, in milliseconds: a longer timer ends immediately. */
const LONGEST_TIMER = 2 ** 31 - 1;

async function attempt(
	request: () => Promise<unknown>,
	read: Read<unknown>,
): Promise<ApiResult<unknown>> {
	let returned: unknown;
	try {
		returned = await request();
	} catch (error) {
		return networkFailure(readNetworkError(error));
	}
	return toResult(toAnswer(returned), read);
}

/** Where requests are sent from: an item while the node runs, or a callback while the execution is suspended. */
export type ApiContext = IExecutePaginationFunctions | IWebhookFunctions;

/** The same, or the editor while the node is set up. */
export type RequestContext = ApiContext | ILoadOptionsFunctions;

/** What further requests take over from the one that started the run. */
export interface Connection extends Pick<
	IHttpRequestOptions,
	'baseURL' | 'proxy' | 'skipSslCertificateValidation'
> {
	/** How long a read may take, in milliseconds, where the user has said so. */
	readTimeout?: number;
}

/** Reads a run's record. */
export async function fetchRun(
	context: ApiContext,
	runId: string,
	connection: Connection,
): Promise<ApiResult<IDataObject>> {
	const url = `/v1/runs/${encodeURIComponent(runId)}`;
	return await callApi(context, { method: 'GET', url }, connection, readRunRecord);
}

/** A request to the API. */
export type ApiCall = Pick<
	IHttpRequestOptions,
	'method' | 'url' | 'qs' | 'body' | 'timeout' | 'abortSignal'
>;

/**
 * Sends a request to the API other than the one that starts the run: with the same credential, proxy and certificate
 * settings.
 * @param read takes the value from a response with a 2xx status
 */
export async function callApi<Value>(
	context: RequestContext,
	call: ApiCall,
	connection: Connection,
	read: Read<Value>,
): Promise<ApiResult<Value>> {
	const { baseURL, readTimeout = READ_TIMEOUT } = connection;
	const request: IHttpRequestOptions = {
		...(baseURL === undefined ? {} : { baseURL }),
		...transportOptions(connection),
		timeout: readTimeout,
		...call,
		json: true,
		// So that the body can be parsed without changing large numbers.
		encoding: 'text',
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
		{ timeout: call.timeout ?? readTimeout },
		read,
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

/** How long one read of a run may take, in milliseconds. @see docs/runflow-api.md, "How the SDK waits" */
const READ_TIMEOUT = 30_000;
