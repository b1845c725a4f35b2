import { sleep } from 'n8n-workflow';

/** Where the items of one try of the node meet before any of them is sent. */
interface Gate {
	/** Each item that has arrived, and whether it may be sent. */
	arrived: Map<number, boolean>;
	/** Another try has begun: nobody waits for this one any more. */
	superseded: boolean;
	settled: Promise<void>;
}

/** One item, as it arrives. */
export interface Arrival {
	/** What is the same for all items of this run of the node, and for its other tries. */
	key: object;
	itemIndex: number;
	/** How many items there are. */
	items: number;
	/** Whether this item is in order. */
	inOrder: boolean;
}

const gates = new WeakMap<object, Gate>();

/**
 * Lets the items of a node be sent only when every one of them is in order. n8n throws the first
 * failure and drops the runs of all other items, so one bad item must stop them before they are paid for.
 *
 * n8n starts all items in one go, and what happens to them until here awaits nothing but microtasks. So
 * by the next turn of the event loop all have arrived that ever will: an item whose expressions fail
 * makes n8n give up at once, and leaves one too few here.
 *
 * @returns whether all items are here and in order, so that this one may be sent
 * @see n8n-engine.md section 2 (1, 2)
 */
export async function allInOrder({ key, itemIndex, items, inOrder }: Arrival): Promise<boolean> {
	let gate = gates.get(key);
	if (gate === undefined || gate.arrived.has(itemIndex)) {
		if (gate !== undefined) gate.superseded = true;
		gate = { arrived: new Map(), superseded: false, settled: sleep(0) };
		gates.set(key, gate);
	}
	gate.arrived.set(itemIndex, inOrder);
	await gate.settled;
	if (gates.get(key) === gate) gates.delete(key);

	return (
		!gate.superseded && gate.arrived.size >= items && ![...gate.arrived.values()].includes(false)
	);
}
