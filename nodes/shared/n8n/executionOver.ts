import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { createSignal, type Signal } from '../async/abortSignal';

/**
 * Aborted when the execution no longer waits for the items: Stop was pressed, or the execution ended because one of them
 * could not even be read. Create it before anything is sent, once for all items: n8n reports an end that comes while
 * requests are in progress only to those that already listen. Older versions of n8n have only the first signal.
 */
export function executionOver(context: IExecutePaginationFunctions): Signal {
	const over = createSignal();
	const stopped = context.getExecutionCancelSignal();
	if (stopped?.aborted === true) over.abort();
	stopped?.addEventListener('abort', over.abort, { once: true });
	context.onExecutionFinish?.(over.abort);
	return over;
}

/** Whether Stop was pressed. */
export function isStopped(context: IExecutePaginationFunctions): boolean {
	return context.getExecutionCancelSignal()?.aborted === true;
}
