import type { IHttpRequestOptions } from 'n8n-workflow';

import type { InvalidValue } from './result';

/** A refusal that knows the displayed name of its parameter. */
export type InvalidParameter = Required<InvalidValue>;

/**
 * A preSend function that throws loses the item's link on the error output (n8n issue #30050), so a
 * refusal is noted here and raised where the run would be started.
 */
const refusals = new WeakMap<IHttpRequestOptions, InvalidParameter>();

/** Remembers why this request must not be sent. */
export function noteInvalid(request: IHttpRequestOptions, refusal: InvalidParameter): void {
	refusals.set(request, refusal);
}

/** Why this request must not be sent, if there is a reason. */
export function invalidParameterOf(request: IHttpRequestOptions): InvalidParameter | undefined {
	return refusals.get(request);
}
