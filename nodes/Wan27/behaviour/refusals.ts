import type { IHttpRequestOptions } from 'n8n-workflow';

import type { Refusal } from '../fields/verdict';

/** A refusal that knows the displayed name of its parameter. */
export type NamedRefusal = Required<Refusal>;

/**
 * A preSend function that throws loses the item's link on the error output (n8n issue #30050), so a
 * refusal is noted here and raised where the run would be started.
 */
const refusals = new WeakMap<IHttpRequestOptions, NamedRefusal>();

/** Remembers why this request must not be sent. */
export function noteRefusal(request: IHttpRequestOptions, refusal: NamedRefusal): void {
	refusals.set(request, refusal);
}

/** Why this request must not be sent, if there is a reason. */
export function refusalOf(request: IHttpRequestOptions): NamedRefusal | undefined {
	return refusals.get(request);
}
