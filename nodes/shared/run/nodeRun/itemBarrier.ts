import { whenAborted } from '../../async/pause';
import type { Signal } from '../../async/abortSignal';

/** What an item gets once all have arrived at a phase. */
export interface Arrival<Value> {
	/** The value of each item, by its index. An item that arrives late gets them too. */
	all: ReadonlyMap<number, Value>;
	/** Whether this item acts for all: the first one, or one that arrived after the others. */
	isLeader: boolean;
}

/**
 * Lets items wait for each other at named phases, each item with a value for the others.
 *
 * A phase opens once no further item is expected and every item that joined has arrived there or has left. It stays
 * open, so that an item that joins later does not wait.
 *
 * @typeParam Values the names of the phases, each with the type of its values
 */
export class ItemBarrier<Values extends object> {
	private readonly joined = new Set<number>();
	private readonly left = new Set<number>();
	private readonly phases = new Map<keyof Values, Phase>();
	private isComplete = false;
	private cancelled = false;

	/** @param expected how many items there are */
	constructor(private readonly expected: number) {}

	/** Adds an item that the others wait for. */
	join(itemIndex: number): void {
		this.joined.add(itemIndex);
		if (this.joined.size >= this.expected) this.complete();
	}

	hasJoined(itemIndex: number): boolean {
		return this.joined.has(itemIndex);
	}

	/** Whether all items have joined. */
	get isFull(): boolean {
		return this.joined.size >= this.expected;
	}

	/** Stops expecting items that have not joined. */
	complete(): void {
		this.isComplete = true;
		this.openPhases();
	}

	/**
	 * Waits until every item has arrived at this phase or has left.
	 * @param over ends the wait when it aborts; the same for all items
	 * @returns undefined when the items are cancelled or `over` has aborted
	 */
	async arrive<Name extends keyof Values>(
		name: Name,
		itemIndex: number,
		value: Values[Name],
		over?: Signal,
	): Promise<Arrival<Values[Name]> | undefined> {
		const phase = this.phaseOf(name, over);
		const isLate = phase.isOpen;
		phase.values.set(itemIndex, value);
		this.openPhases();
		await phase.opened;
		if (over?.aborted === true || this.cancelled) return undefined;
		return {
			all: phase.values as ReadonlyMap<number, Values[Name]>,
			isLeader: isLate || phase.leader === itemIndex,
		};
	}

	/** Removes an item: the others no longer wait for it. */
	leave(itemIndex: number): void {
		this.left.add(itemIndex);
		this.openPhases();
	}

	/** Ends all waiting. */
	cancel(): void {
		this.cancelled = true;
		for (const phase of this.phases.values()) phase.release();
	}

	get isCancelled(): boolean {
		return this.cancelled;
	}

	private phaseOf(name: keyof Values, over: Signal | undefined): Phase {
		const known = this.phases.get(name);
		if (known !== undefined) return known;
		const phase = newPhase();
		this.phases.set(name, phase);
		// One listener for all items.
		if (over !== undefined) void whenAborted(over).then(phase.release);
		return phase;
	}

	private openPhases(): void {
		if (!this.isComplete) return;
		for (const phase of this.phases.values()) {
			// Counted first: comparing the indexes of a thousand items takes longer.
			if (phase.isOpen || phase.values.size + this.left.size < this.joined.size) continue;
			const isHere = (index: number) => phase.values.has(index) || this.left.has(index);
			if (![...this.joined].every(isHere)) continue;
			phase.isOpen = true;
			for (const index of phase.values.keys()) phase.leader = Math.min(phase.leader, index);
			phase.release();
		}
	}
}

interface Phase {
	readonly values: Map<number, unknown>;
	isOpen: boolean;
	/** The lowest index of the items that were there when the phase opened. */
	leader: number;
	readonly opened: Promise<void>;
	readonly release: () => void;
}

function newPhase(): Phase {
	let release: () => void = () => undefined;
	const opened = new Promise<void>((resolve) => {
		release = resolve;
	});
	return { values: new Map(), isOpen: false, leader: Infinity, opened, release };
}
