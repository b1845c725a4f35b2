import type {
	IDataObject,
	IExecutePaginationFunctions,
	INodeExecutionData,
	IWebhookFunctions,
} from 'n8n-workflow';

import { isObject } from '../../runflow/json';
import type { Started } from './answer';
import type { Settings } from './settings';

/** An item whose run is waited for, or that has failed before. Plain JSON. */
export type SuspendedItem =
	({ runId: string } & Pick<Settings, 'simplify' | 'downloadInto'>) | { failed: IDataObject };

/** What an execution that waits for callbacks has to know when one comes. Plain JSON: n8n stores it. */
export interface Suspension {
	/** Tells this wait from every other one. */
	id: string;
	/** The way to Runflow that the user gave the node; its address is the credential's. */
	way: Omit<Started, 'baseURL'>;
	/** All items of the node, in their order. */
	items: SuspendedItem[];
}

const KEY = 'suspension';

/** The one function of a single item's context that n8n has and does not declare. */
interface CanSuspend {
	putExecutionToWait?(till: Date): Promise<void>;
}

/** Whether this version of n8n lets an item suspend its execution. */
export function canSuspend(context: IExecutePaginationFunctions): boolean {
	return typeof (context as CanSuspend).putExecutionToWait === 'function';
}

/**
 * Has n8n suspend the execution once the node has ended.
 * @param till when the wait runs out
 * @param handOn what the node hands on then. Without it that would be its own input, as if it were a result.
 * @see n8n-engine.md section 3
 */
export async function suspend(
	this: IExecutePaginationFunctions,
	suspension: Suspension,
	till: Date,
	handOn: INodeExecutionData[],
): Promise<void> {
	Object.assign(this.getContext('node'), { [KEY]: suspension });
	this.getExecuteData().data = { main: [handOn] };
	await (this as CanSuspend).putExecutionToWait?.(till);
}

/** What was noted when the execution of a callback was suspended; undefined where there is nothing. */
export function suspensionOf(context: IWebhookFunctions): Suspension | undefined {
	// A brace in the node's name would end the expression.
	const name = JSON.stringify(context.getNode().name).replace(/[{}]/g, (brace) =>
		brace === '{' ? '\\u007b' : '\\u007d',
	);
	const found: unknown = context.evaluateExpression(`{{ $node[${name}].context.${KEY} }}`);
	return isSuspension(found) ? found : undefined;
}

function isSuspension(value: unknown): value is Suspension {
	return isObject(value) && typeof value.id === 'string' && Array.isArray(value.items);
}
