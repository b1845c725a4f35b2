import { sleep } from 'n8n-workflow';

import { whenAborted } from '../../async/pause';
import type { Signal } from '../../async/abortSignal';

/** A point at which the items of a node run wait for each other, each with a value for the others. */
interface Phase<Value> {
	values: Map<number, Value>;
	open: boolean;
	/** The lowest index of the items, once the phase is open. */
	first: number;
	opened: Promise<void>;
	release(): void;
}

/** The items of one try of the node. */
export interface NodeRun<Shared, Value> {
	/** What the first item has read for all. */
	readonly shared: Shared;
	readonly joined: Set<number>;
	/** Items that the others no longer wait for. */
	readonly left: Set<number>;
	/** No further item is expected. */
	isComplete: boolean;
	/** Another try has begun: nobody waits for this one any more. */
	isCancelled: boolean;
	lastJoinedAt: number;
	/** Which items may be sent, and when all have said so. */
	readonly inOrder: Map<number, boolean>;
	gate?: Promise<void>;
	/** The gate is decided: an item that joins now belongs to the next try. */
	closed: boolean;
	readonly phases: Map<string, Phase<Value>>;
}

/** One item, as n8n hands it over. */
export interface JoiningItem {
	/** What is the same for all items of this run of the node, and for its other tries. */
	key: object;
	itemIndex: number;
	/** How many items there are. */
	items: number;
	/**
	 * How long no further item has to come until none is expected any more, in milliseconds: an item whose
	 * expressions fail never comes, since n8n makes an error of it by itself. Infinity where it ends the node. Asked
	 * of the first item.
	 */
	joinTimeout: () => number;
}

/** The node runs of all executions. */
export interface NodeRuns<Shared, Value> {
	/** To be called before anything is awaited: by the next turn of the event loop all have joined that ever will. */
	join(item: JoiningItem, shared: () => Shared): NodeRun<Shared, Value>;
}

/** Makes a registry of node runs, by what their items have in common. */
export function nodeRuns<Shared, Value>(): NodeRuns<Shared, Value> {
	const known = new WeakMap<object, NodeRun<Shared, Value>>();
	return {
		join: (item, shared) => {
			let nodeRun = known.get(item.key);
			// An item that comes a second time belongs to the next try, and so does one that comes too late.
			if (nodeRun === undefined || nodeRun.closed || nodeRun.joined.has(item.itemIndex)) {
				if (nodeRun !== undefined) cancel(nodeRun);
				nodeRun = newNodeRun(shared());
				known.set(item.key, nodeRun);
				void completeAfter(nodeRun, item.joinTimeout());
			}
			nodeRun.joined.add(item.itemIndex);
			nodeRun.lastJoinedAt = Date.now();
			if (nodeRun.joined.size >= item.items) complete(nodeRun);
			return nodeRun;
		},
	};
}

/**
 * Lets the items of a node be sent only when every one of them is in order. n8n throws the first
 * failure and drops the runs of all other items, so one bad item must stop them before they are paid for.
 *
 * n8n starts all items in one go, and an item awaits nothing between joining and this. So by the next turn of the
 * event loop all have come here that ever will: an item whose expressions fail makes n8n give up at once, and leaves
 * one too few here.
 *
 * @param items how many there are
 * @param inOrder whether this item is in order
 * @returns whether all items are here and in order, so that this one may be sent
 * @see docs/n8n-engine.md, "All items are sent in parallel" and "Retry On Fail runs the whole node again"
 */
export async function allInOrder(
	nodeRun: NodeRun<unknown, unknown>,
	{ itemIndex, items, inOrder }: Pick<JoiningItem, 'itemIndex' | 'items'> & { inOrder: boolean },
): Promise<boolean> {
	const all = nodeRun.inOrder.set(itemIndex, inOrder);
	await (nodeRun.gate ??= sleep(0));
	nodeRun.closed = true;
	return !nodeRun.isCancelled && all.size >= items && ![...all.values()].includes(false);
}

/** What an item gets once all have arrived. */
export interface Arrival<Value> {
	/** The value of each item, by its index. An item that arrives late gets them too. */
	all: ReadonlyMap<number, Value>;
	/** Whether this item acts for all: the first one, or one that arrived after the others. */
	isLeader: boolean;
}

/**
 * Waits until every item of the node run has arrived at this phase, or has left.
 *
 * @param over aborted when nobody waits for the items any more; the same for all
 * @returns undefined where nobody waits for the items any more
 */
export async function arrive<Value>(
	nodeRun: NodeRun<unknown, Value>,
	name: string,
	{ itemIndex, over, value }: { itemIndex: number; over: Signal; value: Value },
): Promise<Arrival<Value> | undefined> {
	const phase = nodeRun.phases.get(name) ?? newPhase<Value>(over);
	nodeRun.phases.set(name, phase);
	const late = phase.open;
	phase.values.set(itemIndex, value);
	openPhases(nodeRun);
	await phase.opened;
	if (over.aborted || nodeRun.isCancelled) return undefined;
	return { all: phase.values, isLeader: late || phase.first === itemIndex };
}

/** Lets the others continue without an item. */
export function leave(nodeRun: NodeRun<unknown, unknown>, itemIndex: number): void {
	nodeRun.left.add(itemIndex);
	openPhases(nodeRun);
}

function newNodeRun<Shared, Value>(shared: Shared): NodeRun<Shared, Value> {
	return {
		shared,
		joined: new Set(),
		left: new Set(),
		isComplete: false,
		isCancelled: false,
		lastJoinedAt: Date.now(),
		inOrder: new Map(),
		closed: false,
		phases: new Map(),
	};
}

function newPhase<Value>(over: Signal): Phase<Value> {
	let release: () => void = () => undefined;
	const opened = new Promise<void>((resolve) => {
		release = resolve;
	});
	// One listener for all of them.
	void whenAborted(over).then(release);
	return { values: new Map(), open: false, first: Infinity, opened, release };
}

async function completeAfter(
	nodeRun: NodeRun<unknown, unknown>,
	joinTimeout: number,
): Promise<void> {
	if (joinTimeout === Infinity) return;
	do {
		await sleep(Math.max(0, nodeRun.lastJoinedAt + joinTimeout - Date.now()));
	} while (Date.now() < nodeRun.lastJoinedAt + joinTimeout);
	complete(nodeRun);
}

function complete(nodeRun: NodeRun<unknown, unknown>): void {
	nodeRun.isComplete = true;
	openPhases(nodeRun);
}

function cancel(nodeRun: NodeRun<unknown, unknown>): void {
	nodeRun.isCancelled = true;
	for (const phase of nodeRun.phases.values()) phase.release();
}

function openPhases({ isComplete, joined, left, phases }: NodeRun<unknown, unknown>): void {
	if (!isComplete) return;
	for (const phase of phases.values()) {
		if (phase.open || phase.values.size + left.size < joined.size) continue;
		if (![...joined].every((itemIndex) => phase.values.has(itemIndex) || left.has(itemIndex)))
			continue;
		phase.open = true;
		for (const itemIndex of phase.values.keys()) phase.first = Math.min(phase.first, itemIndex);
		phase.release();
	}
}
