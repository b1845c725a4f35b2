import { setTimeout as sleep } from 'node:timers/promises';

import { parseFlatted } from './flatted';
import type { Session } from './session';

export interface Item {
	json: Record<string, unknown>;
	binary?: Record<string, Record<string, unknown>>;
	pairedItem?: unknown;
}

export interface ExecutionError {
	message: string;
	description?: string | null;
	httpCode?: string | null;
	/** The node that it is an error of. */
	node?: { name: string };
}

/** What one node did the last time that it ran in an execution. */
export interface NodeRun {
	/** How often it ran. */
	runs: number;
	/** The items of each output, the error output last. */
	outputs: Item[][];
	error?: ExecutionError;
}

export interface Execution {
	id: string;
	status: string;
	/** What started it: `manual`, `webhook`, `retry` … */
	mode: string;
	/** By the node's name. */
	nodes: Record<string, NodeRun>;
	error?: ExecutionError;
	/** All that n8n has stored of it, as n8n writes it. */
	text: string;
}

interface ExecutionAnswer {
	id: string;
	status: string;
	mode: string;
	data: string;
}

interface ExecutionData {
	resultData?: {
		error?: ExecutionError;
		runData?: Record<string, { data?: { main: (Item[] | null)[] }; error?: ExecutionError }[]>;
	};
}

/** The statuses in which nothing happens any more. */
export const ENDED = ['success', 'error', 'crashed', 'canceled'];

const POLL_INTERVAL_MS = 100;

/** How long an execution may take when the caller doesn't say, in milliseconds. */
const EXECUTION_DEADLINE_MS = 60_000;

/** Starts a workflow from its trigger node as the editor's button does. Returns the execution's id. */
export async function runManually(
	{ rest }: Session,
	workflowId: string,
	trigger: string,
): Promise<string> {
	const { executionId } = await rest<{ executionId: string }>(
		'POST',
		`/rest/workflows/${workflowId}/run`,
		{
			// Read by an older n8n, whose editor sends what it shows; a newer one takes what is stored.
			workflowData: await rest('GET', `/rest/workflows/${workflowId}`),
			triggerToStartFrom: { name: trigger },
		},
	);
	return executionId;
}

/** The executions of a workflow without their data, the newest first: no more than 100. */
export async function listExecutions(
	{ rest }: Session,
	workflowId: string,
	limit = 100,
): Promise<{ id: string; status: string }[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const { results } = await rest<{ results: { id: string; status: string }[] }>(
		'GET',
		`/rest/executions?filter=${filter}&limit=${limit}`,
	);
	return results;
}

/** Presses Stop. */
export async function stopExecution({ rest }: Session, id: string): Promise<void> {
	await rest('POST', `/rest/executions/${id}/stop`);
}

/**
 * Presses "Retry with original workflow". Resolves when the new execution has ended, with its id.
 * n8n stores it as one that was started by the retry, beside the one that is retried.
 */
export async function retryExecution({ rest }: Session, id: string): Promise<string> {
	const retried = await rest<{ id: string }>('POST', `/rest/executions/${id}/retry`, {
		loadWorkflow: false,
	});
	return retried.id;
}

/** An execution as it is now. */
export async function readExecution({ rest }: Session, id: string): Promise<Execution> {
	const answer = await rest<ExecutionAnswer>('GET', `/rest/executions/${id}`);
	// There is no data yet before the first node has run.
	const data = parseFlatted(answer.data) as ExecutionData | undefined;
	const { error, runData = {} } = data?.resultData ?? {};
	const nodes: Record<string, NodeRun> = {};
	for (const [name, runs] of Object.entries(runData)) {
		const last = runs.at(-1);
		const outputs = (last?.data?.main ?? []).map((items) => items ?? []);
		nodes[name] = { runs: runs.length, outputs, ...(last?.error && { error: last.error }) };
	}
	const { status, mode } = answer;
	return { id, status, mode, nodes, ...(error && { error }), text: answer.data };
}

/** Waits until an execution has one of the statuses: by default, until it has ended. */
export async function waitForExecution(
	session: Session,
	id: string,
	statuses: readonly string[] = ENDED,
	deadlineMs = EXECUTION_DEADLINE_MS,
): Promise<Execution> {
	const deadline = Date.now() + deadlineMs;
	for (;;) {
		const execution = await readExecution(session, id);
		if (statuses.includes(execution.status)) return execution;
		if (Date.now() > deadline) {
			throw new Error(
				`Execution ${id} is still ${execution.status} after ${deadlineMs / 1000} s; awaited: ${statuses.join(', ')}.`,
			);
		}
		await sleep(POLL_INTERVAL_MS);
	}
}
