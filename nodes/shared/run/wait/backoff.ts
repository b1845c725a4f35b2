import type { PollingPolicy } from '../nodeRun/pollingPolicy';

/** Each interval is this much longer than the one before. */
const BACKOFF_COEFFICIENT = 1.4;
/** Spreads the polls of items that started together: 15% earlier or later. */
const JITTER = 0.15;
/** Items of one execution that poll on their own send at most about this many requests a second together. */
const REQUESTS_PER_SECOND = 20;
/** The longest Retry-After that is followed as it stands. */
const LONGEST_RETRY_AFTER = 5 * 60_000;

/** What is known when the next poll is planned. */
export interface Situation {
	/** Polls so far. */
	polls: number;
	/** Items of this execution that wait side by side. */
	items: number;
	/** What the last answer asked for, in milliseconds. */
	retryAfter?: number | undefined;
	/** A number from 0 to 1 (not included), as from Math.random. */
	random: number;
}

/** How long to wait before the next poll, in milliseconds. */
export function nextInterval(
	policy: PollingPolicy,
	{ polls, items, retryAfter, random }: Situation,
): number {
	const grown = Math.min(
		Math.min(policy.initialInterval, policy.maximumInterval) * BACKOFF_COEFFICIENT ** polls,
		policy.maximumInterval,
	);
	const spaced = Math.max(grown, (items / REQUESTS_PER_SECOND) * 1000);
	const jittered = spaced * (1 - JITTER + 2 * JITTER * random);
	return Math.max(jittered, Math.min(retryAfter ?? 0, LONGEST_RETRY_AFTER));
}

/** The time between two list requests once one run has succeeded, in milliseconds: the others end soon too. */
const NEAR_INTERVAL = 1000;
/** They may come this many times as often as the maximum interval then. */
const NEAR_POLLS = 15;
/** A list request costs as much as reading one run, so it may come this many times as often. */
const SHARED_POLLS = 3;

/** What is known when the next list request of an execution is planned. */
export interface SharedSituation extends Omit<Situation, 'items'> {
	/** Whether one of the runs has succeeded. */
	near: boolean;
	/** Whether the last list has shown any of them. */
	shown: boolean;
}

/** How long to wait before the next list request of an execution, in milliseconds. */
export function sharedInterval(
	policy: PollingPolicy,
	{ near, shown, ...situation }: SharedSituation,
): number {
	const often = Math.max(policy.maximumInterval / SHARED_POLLS, NEAR_INTERVAL);
	const maximumInterval = shown ? Math.min(often, policy.maximumInterval) : policy.maximumInterval;
	const nearInterval = Math.max(NEAR_INTERVAL, policy.maximumInterval / NEAR_POLLS);
	const initialInterval = !shown ? maximumInterval : near ? nearInterval : policy.initialInterval;
	return nextInterval(
		{ ...policy, initialInterval, maximumInterval },
		{ ...situation, polls: near ? 0 : situation.polls, items: 1 },
	);
}

/** The policy of an item whose run the list shows: it polls on its own only if the list requests stop. */
export function relaxedPolicy(policy: PollingPolicy): PollingPolicy {
	const maximumInterval = policy.maximumInterval * SHARED_POLLS;
	return { ...policy, initialInterval: maximumInterval, maximumInterval };
}

/** A random delay before the only request of each of so many items, in milliseconds, so that they keep the limit together. */
export function spreadDelay(items: number, random: number): number {
	return items <= 1 ? 0 : (items / REQUESTS_PER_SECOND) * 1000 * random;
}
