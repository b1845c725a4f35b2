import { setTimeout as sleep } from 'node:timers/promises';

import { CREDENTIAL_TYPE, type StoredCredential } from './credentials';
import { isRestError, type Session } from './session';

/** What the type names of this package's nodes start with. */
export const PACKAGE_PREFIX = 'n8n-nodes-runflow.';

export interface WorkflowNode {
	id?: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	onError?: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';
	[setting: string]: unknown;
}

interface Connection {
	node: string;
	type: 'main';
	index: number;
}

/** A workflow as n8n exports it. */
export interface WorkflowFile {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, { main: (Connection[] | null)[] }>;
	settings?: Record<string, unknown>;
	/** By the node's name: the items that a manual run takes instead of running that node. */
	pinData?: Record<string, { json: Record<string, unknown> }[]>;
}

export interface StoredWorkflow extends WorkflowFile {
	id: string;
	versionId: string;
}

/** A node that is good enough for a test. */
export function node(name: string, type: string, more: Partial<WorkflowNode>): WorkflowNode {
	const typeVersion = type.startsWith('n8n-nodes-runflow.') ? 1.1 : 1;
	return { name, type, typeVersion, position: [0, 0], parameters: {}, ...more };
}

/** A chain of nodes, each connected to the next by its first output. */
export function chain(name: string, ...nodes: WorkflowNode[]): WorkflowFile {
	const connections: WorkflowFile['connections'] = {};
	for (const [index, { name: from }] of nodes.entries()) {
		const next = nodes[index + 1];
		if (next) connections[from] = { main: [[{ node: next.name, type: 'main', index: 0 }]] };
	}
	return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}

/** Whether a node takes the credential: the nodes of this package do, and HTTP Request where it is chosen in it. */
export function takesCredential({ type, parameters }: WorkflowNode): boolean {
	return type.startsWith(PACKAGE_PREFIX) || parameters.nodeCredentialType === CREDENTIAL_TYPE;
}

/** The workflow with the credential filled in wherever a node takes it. */
export function withCredential(
	workflow: WorkflowFile,
	{ id, name }: StoredCredential,
): WorkflowFile {
	const credentials = { [CREDENTIAL_TYPE]: { id, name } };
	return {
		...workflow,
		nodes: workflow.nodes.map((node) => (takesCredential(node) ? { ...node, credentials } : node)),
	};
}

/** Creates a workflow, as the editor's import does. */
export async function createWorkflow(
	{ rest }: Session,
	workflow: WorkflowFile,
): Promise<StoredWorkflow> {
	// An older n8n requires `active: false`.
	return await rest('POST', '/rest/workflows', { active: false, settings: {}, ...workflow });
}

/** Replaces a workflow's content, as saving it in the editor does. */
export async function updateWorkflow(
	{ rest }: Session,
	{ id }: StoredWorkflow,
	workflow: WorkflowFile,
): Promise<StoredWorkflow> {
	return await rest('PATCH', `/rest/workflows/${id}`, { settings: {}, ...workflow });
}

/** A workflow as it is stored now, if it is still there. */
export async function readWorkflow(
	{ rest }: Session,
	id: string,
): Promise<StoredWorkflow | undefined> {
	try {
		return await rest<StoredWorkflow>('GET', `/rest/workflows/${id}`);
	} catch (error) {
		if (isRestError(error, 404) || isRestError(error, 403)) return undefined; // deleted
		throw error;
	}
}

/** The workflows that n8n has, without their nodes. */
export async function listWorkflows({
	rest,
}: Session): Promise<Pick<StoredWorkflow, 'id' | 'name'>[]> {
	return await rest('GET', '/rest/workflows');
}

/** Makes a workflow's triggers live. Webhooks answer a moment after this. */
export async function activateWorkflow(
	{ rest }: Session,
	{ id, versionId }: StoredWorkflow,
): Promise<void> {
	await rest('POST', `/rest/workflows/${id}/activate`, { versionId });
}

/**
 * Posts JSON to a production webhook and returns what it answers.
 * n8n registers a webhook a moment after it has activated the workflow, and answers 404 until then; where it finds
 * its database too slow it answers 503. Either way it has started nothing.
 */
export async function postWhenRegistered(url: string, body: unknown): Promise<unknown> {
	const deadline = Date.now() + 20_000;
	while (Date.now() < deadline) {
		const response = await fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		if (response.status !== 404 && response.status !== 503) return await response.json();
		await sleep(100);
	}
	throw new Error(`${url} is not registered, or n8n too busy.`);
}
