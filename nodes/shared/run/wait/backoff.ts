import type { PollingPolicy } from '../nodeRun/pollingPolicy';

/** Each interval is longer than the one before by this factor. */
const BACKOFF_COEFFICIENT = 1.4;
/** Spreads the polls of items that started together: 15% earlier or later. */
const JITTER = 0.15;
/** Items that read their own runs send at most about this many requests per second together. */
const REQUESTS_PER_SECOND = 20;
/**
 * A longer Retry-After is cut to this, in milliseconds: a wait has minutes. api/retry.ts cuts it earlier, for
 * uploads. docs/architecture.md, "Wait", names all limits.
 */
const LONGEST_RETRY_AFTER = 5 * 60_000;

/** The facts that decide the time of the next poll. */
export interface Situation {
	/** Polls so far. */
	polls: number;
	/** Items of this execution that poll at the same time. */
	items: number;
	/** What the last response asked for, in milliseconds. */
	retryAfter?: number | undefined;
	/** A number from 0 to 1 (exclusive), as from Math.random. */
	random: number;
}

/**
 * How long to wait before the next poll, in milliseconds: never less than Runflow asks for by Retry-After, up to
 * {@link LONGEST_RETRY_AFTER}, and the jitter does not shorten that.
 */
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
/** List requests may then come this many times as often as the maximum interval. */
const NEAR_POLLS = 15;
/** A list request costs as much as reading one run, so it may come this many times as often. */
const SHARED_POLLS = 3;

/** The facts that decide the time of an execution's next list request. */
export interface SharedSituation extends Omit<Situation, 'items'> {
	/** Whether one of the runs has succeeded a short while ago. */
	near: boolean;
	/** Whether the list is worth reading often: the last one has shown any of the runs, or the next one looks further. */
	promising: boolean;
}

/** How long to wait before the next list request of an execution, in milliseconds. */
export function sharedInterval(
	policy: PollingPolicy,
	{ near, promising, ...situation }: SharedSituation,
): number {
	const often = Math.max(policy.maximumInterval / SHARED_POLLS, NEAR_INTERVAL);
	const maximumInterval = promising
		? Math.min(often, policy.maximumInterval)
		: policy.maximumInterval;
	const nearInterval = Math.max(NEAR_INTERVAL, policy.maximumInterval / NEAR_POLLS);
	const initialInterval = !promising
		? maximumInterval
		: near
			? nearInterval
			: policy.initialInterval;
	return nextInterval(
		{ ...policy, initialInterval, maximumInterval },
		{ ...situation, polls: near ? 0 : situation.polls, items: 1 },
	);
}

/** The policy of an item whose run the list shows: the item reads its run only if the list requests stop. */
export function relaxedPolicy(policy: PollingPolicy): PollingPolicy {
	const maximumInterval = policy.maximumInterval * SHARED_POLLS;
	return { ...policy, initialInterval: maximumInterval, maximumInterval };
}

/** A random delay before the only request of each item, in milliseconds, so that all items keep the request rate. */
export function spreadDelay(items: number, random: number): number {
	return items <= 1 ? 0 : (items / REQUESTS_PER_SECOND) * 1000 * random;
}
