import { sleep } from 'n8n-workflow';

import type { ApiResult } from './result/result';

/** Milliseconds between the attempts at a request that costs no money. @see docs/runflow-api.md, "How the SDK uploads" */
const PAUSES = [250, 750];
/**
 * A longer Retry-After is cut to this, in milliseconds (only uploads pass one). Polling waits longer:
 * LONGEST_RETRY_AFTER in run/wait/backoff.ts.
 */
const LONGEST_PAUSE = 30_000;

/**
 * Makes up to three attempts at something that costs no money.
 *
 * @param attempt makes one
 * @param pauseAfter the shortest pause before another attempt, in milliseconds; undefined where the result is good, or
 * retrying will not help
 * @param stopped aborted once the result is no longer needed
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

/** The shortest pause before another attempt, in milliseconds; undefined where retrying will not help. */
export function pauseAfter(result: ApiResult<unknown>): number | undefined {
	if (result.ok) return undefined;
	const { kind, isTransient, retryAfter } = result.error;
	if (kind === 'unreadable') return 0;
	return isTransient ? (retryAfter ?? 0) : undefined;
}
