import { sleep } from 'n8n-workflow';

/** The call in progress, and the one that begins after it. */
export interface Coalesced<T> {
	current?: Promise<T>;
	next?: Promise<T>;
}

/**
 * Makes one call at a time for all callers. Callers that come while a call is in progress share the next one: the call
 * in progress may show less than they know already. Without this, a hundred callers at once would block n8n.
 */
export async function coalesce<T>(calls: Coalesced<T>, call: () => Promise<T>): Promise<T> {
	calls.next ??= Promise.resolve(calls.current)
		.catch(() => undefined)
		.then(async () => {
			// Callers in the same turn of the event loop share the call.
			await sleep(0);
			if (calls.next !== undefined) calls.current = calls.next;
			delete calls.next;
			try {
				return await call();
			} finally {
				// Its result may be large.
				delete calls.current;
			}
		});
	return await calls.next;
}
