import { sleep } from 'n8n-workflow';

/** The call in progress, and the one that begins after it. */
export interface Coalesced<T> {
	current?: Promise<T>;
	next?: Promise<T>;
}

/**
 * Makes one call at a time for all callers. Those that come while one is in progress share the next: what the one in
 * progress shows may be older than what they know. Without this, a hundred callers at once would leave n8n no time for
 * anything else.
 */
export async function coalesce<T>(calls: Coalesced<T>, call: () => Promise<T>): Promise<T> {
	calls.next ??= Promise.resolve(calls.current)
		.catch(() => undefined)
		.then(async () => {
			// Callers of the same moment share it.
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
