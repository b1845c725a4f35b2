import { sleep } from 'n8n-workflow';

/** Milliseconds between the tries of a request that costs no money. @see docs/runflow-api.md, "How the SDK uploads" */
const PAUSES = [250, 750];
/** The longest Retry-After that is worth holding an item back for. */
const LONGEST_PAUSE = 30_000;

/**
 * Makes up to three attempts at something that costs no money.
 *
 * @param attempt makes one
 * @param pauseAfter how long to wait at the least before another one, in milliseconds; undefined where
 * the result is good, or another attempt would do no better
 * @param stopped aborted once nobody waits for the result any more
 */
export async function tryAgain<Result>(
	attempt: () => Promise<Result>,
	pauseAfter: (result: Result) => number | undefined,
	stopped: AbortSignal | undefined,
): Promise<Result> {
	for (const pause of PAUSES) {
		const result = await attempt();
		const atLeast = pauseAfter(result);
		if (atLeast === undefined || stopped?.aborted === true) return result;
		await sleep(Math.max(pause, Math.min(atLeast, LONGEST_PAUSE)));
	}
	return await attempt();
}
