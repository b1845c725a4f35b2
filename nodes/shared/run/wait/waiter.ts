import type { IDataObject } from 'n8n-workflow';

import { createSignal, type Signal } from '../../async/abortSignal';
import { pause } from '../../async/pause';

/** One item that waits for its run; it lives from {@link RunPoller.subscribe} to {@link RunPoller.unsubscribe}. */
export class Waiter {
	/** When Runflow may be asked again, by its Retry-After (ms since 1970). */
	retryAt = 0;
	/** What the list of runs has shown of the run since {@link takeUpdate}. */
	update: IDataObject | undefined;
	private wakeUp: () => void = () => undefined;

	/** @param listed whether Runflow's list of runs shows the run, so that the item need not read it */
	constructor(
		readonly runId: string,
		public listed: boolean,
	) {}

	/** Ends the current {@link next}. */
	wake(): void {
		this.wakeUp();
	}

	/**
	 * Waits until it is time to read the run, or there is an update.
	 * @param ms until the read, in milliseconds
	 * @param over aborted when the item's result is no longer needed
	 * @returns whether the run need not be read now: the list has shown it, or has just ceased to
	 */
	async next(ms: number, over: Signal): Promise<boolean> {
		if (this.update !== undefined) return true;
		const woken = createSignal();
		this.wakeUp = woken.abort;
		await pause(ms, over, woken);
		return woken.aborted || this.hasUpdate();
	}

	/** The update, which is then no longer there. */
	takeUpdate(): IDataObject | undefined {
		const { update } = this;
		this.update = undefined;
		return update;
	}

	private hasUpdate(): boolean {
		return this.update !== undefined;
	}
}
