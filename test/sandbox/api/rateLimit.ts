import { errorAnswer, type Answer } from '../http/answer';
import type { SandboxState } from '../state';

const WINDOW_MS = 1000;

/**
 * In: the sandbox's memory and the time. Out: 429 when too many calls came within a second, otherwise null.
 * @see docs/runflow-api.md, "Rate limits"; docs/readings.md, row 5
 */
export function limitRate(state: SandboxState, nowMs: number): Answer | null {
	const limit = state.switches.rateLimit;
	if (limit === null) return null;
	const recent = state.recentCalls.filter((at) => at > nowMs - WINDOW_MS);
	const isOver = recent.length >= limit.perSecond;
	if (!isOver) recent.push(nowMs);
	state.recentCalls.splice(0, state.recentCalls.length, ...recent);
	return isOver
		? errorAnswer(
				429,
				'RATE_LIMITED',
				'Too many requests.',
				limit.retryAfter ? { 'retry-after': '1' } : {},
			)
		: null;
}
