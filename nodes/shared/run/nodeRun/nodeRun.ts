import { sleep } from 'n8n-workflow';

import type { Signal } from '../../async/abortSignal';
import { FailureReport } from './failureReport';
import { ItemBarrier, type Arrival } from './itemBarrier';

/** What the first item reads for all items of its node run. */
export interface SetUp<Shared> {
	shared: Shared;
	/** What to do when some items do not join. An item never joins when n8n cannot evaluate its expressions. */
	whenIncomplete: WhenIncomplete;
}

/**
 * - `cancel`: n8n has ended the node. n8n hands over all items synchronously, and an item awaits only microtasks
 *   before it joins. So by the next turn of the event loop all items have joined that ever will.
 * - otherwise: continue without them when no item has joined for `joinTimeout` milliseconds; with Infinity, never.
 *
 * @see docs/n8n-engine.md, "All items are sent in parallel" and "Retry On Fail runs the whole node again"
 */
export type WhenIncomplete = 'cancel' | { joinTimeout: number };

/**
 * What the items of one try of the node share.
 *
 * @typeParam Shared what the first item has read for all
 * @typeParam Values the phases at which the items wait for each other
 */
export class NodeRun<Shared, Values extends object> {
	readonly shared: Shared;
	readonly report: FailureReport;
	private readonly barrier: ItemBarrier<Values>;
	private lastJoinedAt = Date.now();

	/** @param items how many items there are */
	constructor(
		readonly items: number,
		{ shared, whenIncomplete }: SetUp<Shared>,
	) {
		this.shared = shared;
		this.report = new FailureReport(items);
		this.barrier = new ItemBarrier(items);
		if (whenIncomplete === 'cancel') void this.cancelIfIncomplete();
		else void this.completeAfter(whenIncomplete.joinTimeout);
	}

	/** Adds an item. It must await nothing but microtasks before this. */
	join(itemIndex: number): void {
		this.lastJoinedAt = Date.now();
		this.barrier.join(itemIndex);
	}

	/** Whether an item belongs to a later try: it joins a second time, or too late. */
	isClosedTo(itemIndex: number): boolean {
		return this.isCancelled || this.barrier.hasJoined(itemIndex);
	}

	/** See {@link ItemBarrier.arrive}. */
	async arrive<Name extends keyof Values>(
		phase: Name,
		itemIndex: number,
		value: Values[Name],
		over?: Signal,
	): Promise<Arrival<Values[Name]> | undefined> {
		return await this.barrier.arrive(phase, itemIndex, value, over);
	}

	/** Lets the other items continue without this one. */
	leave(itemIndex: number): void {
		this.barrier.leave(itemIndex);
	}

	/** Ends all waiting: another try has begun, or n8n has ended the node. */
	cancel(): void {
		this.barrier.cancel();
	}

	get isCancelled(): boolean {
		return this.barrier.isCancelled;
	}

	private async cancelIfIncomplete(): Promise<void> {
		await sleep(0);
		if (!this.barrier.isFull) this.cancel();
	}

	private async completeAfter(joinTimeout: number): Promise<void> {
		if (joinTimeout === Infinity) return;
		do {
			await sleep(Math.max(0, this.lastJoinedAt + joinTimeout - Date.now()));
		} while (Date.now() < this.lastJoinedAt + joinTimeout);
		this.barrier.complete();
	}
}

/** One item, as n8n hands it over. */
export interface JoiningItem {
	/** The same object for all items of this run of the node, and for its other tries: n8n's execute data. */
	key: object;
	itemIndex: number;
	/** How many items there are. */
	items: number;
}

/** The node runs in progress in this process. Each is kept for as long as n8n keeps its key. */
export class NodeRuns<Shared, Values extends object> {
	private readonly byKey = new WeakMap<object, NodeRun<Shared, Values>>();

	/**
	 * Adds an item to its node run. The first item of a try begins a new node run and cancels that of the try before.
	 * @param setUp called for the first item only
	 */
	join(
		{ key, itemIndex, items }: JoiningItem,
		setUp: () => SetUp<Shared>,
	): NodeRun<Shared, Values> {
		let nodeRun = this.byKey.get(key);
		if (nodeRun?.isClosedTo(itemIndex) !== false) {
			nodeRun?.cancel();
			nodeRun = new NodeRun(items, setUp());
			this.byKey.set(key, nodeRun);
		}
		nodeRun.join(itemIndex);
		return nodeRun;
	}
}
