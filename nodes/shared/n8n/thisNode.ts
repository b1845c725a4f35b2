import type { IExecutePaginationFunctions, INode } from 'n8n-workflow';

/** By the item at hand. */
const nodes = new WeakMap<object, INode>();

/** The node that runs. n8n makes a whole copy of it whenever it is asked; each item has one made. */
export function thisNode(context: IExecutePaginationFunctions): Readonly<INode> {
	const known = nodes.get(context);
	if (known !== undefined) return known;
	const node = context.getNode();
	nodes.set(context, node);
	return node;
}

/** Whether the node runs as a tool of an AI agent. n8n gives that variant of it a name of its own. */
export function isTool(context: IExecutePaginationFunctions): boolean {
	return thisNode(context).type.endsWith('Tool');
}
