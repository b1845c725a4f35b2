import type {
	IDataObject,
	IExecutePaginationFunctions,
	INodeExecutionData,
	IWebhookFunctions,
} from 'n8n-workflow';

import { isObject } from '../../values/json';
import { nodeExecution } from '../../n8n/nodeExecution';
import { putExecutionToWait, suspendedNodeContext } from '../../n8n/suspendedExecution';
import type { OutputSettings } from '../nodeRun/outputSettings';

/** An item that waits for its run, or that failed before the suspension. Plain JSON. */
export type SuspendedItem = { runId: string; output: OutputSettings } | { failed: IDataObject };

/** What a callback must know about the suspended execution. Plain JSON: n8n stores it in the node's context. */
export interface Suspension {
	/** Unique for each suspension, even of the same execution. */
	id: string;
	/** When the wait ends (ms since 1970). */
	till: number;
	/** The execution, and which run of the node in it. */
	executionId: string;
	nodeRunIndex: number;
	/** All items of the node, in order. */
	items: SuspendedItem[];
}

/** Whether a text is the id of a suspension: unlike the id of a run, it contains a space. */
export function isSuspensionId(id: string): boolean {
	return id.includes(' ');
}

const KEY = 'suspension';

/**
 * Makes n8n suspend the execution once the node has ended.
 * @param output what the node passes on when the wait ends
 * @see docs/n8n-engine.md, "Suspending"
 */
export async function suspend(
	context: IExecutePaginationFunctions,
	suspension: Suspension,
	output: INodeExecutionData[],
): Promise<void> {
	Object.assign(context.getContext('node'), { [KEY]: suspension });
	await putExecutionToWait(context, new Date(suspension.till), output);
}

/** Whether the execution was suspended for this run before. It is resumed only when the run has ended. */
export function wasSuspendedFor(context: IExecutePaginationFunctions, runId: string): boolean {
	const kept = keptSuspension(context);
	return kept !== undefined && runIdsOf(kept).includes(runId);
}

/**
 * The error with which the item failed before this run of the node was suspended. Where the node runs again to output what
 * the others have made, it fails with the same.
 */
export function failedBefore(context: IExecutePaginationFunctions): IDataObject | undefined {
	const kept = keptSuspension(context);
	if (kept === undefined) return undefined;
	const isThisRun =
		kept.executionId === context.getExecutionId() &&
		kept.nodeRunIndex === nodeExecution(context).nodeRunIndex;
	const item = isThisRun ? kept.items[context.getItemIndex()] : undefined;
	return item !== undefined && 'failed' in item ? item.failed : undefined;
}

/** The suspension of the execution that a callback is for; undefined if it has none. */
export function suspensionOf(context: IWebhookFunctions): Suspension | undefined {
	const kept = suspendedNodeContext(context)?.[KEY];
	return isSuspension(kept) ? kept : undefined;
}

/** The runs that a suspended execution waits for. */
export function runIdsOf({ items }: Suspension): string[] {
	return items.flatMap((item) => ('runId' in item ? [item.runId] : []));
}

/** The last suspension of this node, of this execution or of the one that it retries. */
function keptSuspension(context: IExecutePaginationFunctions): Suspension | undefined {
	const { [KEY]: kept } = context.getContext('node') as Record<string, unknown>;
	return isSuspension(kept) ? kept : undefined;
}

function isSuspension(value: unknown): value is Suspension {
	return (
		isObject(value) &&
		typeof value.id === 'string' &&
		typeof value.till === 'number' &&
		Array.isArray(value.items)
	);
}
