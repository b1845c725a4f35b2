import type { IExecutePaginationFunctions } from 'n8n-workflow';

/**
 * Aborted when nobody waits for this item any more: Stop was pressed, or the execution ended because
 * another item could not even be read. To be made before anything is sent: an end that comes while the
 * request is under way is told to nobody who asks later. Older versions of n8n have only the first signal.
 */
export function executionOver(context: IExecutePaginationFunctions): AbortSignal {
	const over = new AbortController();
	const end = () => {
		over.abort();
	};
	const stopped = context.getExecutionCancelSignal();
	if (stopped?.aborted === true) end();
	stopped?.addEventListener('abort', end, { once: true });
	context.onExecutionFinish?.(end);
	return over.signal;
}
