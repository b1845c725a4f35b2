import type { Switches } from '../switches';
import type { PostResult } from './post';

/**
 * In: the policy, the delays between attempts, the number of attempts made and what the last one met.
 * Out: how long to wait before the next one, or null when there is none.
 * Source: the seeds, "Retries: 3 attempts with exponential backoff (1s, 2s). Retries on 5xx / network errors only";
 * 'newer': runflow-api.md section 5 (C-cb), any non-2xx.
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
 * Source: runflow-api.md section 5, "Receiver must answer 200".
 */
export function isDelivered(result: PostResult): boolean {
	return result.kind === 'answered' && result.status >= 200 && result.status < 300;
}

function isWorthRetrying(policy: Switches['callbackRetryPolicy'], result: PostResult): boolean {
	if (result.kind === 'unreachable') return true;
	return policy === 'seed' ? result.status >= 500 : !isDelivered(result);
}
