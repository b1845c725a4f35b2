import type { Coalesced } from '../../async/coalesce';

/** Whether runs have ended, as far as Runflow shows it. */
export type Found = 'all ended' | 'unfinished' | 'unclear';

/** What this n8n process has seen of the runs that one suspended execution waits for. */
export interface Progress extends Coalesced<Found> {
	/** Runs that have ended. */
	ended: Set<string>;
	/** Runs of which nobody but an unsigned callback says that they have ended. */
	unverified: Set<string>;
	/** The run that was found unfinished last: the one to look at first. */
	pending?: string;
	/** A callback is at work in whose name Runflow is asked again and again, since it gives no clear answer. */
	asking: boolean;
	/** A callback that lets the execution go on. */
	resuming?: {
		/** Whether Runflow showed all runs at once. */
		clear: Promise<boolean>;
		/** When n8n was given the items (ms since 1970). */
		handedOver?: number;
	};
}

/** Suspensions remembered at the most; the oldest is forgotten first. */
const KEPT = 10_000;

/** How long n8n gets to let an execution go on, in milliseconds, before another callback may try again. */
const HAND_OVER_TIME = 60_000;

const known = new Map<string, Progress>();

/**
 * What is known of a suspension. It only saves requests: n8n keeps nothing of what a waiting webhook
 * learns, and after a restart each run is simply looked at again.
 * @see docs/n8n-engine.md, "Resuming"
 */
export function progressOf(suspensionId: string): Progress {
	const progress = known.get(suspensionId) ?? {
		ended: new Set<string>(),
		unverified: new Set<string>(),
		asking: false,
	};
	known.set(suspensionId, progress);
	const [oldest] = known.keys();
	if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
	return progress;
}

/**
 * Whether another callback is letting the execution go on. One that came after it was handed over may try
 * again in a while: n8n itself refuses callbacks for an execution that goes on. But one that came before has
 * an outdated copy of the execution.
 * @param cameAt when the callback came (ms since 1970)
 */
export function isResuming({ resuming }: Progress, cameAt: number): boolean {
	if (resuming === undefined) return false;
	return resuming.handedOver === undefined || cameAt - resuming.handedOver < HAND_OVER_TIME;
}
