import { asText, isObject } from '../values/json';
import { SIGNATURE_HEADER } from './signature';

/** What of a request matters before its body is read. */
export interface Incoming {
	/** The body's bytes, as far as can be told: of a body that n8n has not read yet, what the header says. */
	length: number;
	/** The signature header; undefined where there is none, an empty text where it is empty. */
	signature: unknown;
	/** Runflow's name for this very request; it differs from one attempt to the next. */
	requestId: unknown;
}

/** Always sent by Runflow. @see docs/runflow-api.md, "Callback headers" */
const REQUEST_ID_HEADER = 'runflow-request-id';

/**
 * Reads the headers of a request.
 * @param request Express's, with what n8n adds to it: `rawBody` where it has read the body
 */
export function readIncoming(request: unknown): Incoming {
	const { rawBody, headers: given } = isObject(request) ? request : {};
	const headers = isObject(given) ? given : {};
	const announced = Number(asText(headers['content-length']));
	return {
		length: isBytes(rawBody) ? rawBody.length : announced || 0,
		signature: headers[SIGNATURE_HEADER],
		requestId: headers[REQUEST_ID_HEADER],
	};
}

/**
 * The body as it came, unpacked where it was sent compressed. n8n has read it by itself where it is JSON,
 * and reads it now where it is called something else.
 * @returns undefined where it cannot be had: multipart, cut off, longer than n8n allows
 * @see docs/n8n-engine.md, "Reading the body"
 */
export async function readBody(request: unknown): Promise<Uint8Array | undefined> {
	if (!isObject(request)) return undefined;
	// Where n8n has read a form nothing is left, and with a gzip header its reader throws where nobody catches it.
	if (!isBytes(request.rawBody) && request.readable !== false && isReader(request.readRawBody)) {
		try {
			await request.readRawBody();
		} catch {
			return undefined;
		}
	}
	return isBytes(request.rawBody) ? request.rawBody : undefined;
}

function isBytes(value: unknown): value is Uint8Array {
	return value instanceof Uint8Array;
}

function isReader(value: unknown): value is () => Promise<unknown> {
	return typeof value === 'function';
}
