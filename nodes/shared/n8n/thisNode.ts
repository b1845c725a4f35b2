import type { IExecutePaginationFunctions, INode } from 'n8n-workflow';

/** By the context of the item. Lives as long as the context. */
const nodes = new WeakMap<object, INode>();

/** The node that runs. n8n copies the whole node at each call, so each item calls it once. */
export function thisNode(context: IExecutePaginationFunctions): Readonly<INode> {
	const known = nodes.get(context);
	if (known !== undefined) return known;
	const node = context.getNode();
	nodes.set(context, node);
	return node;
}

/** Whether the node runs as a tool of an AI agent. n8n gives this variant a separate type name. */
export function isTool(context: IExecutePaginationFunctions): boolean {
	return thisNode(context).type.endsWith('Tool');
}

/** Whether the workflow was called by another one: as a sub-workflow, or as a tool of an AI agent. */
export function isSubWorkflow(context: IExecutePaginationFunctions): boolean {
	return context.getMode() === 'integrated';
}

/** How many tries n8n gives the node. @see docs/n8n-engine.md, "Retry On Fail runs the whole node again" */
export function maxTries(context: IExecutePaginationFunctions): number {
	const { retryOnFail, maxTries: set } = thisNode(context);
	return retryOnFail === true ? Math.min(5, Math.max(2, set ?? 3)) : 1;
}
