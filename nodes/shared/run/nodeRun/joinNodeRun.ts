import type { IExecutePaginationFunctions } from 'n8n-workflow';

import type { Signal } from '../../async/abortSignal';
import { executionOver } from '../../n8n/executionOver';
import { isTool, thisNode } from '../../n8n/thisNode';
import type { ItemState } from './itemState';
import { NodeRuns, type NodeRun, type SetUp } from './nodeRun';
import { readCompletion, type Completion } from './settings';

/** What the first item reads for all: n8n itself reads these settings once, and each reading takes long. */
export interface SharedSettings {
	completion: Completion;
	/** Whether items are sent only when all of them are valid: one that fails ends the node. */
	isAllOrNothing: boolean;
	/** Aborted when nothing waits for the items any more. */
	over: Signal;
}

/** The phases at which the items of a node run wait for each other. */
export interface Phases {
	/** Whether the item is valid. Only where {@link SharedSettings.isAllOrNothing}. */
	validated: boolean;
	started: ItemState;
	readBeforeSuspension: ItemState;
}

/** The node run of an item, see {@link NodeRun}. */
export type ItemsNodeRun = NodeRun<SharedSettings, Phases>;

const nodeRuns = new NodeRuns<SharedSettings, Phases>();

/** Adds the current item to its node run. The caller must await nothing but microtasks before this. */
export function joinNodeRun(context: IExecutePaginationFunctions): ItemsNodeRun {
	const item = {
		key: context.getExecuteData(),
		itemIndex: context.getItemIndex(),
		items: itemCount(context),
	};
	return nodeRuns.join(item, () => setUp(context));
}

/**
 * Whether all items of the node run may be sent. n8n throws the first failure and drops the results of all other items,
 * so one invalid item must stop them before they are paid for.
 * @param isValid whether the current item may be sent
 * @see docs/n8n-engine.md, "All items are sent in parallel" and "Retry On Fail runs the whole node again"
 */
export async function areAllValid(
	nodeRun: ItemsNodeRun,
	itemIndex: number,
	isValid: boolean,
): Promise<boolean> {
	const { all } = (await nodeRun.arrive('validated', itemIndex, isValid)) ?? {};
	return all !== undefined && all.size >= nodeRun.items && ![...all.values()].includes(false);
}

/** How many items this run of the node handles. A tool handles one: its execute data are those of its agent. */
function itemCount(context: IExecutePaginationFunctions): number {
	if (thisNode(context).executeOnce === true || isTool(context)) return 1;
	return context.getExecuteData().data.main?.[0]?.length ?? 1;
}

function setUp(context: IExecutePaginationFunctions): SetUp<SharedSettings> {
	const pause = batchPause(context);
	const isAllOrNothing = !context.continueOnFail() && !(pause > 0) && !isTool(context);
	return {
		shared: { completion: readCompletion(context), isAllOrNothing, over: executionOver(context) },
		whenIncomplete: isAllOrNothing ? 'cancel' : { joinTimeout: joinTimeout(context, pause) },
	};
}

/** The pause that the user has n8n make between two batches of items, in milliseconds. */
function batchPause(context: IExecutePaginationFunctions): number {
	return Number(context.getNodeParameter('requestOptions.batching.batch.batchInterval', 0));
}

/** How much later than planned n8n may hand over a batch, in milliseconds. */
const BATCH_LATE = 10_000;

/**
 * How long to wait for a further item, in milliseconds. n8n hands over all items at once, or batch by batch. An item
 * that it cannot evaluate ends the node, unless the node continues on failures.
 * @see docs/n8n-engine.md, "All items are sent in parallel" and "Request options"
 */
function joinTimeout(context: IExecutePaginationFunctions, pause: number): number {
	if (!context.continueOnFail()) return Infinity;
	return pause > 0 ? pause + BATCH_LATE : 0;
}
