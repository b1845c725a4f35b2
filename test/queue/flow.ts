import { setTimeout as sleep } from 'node:timers/promises';

import { ENDED, readExecution } from '../n8n/executions';
import type { Session } from '../n8n/session';
import {
	activateWorkflow,
	chain,
	createWorkflow,
	node,
	postWhenRegistered,
	withCredential,
	type StoredWorkflow,
	type WorkflowNode,
} from '../n8n/workflows';
import { signCallback } from '../sandbox';
import { CALLBACK_SECRET, type Cluster } from './cluster';

/** The node that is tested. */
export const EDIT = 'Edit';

export interface Flow {
	workflow: StoredWorkflow;
	/** The webhook's production address. */
	url: string;
	/** Starts one execution with an item for each prompt. n8n answers before it runs. */
	post: (prompts: string[]) => Promise<void>;
}

let serial = 0;

/** Wan 2.7, Pro Edit, with the prompt of the item. */
export function editNode(
	{ sandbox }: Cluster,
	parameters: WorkflowNode['parameters'],
	settings: Partial<WorkflowNode> = {},
): WorkflowNode {
	const value = sandbox.sampleUrl('sneaker.png');
	return node(EDIT, 'n8n-nodes-runflow.wan27', {
		parameters: {
			operation: 'proEdit',
			prompt: "={{ $('Before').item.json.prompt }}",
			images: { image: [{ source: { __rl: true, mode: 'url', value } }] },
			downloadOutputs: false,
			...parameters,
		},
		...settings,
	});
}

/** A node that lets its items through. */
export function through(name: string): WorkflowNode {
	return node(name, 'n8n-nodes-base.noOp', {});
}

/** Webhook → the nodes given, live. */
export async function goLive(
	cluster: Cluster,
	...nodes: WorkflowNode[]
): Promise<{ workflow: StoredWorkflow; url: string }> {
	serial += 1;
	const path = `queue-${serial}`;
	const webhook = node('Webhook', 'n8n-nodes-base.webhook', {
		typeVersion: 2,
		parameters: { path, httpMethod: 'POST', responseMode: 'onReceived', options: {} },
		webhookId: `7b1d2c3b-0000-4000-8000-${String(serial).padStart(12, '0')}`,
	});
	const workflow = await createWorkflow(
		cluster.session,
		withCredential(chain(`Queue ${serial}`, webhook, ...nodes), cluster.credential),
	);
	await activateWorkflow(cluster.session, workflow);
	return { workflow, url: `${cluster.front.url}/webhook/${path}` };
}

/** n8n registers a webhook a moment after it has activated the workflow, and answers 404 until then. */
export async function untilRegistered(url: string): Promise<void> {
	const deadline = Date.now() + 20_000;
	// A webhook for POST alone says so, with 404 too, once it is there.
	for (;;) {
		const answer = await fetch(url);
		if ((await answer.text()).includes('not registered for GET')) return;
		if (Date.now() > deadline) throw new Error(`${url} is not registered.`);
		await sleep(100);
	}
}

/** Webhook → Before (an item for each prompt) → the nodes given, live. */
export async function makeFlow(cluster: Cluster, ...nodes: WorkflowNode[]): Promise<Flow> {
	const before = node('Before', 'n8n-nodes-base.splitOut', {
		parameters: {
			fieldToSplitOut: 'body.prompts',
			options: { destinationFieldName: 'prompt' },
		},
	});
	const { workflow, url } = await goLive(cluster, before, ...nodes);
	return {
		workflow,
		url,
		post: async (prompts) => {
			await postWhenRegistered(url, { prompts });
		},
	};
}

/** Runflow Trigger → Next, live. */
export interface TriggerFlow {
	workflow: StoredWorkflow;
	/** Sends a callback for a run to one of the processes, and resolves with the status of its answer. */
	deliver: (base: string, run: string) => Promise<number>;
}

