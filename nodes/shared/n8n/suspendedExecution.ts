import {
	NodeHelpers,
	type IExecuteData,
	type IExecutePaginationFunctions,
	type INodeExecutionData,
	type IRunExecutionData,
	type IWebhookFunctions,
} from 'n8n-workflow';

import { isObject } from '../values/json';

/** n8n has this function in the context of a single item, but does not declare it there. */
interface CanSuspend {
	putExecutionToWait?(till: Date): Promise<void>;
}

/** n8n has these in the context of a webhook that resumes an execution, but does not declare them. */
interface ResumedContext {
	runExecutionData?: IRunExecutionData | null;
	/** The entry of the suspended node on the execution's stack. */
	executeData?: IExecuteData;
}

/** The key of the node's input during the suspension: a connection type that no node has. */
const INPUT = 'suspendedInput';

/** Whether this version of n8n lets an item suspend its execution. */
export function canSuspend(context: IExecutePaginationFunctions): boolean {
	return typeof (context as CanSuspend).putExecutionToWait === 'function';
}

/**
 * Makes n8n suspend the execution once the node has ended. It has no effect if {@link canSuspend} is false.
 * @param till when the wait ends
 * @param output what the node passes on when the wait ends. Otherwise n8n would pass on the node's own input, as if it
 * were a result.
 * @see docs/n8n-engine.md, "Suspending"
 */
export async function putExecutionToWait(
	context: IExecutePaginationFunctions,
	till: Date,
	output: INodeExecutionData[],
): Promise<void> {
	const executeData = context.getExecuteData();
	const input = executeData.data[INPUT] ?? [executeData.data.main?.[0] ?? []];
	executeData.data = { main: [output], [INPUT]: input };
	await (context as CanSuspend).putExecutionToWait?.(till);
}

/**
 * The node's context in the suspended execution of a webhook; undefined if there is no execution. An expression could
 * read it too, but would take longer than everything else that a callback does.
 */
export function suspendedNodeContext(
	context: IWebhookFunctions,
): Record<string, unknown> | undefined {
	const { runExecutionData } = context as ResumedContext;
	if (!isObject(runExecutionData)) return undefined;
	return NodeHelpers.getContext(runExecutionData, 'node', context.getNode());
}

/** The own input of the suspended node; undefined if it is not known. */
export function suspendedInput(context: IWebhookFunctions): INodeExecutionData[] | undefined {
	const input = (context as ResumedContext).executeData?.data[INPUT]?.[0];
	return Array.isArray(input) ? input : undefined;
}

/**
 * Lets the suspended node run again with its own input instead of passing on an output. The node then looks up what it
 * has started, and fails, is retried or continues by n8n's own rules.
 * @returns the input that n8n must give the node; undefined if this version of n8n does not allow it
 */
export function runAgain(context: IWebhookFunctions): INodeExecutionData[] | undefined {
	const { executeData } = context as ResumedContext;
	const input = suspendedInput(context);
	if (executeData?.node.disabled !== true || input === undefined) return undefined;
	executeData.node.disabled = false;
	Reflect.deleteProperty(executeData.data, INPUT);
	return input;
}
