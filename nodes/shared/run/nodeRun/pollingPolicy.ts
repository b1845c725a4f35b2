/** How often a run is read, and for how long. All times in milliseconds. */
export interface PollingPolicy {
	/** Milliseconds until the first poll: short, since a run may fail within moments. */
	initialInterval: number;
	/** The longest time between two polls. */
	maximumInterval: number;
	/** When to give up waiting. The run itself continues. */
	maxWait: number;
	/** How long the execution stays awake for many runs that are to call back. */
	holdMany: number;
}

/** Images take seconds. */
export const IMAGE_POLLING: PollingPolicy = {
	initialInterval: 1500,
	maximumInterval: 5000,
	maxWait: 10 * 60_000,
	holdMany: 15_000,
};

/** Videos take 1 to 15 minutes. @see docs/runflow-api.md, "Image to Video: limits upstream" */
export const VIDEO_POLLING: PollingPolicy = {
	initialInterval: 4000,
	maximumInterval: 15_000,
	maxWait: 30 * 60_000,
	holdMany: 0,
};

/**
 * Any model: its kind of output and its time are unknown. It begins as for images, since the interval grows by
 * itself, and staying awake for seconds costs less than resuming for many images. It ends as for videos, since waiting
 * costs nothing.
 */
export const ANY_POLLING: PollingPolicy = {
	...IMAGE_POLLING,
	maximumInterval: VIDEO_POLLING.maximumInterval,
	maxWait: VIDEO_POLLING.maxWait,
};

/** How long a suspended execution waits to be called back. It costs nothing meanwhile. */
export const CALLBACK_WAIT = 120 * 60_000;

/** A policy with the user's own limits, where there are some. */
export function policyFor(
	policy: PollingPolicy,
	own: { longestIntervalSeconds: number | undefined; maxWaitMinutes: number | undefined },
): PollingPolicy {
	const { longestIntervalSeconds: seconds, maxWaitMinutes: minutes } = own;
	return {
		...policy,
		maximumInterval: seconds === undefined ? policy.maximumInterval : seconds * 1000,
		maxWait: minutes === undefined ? policy.maxWait : minutes * 60_000,
	};
}
