import { isObject } from '../values/json';
import { SIGNATURE_HEADER } from './signature';

/** The parts of a request that matter before its body is read. */
export interface Incoming {
	/** The signature header; undefined if there is none, an empty text if it is empty. */
	signature: unknown;
	/** Runflow's ID of this request. Each attempt has its own. */
	requestId: unknown;
}

/** Always sent by Runflow. @see docs/runflow-api.md, "Callback headers" */
const REQUEST_ID_HEADER = 'runflow-request-id';

/**
 * Reads the headers of a request.
 * @param request Express's request
 */
export function readIncoming(request: unknown): Incoming {
	const { headers: given } = isObject(request) ? request : {};
	const headers = isObject(given) ? given : {};
	return {
		signature: headers[SIGNATURE_HEADER],
		requestId: headers[REQUEST_ID_HEADER],
	};
}

/**
 * The body as received, decompressed if it was sent compressed. n8n has already read a body of type JSON, and reads any
 * other body now.
 * @returns undefined if it cannot be read, such as multipart or cut off; `too long` if n8n does not take that much
 * @see docs/n8n-engine.md, "Reading the body"
 */
export async function readBody(request: unknown): Promise<Uint8Array | 'too long' | undefined> {
	if (!isObject(request)) return undefined;
	// Nothing is left of a form that n8n has read. With a gzip header, n8n's reader would throw an uncaught error.
	if (!isBytes(request.rawBody) && request.readable !== false && isReader(request.readRawBody)) {
		try {
			await request.readRawBody();
		} catch (error) {
			return isObject(error) && error.status === 413 ? 'too long' : undefined;
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
