import type { IDataObject } from 'n8n-workflow';

import { isObject, parseJson } from '../values/json';
import { readEnvelope } from './envelope';

/** An HTTP response, whatever it says. */
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
	| {
			/** No response came. */
			kind: 'network';
			/** Such as ECONNRESET; empty where there is none. */
			code: string;
			status: undefined;
			answer: undefined;
	  }
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

/**
 * The result of a request that got no response.
 * @param code the network error's code, such as ECONNRESET; empty where there is none
 */
export function networkFailure(code: string): { ok: false; error: ApiError } {
	return {
		ok: false,
		error: {
			kind: 'network',
			code,
			status: undefined,
			answer: undefined,
			isTransient: true,
			retryAfter: undefined,
			mayHaveActed: !neverSent(code),
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

/** The code of a network error such as ECONNRESET; n8n keeps it in different places by version. */
export function readNetworkCode(error: unknown): string {
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
 * Whether Runflow may have acted on a request with this response. A gateway's own response (408, 5xx without Runflow's
 * envelope) says nothing about Runflow. Runflow's own 503 is a refusal, and its 409 may mean that the same request is
 * being handled.
 */
export function mayHaveActed({ status, body }: ApiAnswer): boolean {
	if (status === 503) return readEnvelope(body).code === undefined;
	return status < 300 || status === 408 || status === 409 || status >= 500;
}

/** Network errors that happen before the first byte of the request is sent. */
const NEVER_SENT = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'CERT_HAS_EXPIRED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'CERT_NOT_YET_VALID',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'ERR_INVALID_CHAR',
	'ERR_INVALID_URL',
	'ERR_SSL_WRONG_VERSION_NUMBER',
]);

/** Whether a network error means that Runflow cannot have received anything. */
export function neverSent(code: string): boolean {
	return NEVER_SENT.has(code);
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
