/** How often a run is asked for, and for how long. Milliseconds throughout. */
export interface Pace {
	/** When to look first: early, since a run may fail within moments. */
	firstLook: number;
	/** The longest time between two looks. */
	longestInterval: number;
	/** When to give up waiting. The run itself goes on. */
	maxWait: number;
	/** How long the execution stays awake for many runs that are to call back. */
	holdMany: number;
}

/** Images take seconds. */
export const IMAGE_PACE: Pace = {
	firstLook: 1500,
	longestInterval: 5000,
	maxWait: 10 * 60_000,
	holdMany: 15_000,
};

/** Videos take 1 to 15 minutes. @see runflow-api.md section 9c, "speed" */
export const VIDEO_PACE: Pace = {
	firstLook: 4000,
	longestInterval: 15_000,
	maxWait: 30 * 60_000,
	holdMany: 0,
};

/** How long a suspended execution waits to be called back. It costs nothing meanwhile. */
export const CALLBACK_WAIT = 120 * 60_000;

/** A pace with the user's own limits, where they are numbers above zero. */
export function paceFor(
	pace: Pace,
	own: { longestIntervalSeconds: unknown; maxWaitMinutes: unknown },
): Pace {
	return {
		...pace,
		longestInterval: positive(own.longestIntervalSeconds, 1000) ?? pace.longestInterval,
		maxWait: positive(own.maxWaitMinutes, 60_000) ?? pace.maxWait,
	};
}

function positive(value: unknown, unit: number): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && number > 0 ? number * unit : undefined;
}

/** Each interval is this much longer than the one before. */
const GROWTH = 1.4;
/** Spreads the looks of items that started together: 15% earlier or later. */
const JITTER = 0.15;
/** Items of one execution that ask for their run by themselves send at most about this many looks a second together. */
const LOOKS_PER_SECOND = 20;
/** The longest Retry-After that is followed as it stands. */
const LONGEST_RETRY_AFTER = 5 * 60_000;

/** What is known when the next look is planned. */
export interface Situation {
	/** Looks taken so far. */
	looks: number;
	/** Items of this execution that wait side by side. */
	items: number;
	/** What the last answer asked for, in milliseconds. */
	retryAfter?: number | undefined;
	/** A number from 0 to 1 (not included), as from Math.random. */
	random: number;
}

/** How long to wait before the next look, in milliseconds. */
export function nextInterval(pace: Pace, { looks, items, retryAfter, random }: Situation): number {
	const grown = Math.min(
		Math.min(pace.firstLook, pace.longestInterval) * GROWTH ** looks,
		pace.longestInterval,
	);
	const polite = Math.max(grown, (items / LOOKS_PER_SECOND) * 1000);
	const jittered = polite * (1 - JITTER + 2 * JITTER * random);
	return Math.max(jittered, Math.min(retryAfter ?? 0, LONGEST_RETRY_AFTER));
}

/** The time between two looks at all runs together once one has succeeded, in milliseconds: the others are near. */
const NEAR_INTERVAL = 1000;
/** So many times oftener than the longest interval they may come then. */
const NEAR_LOOKS = 15;
/** One look at all runs costs as much as one at a single run: so many times oftener it may come. */
const SHARED_LOOKS = 3;

/** What is known when the next look at all runs of an execution is planned. */
export interface SharedSituation extends Omit<Situation, 'items'> {
	/** Whether one of the runs has succeeded. */
	near: boolean;
	/** Whether the last look has shown any of them. */
	shown: boolean;
}

/** How long to wait before the next look at all runs of an execution together, in milliseconds. */
export function sharedInterval(pace: Pace, { near, shown, ...situation }: SharedSituation): number {
	const often = Math.max(pace.longestInterval / SHARED_LOOKS, NEAR_INTERVAL);
	const longestInterval = shown ? Math.min(often, pace.longestInterval) : pace.longestInterval;
	const nearInterval = Math.max(NEAR_INTERVAL, pace.longestInterval / NEAR_LOOKS);
	const firstLook = !shown ? longestInterval : near ? nearInterval : pace.firstLook;
	return nextInterval(
		{ ...pace, firstLook, longestInterval },
		{ ...situation, looks: near ? 0 : situation.looks, items: 1 },
	);
}

/** The pace of an item that leaves it to the looks at all runs together, as long as they come. */
export function patient(pace: Pace): Pace {
	const longestInterval = pace.longestInterval * SHARED_LOOKS;
	return { ...pace, firstLook: longestInterval, longestInterval };
}

/**
 * A Retry-After header in milliseconds: seconds, or an HTTP date.
 * @param now the time that a date is compared with, in milliseconds since 1970
 * @see runflow-api.md section 10 (5): it may be there or not
 */
export function readRetryAfter(header: unknown, now: number): number | undefined {
	if (typeof header !== 'string' || header.trim() === '') return undefined;
	const seconds = Number(header);
	const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
	return Number.isFinite(wait) && wait > 0 ? wait : undefined;
}

/** Spreads the only look of each of so many items, in milliseconds, so that they stay as polite together. */
export function politeDelay(items: number, random: number): number {
	return items <= 1 ? 0 : (items / LOOKS_PER_SECOND) * 1000 * random;
}
