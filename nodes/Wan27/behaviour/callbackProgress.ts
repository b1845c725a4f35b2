/** What this n8n process has seen of the runs that one suspended execution waits for. */
export interface Progress {
	/** Runs that have ended. */
	ended: Set<string>;
	/** The run that was found unfinished last: the one to look at first. */
	pending?: string;
	/** When the execution was let go on (ms since 1970). */
	resumedAt?: number;
}

/** Suspensions remembered at the most; the oldest is forgotten first. */
const KEPT = 10_000;
/** How long n8n gets to let an execution go on, in milliseconds, before another callback may try again. */
const RESUMING_TIME = 60_000;

const known = new Map<string, Progress>();

/**
 * What is known of a suspension. It only saves requests: n8n keeps nothing of what a waiting webhook
 * learns, and after a restart each run is simply looked at again.
 * @see n8n-engine.md section 3
 */
export function progressOf(suspensionId: string): Progress {
	const progress = known.get(suspensionId) ?? { ended: new Set<string>() };
	known.set(suspensionId, progress);
	const [oldest] = known.keys();
	if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
	return progress;
}

/** Whether another callback is letting the execution go on right now. */
export function isResuming({ resumedAt }: Progress, now: number): boolean {
	return resumedAt !== undefined && now - resumedAt < RESUMING_TIME;
}
