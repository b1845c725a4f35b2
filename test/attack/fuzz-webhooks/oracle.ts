import { isUtf8 } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { gunzipSync, inflateSync } from 'node:zlib';

import type { FuzzCase } from './fuzzCase';

/*
 * Decides by the documents alone what a request is worth. Nothing of nodes/ may be used here: the code
 * under attack cannot check itself.
 */

/** What a request amounts to. */
export interface Reading {
	/** By one of the secrets; `bad`: there is a header, but not a signature by any of them. */
	signed: 'right' | 'bad' | 'absent';
	/** Whether the header, where there is one, has the form of a signature. */
	inForm: boolean;
	/** The body as it was before it was compressed; undefined where n8n cannot give it. */
	bytes: Buffer | undefined;
	/** Its contents; undefined if it is not a JSON object. */
	said: Record<string, unknown> | undefined;
}

/** n8n's own limit. @see docs/n8n-engine.md, "Reading the body" */
const LONGEST_UNPACKED = 16 * 1024 * 1024;

/**
 * In: a request and the secrets of the credential. Out: what it amounts to.
 * @see docs/runflow-api.md, "Signature"; docs/trigger.md
 */
export function read(fuzzCase: FuzzCase, secrets: readonly string[]): Reading {
	const nothing = { signed: 'absent', inForm: true, bytes: undefined, said: undefined } as const;
	if (fuzzCase.raw !== undefined || fuzzCase.method !== 'POST') return nothing;
	const given = valuesOf(fuzzCase, 'runflow-signature');
	const bytes = bytesOf(fuzzCase);
	// A header that comes twice is none that Runflow sends.
	const [signature = ''] = given;
	const inForm = given.length === 0 || (given.length === 1 && /^[0-9a-f]{64}$/.test(signature));
	const isRight =
		inForm &&
		bytes !== undefined &&
		secrets.some(
			(secret) => createHmac('sha256', secret).update(bytes).digest('hex') === signature,
		);
	return {
		signed: isRight ? 'right' : given.length === 0 ? 'absent' : 'bad',
		inForm,
		bytes,
		said: bytes === undefined ? undefined : objectOf(bytes),
	};
}

/**
 * In: what a body says. Out: whether Runflow Trigger, listening to everything, starts on it.
 * @see docs/runflow-api.md, "Callback body" and "Batch callbacks"
 */
export function isEvent(said: Reading['said']): boolean {
	const event = said?.event;
	return typeof event === 'string' && (RUN_EVENTS.has(event) || event.startsWith('batch.'));
}

/** `run.canceled` as well. @see docs/readings.md, row 1 */
const RUN_EVENTS: ReadonlySet<string> = new Set([
	'run.completed',
	'run.failed',
	'run.cancelled',
	'run.canceled',
	'run.partial_succeeded',
]);

/** In: what a body says. Out: the run that it is about. @see docs/runflow-api.md, "Answer" and "Callback body" */
export function runOf(said: Reading['said']): unknown {
	return said?.run_id ?? said?.id;
}

function valuesOf({ headers }: FuzzCase, wanted: string): string[] {
	return headers
		.filter(([name]) => name.toLowerCase() === wanted)
		.map(([, value]) => value.replace(/^[ \t]+|[ \t]+$/g, ''));
}

/**
 * n8n unpacks gzip and deflate, passes on anything else unchanged, keeps nothing of a multipart body, and itself refuses
 * JSON in another charset.
 */
function bytesOf(fuzzCase: FuzzCase): Buffer | undefined {
	const [type = ''] = valuesOf(fuzzCase, 'content-type');
	if (/^multipart\/form-data(;|$)/i.test(type)) return undefined;
	if (/^application\/json *;.*charset=(?!utf-8)/i.test(type)) return undefined;
	const encoding = valuesOf(fuzzCase, 'content-encoding').join(', ');
	const limits = { maxOutputLength: LONGEST_UNPACKED };
	try {
		if (encoding === 'gzip') return gunzipSync(fuzzCase.body, limits);
		if (encoding === 'deflate') return inflateSync(fuzzCase.body, limits);
	} catch {
		return undefined;
	}
	return fuzzCase.body.length > LONGEST_UNPACKED ? undefined : fuzzCase.body;
}

/** @see RFC 8259: UTF-8, and a byte order mark in front may be ignored */
function objectOf(bytes: Buffer): Reading['said'] {
	if (!isUtf8(bytes)) return undefined;
	const words = bytes.toString('utf8').replace(/^\ufeff/, '');
	try {
		JSON.parse(words);
		const said: unknown = JSON.parse(withTextForLargeNumbers(words));
		const isObject = typeof said === 'object' && said !== null && !Array.isArray(said);
		return isObject ? (said as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}

/** In: valid JSON. Out: the same with numbers beyond 2^53 as text. @see docs/trigger.md */
function withTextForLargeNumbers(words: string): string {
	const quote = (number: string) => {
		const isLarge = /e/i.test(number)
			? !Number.isFinite(Number(number))
			: Math.abs(Number(number)) >= 2 ** 53;
		return isLarge ? JSON.stringify(number) : number;
	};
	return words
		.split(/("[^"\\]*(?:\\.[^"\\]*)*")/)
		.map((part) => (part.startsWith('"') ? part : part.replace(/-?\d[\d.eE+-]*/g, quote)))
		.join('');
}
