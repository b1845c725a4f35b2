import type { Switches } from '../switches';
import type { PostResult } from './post';

/**
 * In: the policy, the delays between attempts, the number of attempts made and what the last one met.
 * Out: how long to wait before the next one, or null when there is none.
 * @see docs/runflow-api.md, "Callback retries": 'newer' is any non-2xx
 */
export function nextDelayMs(
	policy: Switches['callbackRetryPolicy'],
	delaysMs: readonly number[],
	attemptsMade: number,
	result: PostResult,
): number | null {
	return isWorthRetrying(policy, result) ? (delaysMs[attemptsMade - 1] ?? null) : null;
}

/**
 * In: what an attempt met. Out: whether the receiver took the callback.
 * @see docs/runflow-api.md, "Callback retries"
 */
export function isDelivered(result: PostResult): boolean {
	return result.kind === 'answered' && result.status >= 200 && result.status < 300;
}

function isWorthRetrying(policy: Switches['callbackRetryPolicy'], result: PostResult): boolean {
	if (result.kind === 'unreachable') return true;
	return policy === 'seed' ? result.status >= 500 : !isDelivered(result);
}
