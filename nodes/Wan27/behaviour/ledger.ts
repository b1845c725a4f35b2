import { createHash } from 'node:crypto';

import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { isObject } from '../../runflow/json';
import { limits } from './limits';
import { isTool } from './thisNode';

/** What an item has started. Plain JSON: n8n stores it with the execution. */
export interface Entry {
	/** The run that was started for the item and is, or may be, paid for. */
	runId?: string;
	/** When the item was told of the run (ms since 1970), until it was seen. */
	startedAt?: number;
	/** The execution that the run was started in: where it reports its end to, if it was asked to. */
	startedIn?: string | undefined;
	/** The item's last request, where it is not known whether a run came of it. */
	doubt?: Doubt;
	/** Whether somebody has cancelled the run: only a person is to start another one. */
	cancelled?: boolean;
	/** Runs of the item that came to nothing: a further one may be started. */
	failedRuns?: string[];
	/** Runs that were started for the item when it asked for something else. */
	former?: string[];
	/** The execution that the entry was made in, and what was asked for then. */
	executionId?: string | undefined;
	asked?: string;
	/** As a tool: how often the same was asked for and has succeeded. */
	finished?: number;
	/** What was uploaded for the item, by where it goes and what it is. */
	assets?: Record<string, UploadedAsset>;
}

/** A request that got no clear answer. */
export interface Doubt {
	/** When it was sent (ms since 1970). */
	since: number;
	/** A digest of what was sent. */
	of: string;
	/** When it has ended by itself, so that nobody is at work on it any more (ms since 1970). */
	settledAt?: number;
}

/** A file of the item that Runflow has. */
export interface UploadedAsset {
	id: string;
	/** Signed and good for a short while; only where the user wants such URLs sent. */
	url?: string;
	/** When it was there (ms since 1970). */
	at: number;
}

const KEY = 'startedRuns';

/** Where an item stands, and what is asked for. */
export interface Place {
	runIndex: number;
	executionId: string | undefined;
	/**
	 * The input before files are uploaded, as one text; undefined where it is refused. What is sent beside it may
	 * name the execution.
	 */
	asked: string | undefined;
}

/**
 * The entry of the item at hand. It lives in n8n's node context, which outlasts the tries of Retry On
 * Fail and comes back when a failed execution is retried: what is found there is looked up, not paid
 * for again. Only a retried execution that asks for something else than the first one starts anew.
 *
 * As a tool of an AI agent the node has a run index of its own at each try, so there the request itself
 * is the place.
 * @see n8n-engine.md section 2 (2)
 */
export function entryOf(
	context: IExecutePaginationFunctions,
	{ runIndex, executionId, asked }: Place,
): Entry {
	const entries = allEntries(context);
	const place = `${runIndex}.${context.getItemIndex()}`;
	// Nothing is sent, so nothing is noted: what the item has started stays its own until it is in order again.
	if (asked === undefined) {
		return (isTool(context) ? undefined : entries[place]) ?? { executionId };
	}
	const key = isTool(context) ? `tool ${digest(asked)}` : place;
	const known = entries[key];
	if (known !== undefined && (known.executionId === executionId || known.asked === digest(asked))) {
		if (known.cancelled === true && known.executionId !== executionId) dropRun(known);
		known.executionId = executionId;
		return known;
	}
	const former = [...(known?.former ?? []), ...(known?.runId === undefined ? [] : [known.runId])];
	return (entries[key] = {
		executionId,
		asked: digest(asked),
		...(former.length === 0 ? {} : { former }),
	});
}

/** Gives up the item's run, which came to nothing, so that the next try starts another one, under another key. */
export function dropRun(entry: Entry): void {
	entry.failedRuns = [
		...(entry.failedRuns ?? []),
		...(entry.runId === undefined ? [] : [entry.runId]),
	];
	delete entry.runId;
	delete entry.cancelled;
}

/** Whether the item's run was accepted a moment ago, and has not been seen since. */
export function isNew({ startedAt = 0 }: Entry): boolean {
	return Date.now() < startedAt + limits.runShown;
}

/** The run that an item of this run of the node has started in this execution, if it has. */
export function startedRun(
	context: IExecutePaginationFunctions,
	itemIndex: number,
): string | undefined {
	const entry = allEntries(context)[`${runIndexOf(context)}.${itemIndex}`];
	return entry?.executionId === context.getExecutionId() ? entry.runId : undefined;
}

/** Which run of the node this is. Not by an expression: n8n takes milliseconds for each. */
export function runIndexOf(context: IExecutePaginationFunctions): number {
	const read = () => context.getWorkflowDataProxy(context.getItemIndex()).$thisRunIndex;
	// Each run of the agent has the same data.
	if (isTool(context)) return read();
	const data = context.getExecuteData();
	const known = runIndexes.get(data) ?? read();
	runIndexes.set(data, known);
	return known;
}

/** By the data of the run, which all its items have in common: n8n takes long for each. */
const runIndexes = new WeakMap<object, number>();

/** Whether another item or try of this node has started a run. */
export function isTaken(context: IExecutePaginationFunctions, runId: string): boolean {
	return Object.values(allEntries(context)).some(
		({ runId: own, failedRuns = [], former = [] }) =>
			own === runId || failedRuns.includes(runId) || former.includes(runId),
	);
}

/** A short form of a text, to compare it by. */
export function digest(asked: string): string {
	return createHash('sha256').update(asked).digest('hex');
}

function allEntries(context: IExecutePaginationFunctions): Record<string, Entry> {
	const kept = context.getContext('node') as Record<string, unknown>;
	if (!isObject(kept[KEY])) kept[KEY] = {};
	return kept[KEY] as Record<string, Entry>;
}
