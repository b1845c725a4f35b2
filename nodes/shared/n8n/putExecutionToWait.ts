import type { IExecutePaginationFunctions } from 'n8n-workflow';

/** n8n has this function in the context of a single item, but does not declare it there. */
interface CanSuspend {
	putExecutionToWait?(till: Date): Promise<void>;
}

/** Whether this version of n8n lets an item suspend its execution. */
export function canSuspend(context: IExecutePaginationFunctions): boolean {
	return typeof (context as CanSuspend).putExecutionToWait === 'function';
}

/** Has n8n suspend the execution once the node has ended; without effect where {@link canSuspend} is false. */
export async function putExecutionToWait(
	context: IExecutePaginationFunctions,
	till: Date,
): Promise<void> {
	await (context as CanSuspend).putExecutionToWait?.(till);
}
