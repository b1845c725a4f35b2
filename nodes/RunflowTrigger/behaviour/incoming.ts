import { isObject } from '../../runflow/json';
import { SIGNATURE_HEADER } from '../../runflow/signature';

/** What of a request matters. */
export interface Incoming {
	/** The body as it came, unpacked where it was sent compressed; empty where n8n kept none. */
	rawBody: Uint8Array;
	/** The signature header; undefined where there is none, an empty text where it is empty. */
	signature: unknown;
	/** Runflow's name for this very request; it differs from one attempt to the next. */
	requestId: unknown;
}

/** Always sent by Runflow. @see seeds, "Headers" */
const REQUEST_ID_HEADER = 'runflow-request-id';

/**
 * Reads a request of n8n's.
 * @param request Express's, with n8n's `rawBody`; multipart bodies have none
 */
export function readIncoming(request: unknown): Incoming {
	const { rawBody, headers } = isObject(request) ? request : {};
	const fields = isObject(headers) ? headers : {};
	return {
		rawBody: isBytes(rawBody) ? rawBody : new Uint8Array(),
		signature: fields[SIGNATURE_HEADER],
		requestId: fields[REQUEST_ID_HEADER],
	};
}

function isBytes(value: unknown): value is Uint8Array {
	return value instanceof Uint8Array;
}
