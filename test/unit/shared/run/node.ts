import type { INode } from 'n8n-workflow';

/** The node that errors are of. */
export const node: INode = {
	id: 'node',
	name: 'Wan 2.7',
	type: 'n8n-nodes-runflow.wan27',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};
