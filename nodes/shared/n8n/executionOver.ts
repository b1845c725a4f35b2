import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { createSignal, type Signal } from '../async/abortSignal';

/**
 * Aborted when nobody waits for the items any more: Stop was pressed, or the execution ended because one of
 * them could not even be read. To be made before anything is sent, and once for all of them: an end that comes while
 * requests are under way is told to nobody who asks later. Older versions of n8n have only the first signal.
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
