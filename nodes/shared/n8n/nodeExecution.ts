import { randomUUID } from 'node:crypto';
import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { asText, isObject } from '../values/json';
import { isTool } from './thisNode';

/**
 * What n8n reports about the execution and this run of the node. It is the same for all items and tries, and for all
 * calls of a tool by one run of its agent.
 */
export interface NodeExecution {
	/**
	 * Identifies this execution, and stays the same when n8n retries it: n8n's secret token, or a random text stored with
	 * the execution if n8n has no token.
	 */
	identity: string;
	/** Which run of the node this is, from 0. */
	nodeRunIndex: number;
	/** Where n8n resumes the execution. */
	resumeUrl: string;
	/**
	 * When the node first ran in this execution, if it is a retry of an earlier one (ms since 1970). What the node kept
	 * in the earlier execution may be lost: n8n stores it only when an execution ends or is suspended, not when n8n is
	 * stopped or crashes.
	 */
	retriedAt: number | undefined;
	/** The earliest time at which this execution, or the one that it retries, can have started a run (ms since 1970). */
	begunAt: number;
	/** Whether this run of the node first appeared in a retry: n8n has stored nothing of it before. */
	isForgotten: boolean;
}

/** How far back to search for starts of an execution whose record n8n has lost, in milliseconds. */
const LOST_WINDOW = 3 * 24 * 60 * 60_000;

/**
 * Keyed by the data of the node run, which all its items share, since n8n takes milliseconds for each read. Lives as long as
 * that data.
 */
const known = new WeakMap<object, NodeExecution>();

/** @see docs/n8n-engine.md, "Executions that are retried" */
export function nodeExecution(context: IExecutePaginationFunctions): NodeExecution {
	const data = context.getExecuteData();
	const execution = known.get(data) ?? read(context, context.getContext('node'));
	known.set(data, execution);
	return execution;
}

/** What the node keeps in n8n's context, which is stored with the execution. */
interface KeptForNode {
	/** n8n's indexes of the runs of the node, in order. After a crash, n8n skips one. */
	nodeRuns: number[];
	/** Those that first appeared in a retry. */
	forgotten: number[];
	begunAt: number;
	identity: string;
	retried: { executionId: string | undefined; at: number };
}

function read(context: IExecutePaginationFunctions, kept: Partial<KeptForNode>): NodeExecution {
	// An expression would take longer.
	const proxy = context.getWorkflowDataProxy(context.getItemIndex());
	const runIndex = proxy.$thisRunIndex;
	const resumeUrl = isObject(proxy.$execution) ? asText(proxy.$execution.resumeUrl) : '';
	const token = tokenOf(resumeUrl);
	const nodeRuns = (kept.nodeRuns ??= []);
	const isRetry = context.getMode() === 'retry';
	if (!nodeRuns.includes(runIndex)) {
		nodeRuns.push(runIndex);
		if (isRetry) kept.forgotten = [...(kept.forgotten ?? []), runIndex];
	}
	return {
		identity: token ?? (kept.identity ??= randomUUID()),
		nodeRunIndex: nodeRuns.indexOf(runIndex),
		resumeUrl,
		retriedAt:
			token !== undefined && isRetry && !isTool(context) ? retriedAt(context, kept) : undefined,
		begunAt: (kept.begunAt ??= Date.now() - (isRetry ? LOST_WINDOW : 0)),
		isForgotten: kept.forgotten?.includes(runIndex) === true,
	};
}

/** When the node first ran in this execution. The runs of a loop share it. */
function retriedAt(context: IExecutePaginationFunctions, kept: Partial<KeptForNode>): number {
	const executionId = context.getExecutionId();
	const { retried } = kept;
	const at = retried?.executionId === executionId ? retried.at : Date.now();
	kept.retried = { executionId, at };
	return at;
}

/** n8n's token of the execution, which signs its address. n8n 1 has none. */
function tokenOf(resumeUrl: string): string | undefined {
	if (!URL.canParse(resumeUrl)) return undefined;
	return new URL(resumeUrl).searchParams.get('signature') ?? undefined;
}
