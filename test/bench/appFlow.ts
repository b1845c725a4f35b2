import { randomUUID } from 'node:crypto';

import type { Demo } from '../n8n/demo';
import { listExecutions } from '../n8n/executions';
import { parseFlatted } from '../n8n/flatted';
import {
	activateWorkflow,
	createWorkflow,
	node,
	postWhenRegistered,
	type StoredWorkflow,
	type WorkflowFile,
	type WorkflowNode,
} from '../n8n/workflows';

/** The node at the end of each workflow. */
export const AFTER = 'After';

/** A live workflow: Webhook → an item for each prompt → the nodes given → After. */
export interface AppFlow {
	workflow: StoredWorkflow;
	/** Starts an execution; resolves as the webhook's response mode has it. */
	post(prompts: string[]): Promise<void>;
}

/** When a node ran in an execution, and for how long, in milliseconds by n8n's clock. */
export interface NodeTime {
	startTime: number;
	executionTime: number;
	/** How many items left by its outputs. */
	items: number;
}

/** Two nodes, from the first one's output of that index to the second. */
export type Edge = readonly [from: string, output: number, to: string];

/**
 * Makes a workflow live.
 * @param responseMode `lastNode`: its webhook answers when the execution has ended; `onReceived`: before it begins
 * @param middle the nodes between the items and After, and how they are connected; the first one gets the items
 */
export async function makeAppFlow(
	{ session, n8n }: Demo,
	name: string,
	responseMode: 'lastNode' | 'onReceived',
	middle: { nodes: WorkflowNode[]; edges: readonly Edge[] },
): Promise<AppFlow> {
	const path = randomUUID();
	const nodes = [
		node('Webhook', 'n8n-nodes-base.webhook', {
			typeVersion: 2,
			parameters: { path, httpMethod: 'POST', responseMode, options: {} },
			webhookId: path,
		}),
		node('Before', 'n8n-nodes-base.splitOut', {
			parameters: { fieldToSplitOut: 'body.prompts', options: { destinationFieldName: 'prompt' } },
		}),
		...middle.nodes,
		node(AFTER, 'n8n-nodes-base.noOp', {}),
	];
	const first = middle.nodes[0]?.name ?? AFTER;
	const edges: Edge[] = [['Webhook', 0, 'Before'], ['Before', 0, first], ...middle.edges];
	const workflow = await createWorkflow(session, {
		name,
		nodes,
		connections: connections(edges),
		settings: { executionOrder: 'v1' },
	});
	await activateWorkflow(session, workflow);
	return {
		workflow,
		post: async (prompts) => {
			await postWhenRegistered(`${n8n.url}/webhook/${path}`, { prompts });
		},
	};
}

/** A chain of one node. */
export function single(one: WorkflowNode): { nodes: WorkflowNode[]; edges: Edge[] } {
	return { nodes: [one], edges: [[one.name, 0, AFTER]] };
}

/** So many different prompts, all with the same first word. */
export function prompts(count: number, word: string): string[] {
	return Array.from({ length: count }, (_, index) => `${word}: paint the shoe in colour ${index}`);
}

/** The newest execution of a workflow, without its data: reading that would cost n8n time. */
export async function newestExecution(
	{ session }: Demo,
	{ workflow }: AppFlow,
): Promise<{ id: string; status: string } | undefined> {
	const [newest] = await listExecutions(session, workflow.id, 1);
	return newest;
}

/** Whether any execution is under way. */
export async function isBusy({ session }: Demo): Promise<boolean> {
	const filter = encodeURIComponent(JSON.stringify({ status: ['new', 'running'] }));
	const { results } = await session.rest<{ results: unknown[] }>(
		'GET',
		`/rest/executions?filter=${filter}&limit=1`,
	);
	return results.length > 0;
}

interface RunData {
	startTime: number;
	executionTime: number;
	data?: { main: (unknown[] | null)[] };
}

/** All runs of the nodes of an execution, by the node's name. */
export async function nodeTimes(
	{ session }: Demo,
	executionId: string,
): Promise<Record<string, NodeTime[]>> {
	const { data, status } = await session.rest<{ data: string; status: string }>(
		'GET',
		`/rest/executions/${executionId}`,
	);
	const parsed = parseFlatted(data) as { resultData: { runData: Record<string, RunData[]> } };
	if (status !== 'success') throw new Error(`Execution ${executionId} has ended as ${status}`);
	return Object.fromEntries(
		Object.entries(parsed.resultData.runData).map(([name, runs]) => [
			name,
			runs.map((run) => ({
				startTime: run.startTime,
				executionTime: run.executionTime,
				items: (run.data?.main ?? []).reduce((sum, items) => sum + (items?.length ?? 0), 0),
			})),
		]),
	);
}

function connections(edges: readonly Edge[]): WorkflowFile['connections'] {
	const all: WorkflowFile['connections'] = {};
	for (const [from, output, to] of edges) {
		const main = (all[from] ??= { main: [] }).main;
		while (main.length <= output) main.push(null);
		(main[output] ??= []).push({ node: to, type: 'main', index: 0 });
	}
	return all;
}
