import type { JsonObject, Json } from '../json';
import { bytesOf, type ByteSource } from './bytes';

/** A request, read whole. Header names are in lower case. */
export interface Call {
	readonly method: string;
	readonly path: string;
	readonly query: URLSearchParams;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
	/** More came than the host takes; `body` holds none of it. */
	readonly bodyTooLarge: boolean;
	readonly requestId: string;
}

/** What a host says to a call. */
export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: ByteSource;
	/** The run that this answer reports as created, for the request log. */
	readonly runId?: string;
}

/** One entry of a 422's `errors`. @see docs/runflow-api.md, "Error body" */
export interface FieldError {
	readonly loc: readonly (string | number)[];
	readonly msg: string;
	readonly type: string;
}

/** A value, or the answer that says why there is none. */
export type Checked<T> =
	{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly answer: Answer };

/**
 * In: a value. Out: the passed half of a `Checked`.
 */
export function passed<T>(value: T): Checked<T> {
	return { ok: true, value };
}

/**
 * In: the answer to give instead. Out: the refused half of a `Checked`.
 */
export function refused(answer: Answer): { readonly ok: false; readonly answer: Answer } {
	return { ok: false, answer };
}

/**
 * In: status, JSON value, further headers. Out: the answer.
 * @see docs/runflow-api.md, "Request body"
 */
export function jsonAnswer(
	status: number,
	value: Json,
	headers: Readonly<Record<string, string>> = {},
): Answer {
	return textAnswer(status, 'application/json', JSON.stringify(value), headers);
}

/**
 * In: status, media type, text, further headers. Out: the answer.
 */
export function textAnswer(
	status: number,
	contentType: string,
	text: string,
	headers: Readonly<Record<string, string>> = {},
): Answer {
	return {
		status,
		headers: { 'content-type': contentType, ...headers },
		body: bytesOf(Buffer.from(text)),
	};
}

/**
 * In: status, code, sentence, optional headers. Out: a refusal in the API's envelope, `errors` null.
 * @see docs/runflow-api.md, "Error body"
 */
export function errorAnswer(
	status: number,
	code: string,
	message: string,
	headers: Readonly<Record<string, string>> = {},
): Answer {
	return jsonAnswer(status, { code, message, errors: null }, headers);
}

/**
 * In: every bad field. Out: 422 in the API's envelope.
 * @see docs/runflow-api.md, "Error body"
 */
export function validationAnswer(errors: readonly FieldError[]): Answer {
	const entries: readonly JsonObject[] = errors.map(({ loc, msg, type }) => ({ loc, msg, type }));
	return jsonAnswer(422, {
		code: 'VALIDATION_ERROR',
		message: `Request validation failed: ${errors.length} error(s).`,
		errors: entries,
	});
}

/**
 * In: status, S3 error code, sentence. Out: a refusal as an S3-like storage host words it.
 * @see docs/runflow-api.md, "Upload": the XML is S3's
 */
export function storageErrorAnswer(status: number, code: string, message: string): Answer {
	return textAnswer(
		status,
		'application/xml',
		`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
	);
}
