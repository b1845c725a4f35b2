import type { Coalesced } from '../../async/coalesce';

/** Whether runs have ended, as far as Runflow shows it. */
export type Found = 'all ended' | 'unfinished' | 'unclear';

/** What this n8n process knows about the runs that one suspended execution waits for. */
export interface Progress extends Coalesced<Found> {
	/** Runs that have ended. */
	ended: Set<string>;
	/** Runs that have ended according to an unsigned callback only. */
	unverified: Set<string>;
	/** The run that was last found unfinished. It is read first. */
	pending?: string;
	/** Whether the runs are being read repeatedly for one callback, since Runflow gives no clear answer. */
	asking: boolean;
	/** The callback that resumes the execution. */
	resuming?: {
		/** Whether Runflow showed all runs clearly. */
		clear: Promise<boolean>;
		/** When n8n was given the items (ms since 1970). */
		handedOver?: number;
	};
}

/** How many suspensions are remembered at most. */
const KEPT = 10_000;

/** How long n8n has to resume an execution, in milliseconds, before another callback may try again. */
const HAND_OVER_TIME = 60_000;

/**
 * The progress of all suspensions. Lives as long as the process; of more than {@link KEPT} suspensions, the oldest is
 * forgotten.
 */
class ProgressStore {
	readonly #bySuspension = new Map<string, Progress>();

	get(suspensionId: string): Progress {
		const known = this.#bySuspension.get(suspensionId);
		if (known !== undefined) return known;
		const progress = { ended: new Set<string>(), unverified: new Set<string>(), asking: false };
		this.#bySuspension.set(suspensionId, progress);
		const [oldest] = this.#bySuspension.keys();
		if (this.#bySuspension.size > KEPT && oldest !== undefined) this.#bySuspension.delete(oldest);
		return progress;
	}
}

const store = new ProgressStore();

/**
 * The progress of a suspension. It saves requests and coordinates the callbacks within this process: n8n keeps
 * nothing that a waiting webhook learns. After a restart, each run is simply read again.
 * @see docs/n8n-engine.md, "Resuming"
 */
export function progressOf(suspensionId: string): Progress {
	return store.get(suspensionId);
}

/**
 * Whether another callback is resuming the execution. A callback that came {@link HAND_OVER_TIME} after n8n was given
 * the items may try again: n8n itself refuses callbacks for an execution that runs. But one that came before has an
 * outdated copy of the execution.
 * @param cameAt when the callback came (ms since 1970)
 */
export function isResuming({ resuming }: Progress, cameAt: number): boolean {
	if (resuming === undefined) return false;
	return resuming.handedOver === undefined || cameAt - resuming.handedOver < HAND_OVER_TIME;
}
