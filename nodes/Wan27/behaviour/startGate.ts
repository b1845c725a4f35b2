import type { INodeExecutionData, NodeOperationError } from 'n8n-workflow';

/** Where the items of one execution of the node meet before any of them is sent. */
interface Gate {
	expected: number;
	arrived: number;
	refusal: NodeOperationError | undefined;
	open: () => void;
	opened: Promise<void>;
}

/** By n8n's execute data: the same object for all items of a node's run, and for its retries. */
const gates = new WeakMap<object, Gate>();

/** One item, as it arrives at the gate. */
export interface Arrival {
	executeData: { data: Record<string, (INodeExecutionData[] | null)[]> };
	itemIndex: number;
	/** Why this item cannot be sent, if it cannot. */
	refusal: NodeOperationError | undefined;
}

/**
 * Waits until every item of the node has been checked, so that one bad item stops all of them before
 * money is spent: n8n would throw the first failure and drop the runs of all other items.
 *
 * An item whose expressions fail makes n8n give up before it arrives; the others then wait for good,
 * unsent, and are forgotten with the execution.
 *
 * @returns the refusal of the first bad item, or undefined where all may be sent
 * @see n8n-engine.md section 2 (1)
 */
export async function passGate(
	{ executeData, itemIndex, refusal }: Arrival,
	itemCount: number,
): Promise<NodeOperationError | undefined> {
	// The first item opens a gate of its own: after a try that failed, the old one is never complete.
	const known = itemIndex === 0 ? undefined : gates.get(executeData);
	const gate = known ?? newGate(itemCount);
	gates.set(executeData, gate);

	gate.arrived += 1;
	gate.refusal ??= refusal;
	if (gate.arrived >= gate.expected) gate.open();
	await gate.opened;
	return gate.refusal;
}

function newGate(expected: number): Gate {
	let open: () => void = () => undefined;
	const opened = new Promise<void>((resolve) => {
		open = resolve;
	});
	return { expected, arrived: 0, refusal: undefined, open, opened };
}
