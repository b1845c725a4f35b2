import type { IDataObject } from 'n8n-workflow';

import { isObject, parseJson } from '../../values/json';
import { isRunflows } from './envelope';
import { isSetting, type NetworkError } from './networkError';

/** Any HTTP response. */
export interface ApiAnswer {
	/** The HTTP status; 0 where n8n gives none. */
	status: number;
	headers: IDataObject;
	body: unknown;
}

/** Takes what is needed from a response with a 2xx status; undefined where the response does not hold it. */
export type Read<Value> = (answer: ApiAnswer) => Value | undefined;

/** What came of a request. Made by {@link toResult} and {@link networkFailure} only, so that statuses are judged in one place. */
export type ApiResult<Value = ApiAnswer> =
	{ ok: true; value: Value; answer: ApiAnswer } | { ok: false; error: ApiError };

/** Why a request failed. */
export type ApiError = {
	/** Whether the same request may succeed later. */
	isTransient: boolean;
	/** How long Runflow asks to wait before that, in milliseconds. */
	retryAfter: number | undefined;
	/** Whether Runflow may have acted on the request, for example started a run. */
	mayHaveActed: boolean;
} & (
	| ({
			/** No response came. */
			kind: 'network';
			status: undefined;
			answer: undefined;
	  } & NetworkError)
	| {
			/** `refused`: the status is not 2xx. `unreadable`: it is, but the response does not hold what was requested. */
			kind: 'refused' | 'unreadable';
			status: number;
			/** For the error texts. */
			answer: ApiAnswer;
	  }
);

/** The result of a request that got a response. */
export function toResult<Value>(answer: ApiAnswer, read: Read<Value>): ApiResult<Value> {
	const { status, headers } = answer;
	const isSuccess = isAccepted(status);
	const value = isSuccess ? read(answer) : undefined;
	if (value !== undefined) return { ok: true, value, answer };
	return {
		ok: false,
		error: {
			kind: isSuccess ? 'unreadable' : 'refused',
			status,
			answer,
			isTransient: isTransient(status),
			retryAfter: readRetryAfter(headers['retry-after'], Date.now()),
			mayHaveActed: mayHaveActed(answer),
		},
	};
}

/** The result of a request that got no response. */
export function networkFailure(error: NetworkError): { ok: false; error: ApiError } {
	return {
		ok: false,
		error: {
			kind: 'network',
			...error,
			status: undefined,
			answer: undefined,
			isTransient: !isSetting(error.code),
			retryAfter: undefined,
			mayHaveActed: !error.neverSent,
		},
	};
}

/** Reads a response from what n8n's helper returned, or from the item in which a declarative node keeps it. */
export function toAnswer(returned: unknown): ApiAnswer {
	const kept: unknown =
		Array.isArray(returned) && isObject(returned[0]) ? returned[0].json : returned;
	const { statusCode, headers, body } = isObject(kept) ? kept : {};
	return {
		status: typeof statusCode === 'number' ? statusCode : 0,
		headers: isObject(headers) ? headers : {},
		body: typeof body === 'string' ? jsonOr(body) : body,
	};
}

/** What a text holds as JSON; the text itself where it is none, such as a proxy's page. */
function jsonOr(text: string): unknown {
	try {
		return parseJson(text);
	} catch {
		return text;
	}
}

/** Whether a status is 2xx. */
export function isAccepted(status: number): boolean {
	return status >= 200 && status < 300;
}

/**
 * Whether a failure with this status may pass: too many requests, a fault of the server, or a 200 that is a proxy's
 * page instead of Runflow's response.
 */
export function isTransient(status: number): boolean {
	return status === 200 || status === 408 || status === 429 || status >= 500;
}

/**
 * A server between n8n and Runflow gives these instead of passing a request on: a proxy that wants a password, a gateway
 * without such a route, a limit. 403 and 451 are not among them: a filter may have read Runflow's response before it put
 * its own page in place.
 */
const NOT_PASSED_ON: ReadonlySet<number> = new Set([
	400, 401, 402, 404, 405, 407, 411, 413, 414, 415, 417, 421, 422, 426, 428, 429, 431,
]);

/**
 * Whether Runflow may have acted on a request with this response. Runflow's own 503 is a refusal, and its 409 may mean
 * that the same request is being handled. The answer of another server says little about Runflow.
 */
export function mayHaveActed(answer: ApiAnswer): boolean {
	const { status } = answer;
	if (status >= 300 && status < 400) return false;
	if (status < 300 || status === 408 || status === 409) return true;
	if (isRunflows(answer)) return status >= 500 && status !== 503;
	return !NOT_PASSED_ON.has(status);
}

/**
 * A Retry-After header in milliseconds: seconds, or an HTTP date.
 * @param now the time that a date is compared with, in milliseconds since 1970
 * @returns undefined where the header is missing, unreadable or not in the future
 * @see docs/readings.md, row 5
 */
export function readRetryAfter(header: unknown, now: number): number | undefined {
	if (typeof header !== 'string' || header.trim() === '') return undefined;
	const seconds = Number(header);
	const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
	return Number.isFinite(wait) && wait > 0 ? wait : undefined;
}
