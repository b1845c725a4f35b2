import { sleep } from 'n8n-workflow';

/** The look under way, and the one that is to begin after it. */
export interface Turns<T> {
	look?: Promise<T>;
	nextLook?: Promise<T>;
}

/**
 * Has one look taken at a time for all who ask. Those that ask while one is under way share the next: what the one
 * under way shows may be older than what they know. When a hundred ask at once, n8n would have no time left for
 * anything else.
 */
export async function inTurn<T>(turns: Turns<T>, look: () => Promise<T>): Promise<T> {
	turns.nextLook ??= Promise.resolve(turns.look)
		.catch(() => undefined)
		.then(async () => {
			// Items that ask in the same moment share it.
			await sleep(0);
			if (turns.nextLook !== undefined) turns.look = turns.nextLook;
			delete turns.nextLook;
			try {
				return await look();
			} finally {
				// What it has shown may be large.
				delete turns.look;
			}
		});
	return await turns.nextLook;
}
