import type {
	INode,
	IWebhookFunctions,
	IWorkflowMetadata,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { triggerKey } from '../../../../nodes/RunflowTrigger/deduplication/triggerKey';

function keyOf(mode: WorkflowExecuteMode, workflow: string | undefined, node: string): string {
	const context: Pick<IWebhookFunctions, 'getMode' | 'getWorkflow' | 'getNode'> = {
		getMode: () => mode,
		getWorkflow: () => (workflow === undefined ? {} : { id: workflow }) as IWorkflowMetadata,
		getNode: () => ({ id: node }) as INode,
	};
	return triggerKey(context as IWebhookFunctions);
}

describe('triggerKey', () => {
	it('is the same for all requests to a live trigger, whatever mode n8n gives, and another one for a test', () => {
		expect(keyOf('webhook', '1', 'a')).toBe('live 1 a');
		expect(keyOf('trigger', '1', 'a')).toBe('live 1 a');
		expect(keyOf('manual', '1', 'a')).toBe('test 1 a');
	});

	it('differs for a test, another workflow, another node, and a workflow without an id', () => {
		const keys = [
			keyOf('webhook', '1', 'a'),
			keyOf('manual', '1', 'a'),
			keyOf('webhook', '2', 'a'),
			keyOf('webhook', '1', 'b'),
			keyOf('webhook', undefined, 'a'),
		];
		expect(new Set(keys).size).toBe(keys.length);
	});
});
