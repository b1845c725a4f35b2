import { createHash } from 'node:crypto';

import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { isObject } from '../../values/json';
import { nodeExecution } from '../../n8n/nodeExecution';
import { isTool } from '../../n8n/thisNode';

/** What an item has started. Plain JSON: n8n stores it with the execution. */
export interface StartRecord {
	/** The run that was started for the item and is, or may be, paid for. */
	runId?: string;
	/** When the item was told of the run (ms since 1970), until it was seen. */
	startedAt?: number;
	/** The execution that the run was started in: where it reports its end to, if it was asked to. */
	startedIn?: string | undefined;
	/** The item's last request, where it is not known whether a run came of it. */
	doubt?: UnconfirmedStart;
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
	/** The `client_ref` that the node has made for the item's last start. */
	reference?: string;
	/** The last Retry in which it was found out whether a lost execution has started a run for the item. */
	searchedIn?: string | undefined;
	/** There while it is not known whether a lost execution has started a run for the item. */
	mayBeLost?: true;
	/** What was uploaded for the item, by where it goes and what it is. */
	assets?: Record<string, UploadedAsset>;
}

/** A start that got no clear answer. */
export interface UnconfirmedStart {
	/** When it was sent (ms since 1970). */
	since: number;
	/** The `client_ref` that it was sent with, and its end where the node made it. */
	reference: string;
	hash?: string | undefined;
	/** A digest of the input that was sent. */
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
	/** Which run of the node it is, counted by the node. */
	nodeRunIndex: number;
	executionId: string | undefined;
	/**
	 * The input before files are uploaded, as one text; undefined where it is refused. What is sent beside it may
	 * name the execution.
	 */
	inputText: string | undefined;
}

/**
 * The entry of the item at hand. It lives in n8n's node context, which outlasts the tries of Retry On
 * Fail and comes back when a failed execution is retried: what is found there is looked up, not paid
 * for again. Only a retried execution that asks for something else than the first one starts anew.
 *
 * As a tool of an AI agent the node has a run index of its own at each try: there the call is the place, or what it
 * asks for where n8n does not name it.
 * @see docs/n8n-engine.md, "Retry On Fail runs the whole node again"
 */
export function startRecordOf(
	context: IExecutePaginationFunctions,
	{ nodeRunIndex, executionId, inputText }: Place,
): StartRecord {
	const entries = allStartRecords(context);
	const place = `${nodeRunIndex}.${context.getItemIndex()}`;
	// Nothing is sent, so nothing is noted: what the item has started stays its own until it is in order again.
	if (inputText === undefined) {
		return (isTool(context) ? undefined : entries[place]) ?? { executionId };
	}
	// Some models number the calls of each turn anew.
	const key = isTool(context) ? `tool ${toolCallOf(context) ?? ''} ${digest(inputText)}` : place;
	const known = entries[key];
	if (
		known !== undefined &&
		(known.executionId === executionId || known.asked === digest(inputText))
	) {
		if (known.cancelled === true && known.executionId !== executionId)
			discardRun(known, known.runId);
		known.executionId = executionId;
		return known;
	}
	const former = [...(known?.former ?? []), ...(known?.runId === undefined ? [] : [known.runId])];
	return (entries[key] = {
		executionId,
		asked: digest(inputText),
		...(former.length === 0 ? {} : { former }),
	});
}

/** n8n's id of the call that an agent makes; undefined where n8n gives none. */
export function toolCallOf(context: IExecutePaginationFunctions): string | undefined {
	const { toolCallId } = context.getInputData().json;
	return typeof toolCallId === 'string' && toolCallId !== '' ? toolCallId : undefined;
}

/** Gives up a run of the item that ended without a result, so that the next try starts another one, under another name. */
export function discardRun(startRecord: StartRecord, runId: string | undefined): void {
	const failed = new Set(startRecord.failedRuns);
	if (runId !== undefined) failed.add(runId);
	startRecord.failedRuns = [...failed];
	// Another try may have started a run meanwhile.
	if (startRecord.runId !== runId) return;
	delete startRecord.runId;
	delete startRecord.cancelled;
}

/** The run that an item of this run of the node has started in this execution, if it has. */
export function startedRun(
	context: IExecutePaginationFunctions,
	itemIndex: number,
): string | undefined {
	const startRecord =
		allStartRecords(context)[`${nodeExecution(context).nodeRunIndex}.${itemIndex}`];
	return startRecord?.executionId === context.getExecutionId() ? startRecord.runId : undefined;
}

/** Whether another item or try of this node has started a run. */
export function isTaken(context: IExecutePaginationFunctions, runId: string): boolean {
	return Object.values(allStartRecords(context)).some(
		({ runId: own, failedRuns = [], former = [] }) =>
			own === runId || failedRuns.includes(runId) || former.includes(runId),
	);
}

/** A short form of a text, to compare it by. */
export function digest(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

function allStartRecords(context: IExecutePaginationFunctions): Record<string, StartRecord> {
	const kept = context.getContext('node') as Record<string, unknown>;
	if (!isObject(kept[KEY])) kept[KEY] = {};
	return kept[KEY] as Record<string, StartRecord>;
}