/** Makes a workflow live that Runflow Trigger starts. */
export async function triggerFlow(cluster: Cluster): Promise<TriggerFlow> {
	serial += 1;
	const webhookId = `7b1d2c3b-0000-4000-9000-${String(serial).padStart(12, '0')}`;
	const trigger = node('Runflow Trigger', 'n8n-nodes-runflow.runflowTrigger', {
		typeVersion: 1.1,
		id: webhookId,
		webhookId,
	});
	const workflow = await createWorkflow(
		cluster.session,
		withCredential(chain(`Queue trigger ${serial}`, trigger, through('Next')), cluster.credential),
	);
	await activateWorkflow(cluster.session, workflow);
	const path = `/webhook/${webhookId}/webhook`;
	const send = async (base: string, callback: object): Promise<number> => {
		const body = JSON.stringify(callback);
		const response = await fetch(base + path, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				'Runflow-Signature': signCallback(body, CALLBACK_SECRET),
			},
			body,
		});
		await response.text();
		return response.status;
	};
	const deadline = Date.now() + 20_000;
	// An event that the trigger does not listen to: the answer is 200, and nothing is started.
	while ((await send(cluster.webhook.url, { event: 'run.failed' })) !== 200) {
		if (Date.now() > deadline) throw new Error(`${path} is not registered.`);
		await sleep(100);
	}
	return {
		workflow,
		deliver: async (base, run) =>
			await send(base, { event: 'run.completed', run_id: run, status: 'succeeded' }),
	};
}

/** Waits for a condition. */
export async function waitUntil(deadlineMs: number, condition: () => boolean): Promise<void> {
	const deadline = Date.now() + deadlineMs;
	while (!condition()) {
		if (Date.now() > deadline) {
			throw new Error(`Not within ${deadlineMs / 1000} s: ${String(condition)}`);
		}
		await sleep(20);
	}
}

interface Listed {
	id: string;
	status: string;
	/** When it started, by n8n's clock (ISO 8601); absent before that. */
	startedAt?: string;
	/** When it ended, by n8n's clock (ISO 8601). */
	stoppedAt?: string;
}

/** Every status that an execution may have. */
const STATUSES = ['new', 'running', 'waiting', ...ENDED];

/** How many executions n8n lists at once, at the most. */
const PAGE = 100;

/**
 * The executions of a workflow without their data, however many there are. n8n's own cursor continues below the id of a
 * page's last entry, though it sorts by start, so it skips executions. Here each page continues at the last entry's start.
 */
export async function allExecutions({ rest }: Session, workflowId: string): Promise<Listed[]> {
	const all = new Map<string, Listed>();
	for (let startedBefore: string | undefined; ;) {
		const filter = JSON.stringify({ workflowId, status: STATUSES, startedBefore });
		const { results } = await rest<{ results: Listed[] }>(
			'GET',
			`/rest/executions?filter=${encodeURIComponent(filter)}&limit=${PAGE}`,
		);
		const known = all.size;
		for (const one of results) all.set(one.id, one);
		if (results.length < PAGE || all.size === known) return [...all.values()];
		startedBefore = results.at(-1)?.startedAt;
	}
}

/**
 * Waits until a workflow has so many executions and all are in one of the statuses.
 * @returns all of them, the oldest first
 */
export async function executionsIn(
	session: Session,
	{ id: workflowId }: StoredWorkflow,
	awaited: { count: number; statuses: string[]; deadlineMs: number; everyMs?: number },
): Promise<Listed[]> {
	const { count, statuses, deadlineMs, everyMs = 200 } = awaited;
	const deadline = Date.now() + deadlineMs;
	for (;;) {
		const all = await allExecutions(session, workflowId);
		if (all.length >= count && all.every(({ status }) => statuses.includes(status))) {
			return all.sort((a, b) => Number(a.id) - Number(b.id));
		}
		if (Date.now() > deadline) {
			const seen = all.map(({ id, status }) => `${id} ${status}`).join(', ');
			throw new Error(
				`Not ${count} executions in ${statuses.join(', ')} after ${deadlineMs / 1000} s, but: ${seen}`,
			);
		}
		await sleep(everyMs);
	}
}

/** A field of every item that a node has output in the executions. */
export async function fieldOfItems(
	session: Session,
	executions: readonly { id: string }[],
	{ name, field }: { name: string; field: string },
): Promise<unknown[]> {
	const values: unknown[] = [];
	for (const { id } of executions) {
		const { nodes } = await readExecution(session, id);
		values.push(...(nodes[name]?.outputs[0] ?? []).map(({ json }) => json[field]));
	}
	return values;
}
