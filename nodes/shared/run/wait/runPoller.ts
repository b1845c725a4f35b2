import type { IExecutePaginationFunctions } from 'n8n-workflow';

import type { Connection } from '../../api/client';
import { isSuccessful, isTerminal, readRunStatus } from '../../api/run';
import { idle } from '../../async/pause';
import type { PollingPolicy } from '../nodeRun/pollingPolicy';
import {
	firstWindow,
	listRunsInWindow,
	LIST_THRESHOLD,
	nextWindow,
	type RunList,
} from '../read/listRuns';
import { sharedInterval } from './backoff';
import { Waiter } from './waiter';

/** How the list of runs is polled for all items. */
interface ListPolling {
	/** How many items there are. */
	items: number;
	policy: PollingPolicy;
	connection: Connection;
}

/** After a run has succeeded, the others are expected to end within this time, in milliseconds. */
const NEAR_PERIOD = 30_000;

/**
 * The items of one node run that wait for their runs at the same time. Below {@link LIST_THRESHOLD} items, each item
 * reads its run. From then on, one loop of list requests serves all items until none waits; only the items whose runs
 * the list does not show still read theirs.
 *
 * Lifetime: made for the first item of a node run that waits, and dropped with the data of the node run.
 */
export class RunPoller {
	private static readonly pollers = new WeakMap<object, RunPoller>();

	/** @param key the same for all items that wait at the same time */
	static of(key: object): RunPoller {
		const poller = RunPoller.pollers.get(key) ?? new RunPoller();
		RunPoller.pollers.set(key, poller);
		return poller;
	}

	private readonly waiters = new Set<Waiter>();
	/** How many items read their runs. */
	private unlistedCount = 0;
	/** Whether the loop of list requests runs. */
	private isPolling = false;

	get size(): number {
		return this.waiters.size;
	}

	get unlisted(): number {
		return this.unlistedCount;
	}

	/** Adds an item. The one that reaches {@link LIST_THRESHOLD} starts the loop, with its own polling policy. */
	subscribe(
		context: IExecutePaginationFunctions,
		{ runId, ...polling }: ListPolling & { runId: string },
	): Waiter {
		const waiter = new Waiter(runId, this.isPolling);
		this.waiters.add(waiter);
		if (!this.isPolling) this.unlistedCount++;
		if (!this.isPolling && this.waiters.size >= LIST_THRESHOLD) {
			this.isPolling = true;
			for (const one of this.waiters) this.setListed(one, true);
			this.poll(context, polling).catch(() => undefined);
		}
		return waiter;
	}

	/** Removes an item that no longer waits. */
	unsubscribe(waiter: Waiter): void {
		if (this.waiters.delete(waiter) && !waiter.listed) this.unlistedCount--;
	}

	/** How many items send requests of the same kind as this one, and share the request rate. */
	peersOf(waiter: Waiter): number {
		return waiter.listed ? this.waiters.size : this.unlistedCount;
	}

	/** Polls the list for all items until none waits. */
	private async poll(
		context: IExecutePaginationFunctions,
		{ items, policy, connection }: ListPolling,
	): Promise<void> {
		const window = new Window(items);
		let nearUntil = 0;
		let promising = true;
		let retryAfter: number | undefined;
		for (let polls = 0; ; polls++) {
			const near = Date.now() < nearUntil;
			const situation = { polls, near, promising, retryAfter, random: Math.random() };
			await idle(sharedInterval(policy, situation));
			if (this.waiters.size === 0) {
				this.isPolling = false;
				return;
			}
			const runIds = new Set([...this.waiters].map(({ runId }) => runId));
			const list = await listRunsInWindow(context, runIds, window.size, connection);
			const isIncomplete = list.failed === undefined && list.found < runIds.size;
			const hasGrown = isIncomplete && window.grow();
			retryAfter = list.failed?.retryAfter;
			promising = hasGrown || list.records.size > 0;
			if (this.deliver(list)) nearUntil = Date.now() + NEAR_PERIOD;
		}
	}

	/**
	 * Passes the records on to the items.
	 * @returns whether one of the runs has succeeded
	 */
	private deliver({ records, failed }: RunList): boolean {
		let someSucceeded = false;
		for (const waiter of this.waiters) {
			const record = records.get(waiter.runId);
			// A transient failure must not make all items read their runs at once.
			if (record !== undefined || failed?.isTransient !== true)
				this.setListed(waiter, record !== undefined);
			waiter.retryAt = Date.now() + (failed?.retryAfter ?? 0);
			if (record === undefined) continue;
			waiter.update = record;
			const status = readRunStatus(record);
			if (!isTerminal(status)) continue;
			someSucceeded ||= isSuccessful(status);
			waiter.wake();
		}
		return someSucceeded;
	}

	private setListed(waiter: Waiter, listed: boolean): void {
		if (waiter.listed === listed) return;
		waiter.listed = listed;
		this.unlistedCount += listed ? -1 : 1;
		waiter.wake();
	}
}

/** How many of the newest runs are looked through. */
class Window {
	size: number;
	private mayGrow = true;

	/** @param items how many items there are */
	constructor(private readonly items: number) {
		this.size = firstWindow(items);
	}

	/**
	 * Makes it larger, since a run was not found; permanently small again once the largest did not suffice.
	 * @returns whether it is larger
	 */
	grow(): boolean {
		if (!this.mayGrow) return false;
		const larger = nextWindow(this.size);
		// Reading so much is not worth it for a run that is not even among that many.
		this.mayGrow = larger !== undefined;
		this.size = larger ?? firstWindow(this.items);
		return this.mayGrow;
	}
}
