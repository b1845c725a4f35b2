import {
	NodeHelpers,
	type IDataObject,
	type IExecuteData,
	type IExecutePaginationFunctions,
	type INodeExecutionData,
	type IRunExecutionData,
	type IWebhookFunctions,
} from 'n8n-workflow';

import { isObject } from '../../values/json';
import { putExecutionToWait } from '../../n8n/putExecutionToWait';
import type { Settings } from '../nodeRun/settings';

/** An item whose run is waited for, or that has failed before. Plain JSON. */
export type SuspendedItem =
	({ runId: string } & Pick<Settings, 'simplify' | 'downloadInto'>) | { failed: IDataObject };

/** What an execution that waits for callbacks has to know when one comes. Plain JSON: n8n stores it. */
export interface Suspension {
	/** Tells this wait from every other one. */
	id: string;
	/** When the wait runs out (ms since 1970). */
	till: number;
	/** All items of the node, in their order. */
	items: SuspendedItem[];
}

/** Whether a text is the id of some suspension: unlike any run's, it has a space in it. */
export function isSuspensionId(id: string): boolean {
	return id.includes(' ');
}

const KEY = 'suspension';
/** Where the node's input is kept meanwhile: as one of n8n's kinds of connection that no node has. */
const INPUT = 'suspendedInput';

/**
 * Has n8n suspend the execution once the node has ended.
 * @param output what the node hands on then. Without it that would be its own input, as if it were a result.
 * @see docs/n8n-engine.md, "Suspending"
 */
export async function suspend(
	context: IExecutePaginationFunctions,
	suspension: Suspension,
	output: INodeExecutionData[],
): Promise<void> {
	Object.assign(context.getContext('node'), { [KEY]: suspension });
	const executeData = context.getExecuteData();
	const input = executeData.data[INPUT] ?? [executeData.data.main?.[0] ?? []];
	executeData.data = { main: [output], [INPUT]: input };
	await putExecutionToWait(context, new Date(suspension.till));
}

/** Whether the execution was suspended for this run before: it goes on only once Runflow has said that the run is over. */
export function wasSuspendedFor(context: IExecutePaginationFunctions, runId: string): boolean {
	const { [KEY]: kept } = context.getContext('node') as Record<string, unknown>;
	return isSuspension(kept) && kept.items.some((item) => 'runId' in item && item.runId === runId);
}

/**
 * What was noted when the execution of a callback was suspended; undefined where there is nothing. The
 * execution's data is at hand in a webhook's context, though n8n does not declare it. An expression could read
 * it too, but that would take longer than all else here together.
 */
export function suspensionOf(context: IWebhookFunctions): Suspension | undefined {
	const { runExecutionData } = context as { runExecutionData?: IRunExecutionData | null };
	if (!isObject(runExecutionData)) return undefined;
	const kept = NodeHelpers.getContext(runExecutionData, 'node', context.getNode());
	return isSuspension(kept[KEY]) ? kept[KEY] : undefined;
}

/**
 * Lets the node run again with its own input instead of handing something on: it looks up what it has
 * started, and fails, is retried or goes on by n8n's own rules. The execution's entry on its stack is at
 * hand in a webhook's context, though n8n does not declare it.
 * @returns the input that n8n is to give the node; undefined where this version of n8n does not allow it
 */
export function runAgain(context: IWebhookFunctions): INodeExecutionData[] | undefined {
	const { executeData } = context as { executeData?: IExecuteData };
	const input = executeData?.data[INPUT]?.[0];
	if (executeData?.node.disabled !== true || !Array.isArray(input)) return undefined;
	executeData.node.disabled = false;
	Reflect.deleteProperty(executeData.data, INPUT);
	return input;
}

function isSuspension(value: unknown): value is Suspension {
	return (
		isObject(value) &&
		typeof value.id === 'string' &&
		typeof value.till === 'number' &&
		Array.isArray(value.items)
	);
}
