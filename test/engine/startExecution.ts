import type { WorkflowExecute } from 'n8n-core';
import type { INode, IRun, Workflow } from 'n8n-workflow';

/** An execution under way, which can be stopped. */
type Execution = Promise<IRun> & { cancel(): void };

/** `WorkflowExecute.run` of n8n 1: the same, one by one. */
type RunOneByOne = (workflow: Workflow, startNode: INode) => Execution;

/** Starts an execution at a node, on n8n 2 as on n8n 1. */
export function startExecution(
	execute: WorkflowExecute,
	workflow: Workflow,
	startNode: INode,
): Execution {
	// n8n 1 takes the workflow and four things more, n8n 2 one object.
	if (execute.run.length > 1) {
		const run = execute.run.bind(execute) as unknown as RunOneByOne;
		return run(workflow, startNode);
	}
	return execute.run({ workflow, startNode });
}
