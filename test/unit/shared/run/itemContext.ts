import type { IExecutePaginationFunctions, INode } from 'n8n-workflow';

/** What a test sets of n8n's context of an item. */
interface Where {
	/** What n8n keeps for the node. */
	kept?: Record<string, unknown>;
	itemIndex?: number;
	executionId?: string;
	runIndex?: number;
	node?: Partial<INode>;
	workflow?: string | undefined;
	executeData?: object;
	toolCallId?: unknown;
}

/** n8n's context, as far as the decisions about a start use it. */
export function itemContext({
	kept = {},
	itemIndex = 0,
	executionId = '7',
	runIndex = 0,
	node = {},
	workflow,
	executeData = {},
	toolCallId,
}: Where): IExecutePaginationFunctions {
	return {
		getContext: (of: string) => (of === 'node' ? kept : {}),
		getItemIndex: () => itemIndex,
		getExecutionId: () => executionId,
		getExecuteData: () => executeData,
		getNode: () => ({ id: 'node', type: 'wan27', ...node }),
		getInputData: () => ({ json: toolCallId === undefined ? {} : { toolCallId } }),
		getMode: () => 'manual',
		getWorkflow: () => ({ id: '1', name: workflow }),
		getWorkflowDataProxy: () => ({ $thisRunIndex: runIndex }),
	} as unknown as IExecutePaginationFunctions;
}
