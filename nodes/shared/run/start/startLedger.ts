import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';

import { readRunId } from '../../api/run';
import { nodeExecution } from '../../n8n/nodeExecution';
import { isTool, maxTries } from '../../n8n/thisNode';
import { digest } from '../../values/digest';
import { isObject } from '../../values/json';
import type { Uploads } from './upload/uploadFiles';

/** What an item has started. Plain JSON: n8n stores it with the execution. */
export interface StartRecord extends Uploads {
	/** The run that was started for the item and is, or may be, paid for. */
	runId?: string;
	/** When Runflow accepted the run (ms since 1970); missing once the run was seen. */
	startedAt?: number;
	/** The execution that has started the run, and is called back; undefined where that is not known. */
	startedIn?: string | undefined;
	/** The item's last start, where it is not known whether a run came of it. */
	unconfirmed?: UnconfirmedStart;
	/** Whether the run was cancelled: only Retry in the executions list starts another one. */
	cancelled?: boolean;
	/** Runs of the item that ended without a result: another one may be started. */
	failedRuns?: string[];
	/** How many of them had ended before this execution. */
	failedEarlier?: number;
	/** Runs that were started for the item with another input. */
	pastRuns?: string[];
	/** The execution that last used the record. */
	executionId?: string | undefined;
	/** A hash of the input for which the record was made. */
	inputHash?: string;
	/** As a tool: how many runs with the same input have succeeded. */
	finishedRuns?: number;
	/** As a tool: which of several calls with the same words at the same time it is, from 1; missing for the first. */
	parallelCall?: number;
	/** The `client_ref` that the node has made for the item's last start. */
	reference?: string;
	/** The last execution in which it was found out whether an earlier one has started a run for the item. */
	searchedIn?: string | undefined;
	/** Set while it is not known whether a lost execution has started a run for the item. */
	mayBeLost?: true;
}

/** A start without a clear response. */
export interface UnconfirmedStart {
	/** When it was sent (ms since 1970). */
	since: number;
	/** The `client_ref` that it was sent with, and its end where the node made it. */
	reference: string;
	hash?: string | undefined;
	/** A hash of the input that was sent, with its files. */
	inputHash: string;
	/** When the request ended other than by a timeout, so that Runflow is no longer handling it (ms since 1970). */
	settledAt?: number;
}

const KEY = 'startedRuns';

/** What identifies an item, and its input. */
export interface Place {
	/** Which run of the node it is, counted by the node from 0. */
	nodeRunIndex: number;
	executionId: string | undefined;
	/**
	 * The input before files are uploaded, as one text; undefined where it is refused. Other fields of the body may
	 * name the execution, so they are left out.
	 */
	inputText: string | undefined;
}

/**
 * The record of the current item, created if it does not exist. It is stored in n8n's node context, which outlasts the
 * tries of Retry On Fail and comes back when a failed execution is retried: a run that is found there is read, not paid
 * for again. Only a retried execution with another input gets a new record.
 *
 * As a tool of an AI agent the node has another run index at each try. There the record is found by the call's id and
 * its input. n8n may give no id, so a record that is in use belongs to another call with the same words: the tries of
 * one call follow each other. Call {@link releaseRecord} when the try has ended.
 * @see docs/n8n-engine.md, "Retry On Fail runs the whole node again"
 */
export function startRecordOf(
	context: IExecutePaginationFunctions,
	{ nodeRunIndex, executionId, inputText }: Place,
): StartRecord {
	const records = allStartRecords(context);
	const place = `${nodeRunIndex}.${context.getItemIndex()}`;
	// Nothing will be sent, so nothing is recorded. The item keeps its started runs.
	if (inputText === undefined) {
		return (isTool(context) ? undefined : records[place]) ?? { executionId };
	}
	const inputHash = digest(inputText);
	if (!isTool(context)) return recordAt(records, place, { executionId, inputHash });
	// Some models number the calls of each turn from the start again.
	const call = `tool ${toolCallOf(context) ?? ''} ${inputHash}`;
	const { key, parallelCall } = freeKey(records, call);
	const record = recordAt(records, key, { executionId, inputHash });
	if (parallelCall > 0) record.parallelCall = parallelCall;
	inUse.add(record);
	return record;
}

/** The records that calls of a tool use at present. Each stays until {@link releaseRecord}. */
const inUse = new WeakSet<StartRecord>();

/**
 * Where the record of a tool call is: one that no other call with the same words uses, preferably one whose last try has
 * failed and left a run.
 */
function freeKey(
	records: Record<string, StartRecord>,
	call: string,
): { key: string; parallelCall: number } {
	let free: { key: string; parallelCall: number } | undefined;
	for (let parallelCall = 0; ; parallelCall++) {
		const key = parallelCall === 0 ? call : `${call} ${parallelCall}`;
		const record = records[key];
		if (record === undefined) return free ?? { key, parallelCall };
		if (inUse.has(record)) continue;
		if (record.runId !== undefined || record.unconfirmed !== undefined)
			return { key, parallelCall };
		free ??= { key, parallelCall };
	}
}

/** Notes that a try has ended: the next one with the same words may use its record. */
export function releaseRecord(startRecord: StartRecord): void {
	inUse.delete(startRecord);
}

function recordAt(
	records: Record<string, StartRecord>,
	key: string,
	{ executionId, inputHash }: Pick<StartRecord, 'executionId'> & { inputHash: string },
): StartRecord {
	const known = records[key];
	if (known !== undefined && (known.executionId === executionId || known.inputHash === inputHash)) {
		if (known.cancelled === true && known.executionId !== executionId)
			discardRun(known, known.runId);
		if (known.executionId !== executionId && known.failedRuns !== undefined)
			known.failedEarlier = known.failedRuns.length;
		known.executionId = executionId;
		return known;
	}
	const pastRuns = [
		...(known?.pastRuns ?? []),
		...(known?.runId === undefined ? [] : [known.runId]),
	];
	return (records[key] = {
		executionId,
		inputHash,
		...(pastRuns.length === 0 ? {} : { pastRuns }),
	});
}

/** n8n's id of the call that an agent makes; undefined where n8n gives none. */
export function toolCallOf(context: IExecutePaginationFunctions): string | undefined {
	const { toolCallId } = context.getInputData().json;
	return typeof toolCallId === 'string' && toolCallId !== '' ? toolCallId : undefined;
}

/** Notes that a run is the item's. {@link StartRecord.startedIn} says what `startedIn` means. */
export function adoptRun(
	startRecord: StartRecord,
	record: IDataObject,
	startedIn: string | undefined,
): void {
	const runId = readRunId(record);
	if (runId !== undefined) {
		startRecord.runId = runId;
		startRecord.startedAt = Date.now();
		startRecord.startedIn = startedIn;
	}
	delete startRecord.unconfirmed;
}

/** Gives up a run of the item that ended without a result: the next try starts another one, under another name. */
export function discardRun(startRecord: StartRecord, runId: string | undefined): void {
	const failed = new Set(startRecord.failedRuns);
	if (runId !== undefined) failed.add(runId);
	startRecord.failedRuns = [...failed];
	// Another try may have started a run meanwhile.
	if (startRecord.runId !== runId) return;
	delete startRecord.runId;
	delete startRecord.cancelled;
}

/**
 * The last failed run of an item that has had all tries of Retry On Fail in this execution; otherwise undefined. n8n
 * counts the tries from the start again each time a suspended execution resumes, and would never stop.
 */
export function lastOfAllTries(
	context: IExecutePaginationFunctions,
	{ failedRuns = [], failedEarlier = 0 }: StartRecord,
): string | undefined {
	if (isTool(context) || failedRuns.length - failedEarlier < maxTries(context)) return undefined;
	return failedRuns.at(-1);
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
		({ runId: own, failedRuns = [], pastRuns = [] }) =>
			own === runId || failedRuns.includes(runId) || pastRuns.includes(runId),
	);
}

function allStartRecords(context: IExecutePaginationFunctions): Record<string, StartRecord> {
	const kept = context.getContext('node') as Record<string, unknown>;
	if (!isObject(kept[KEY])) kept[KEY] = {};
	return kept[KEY] as Record<string, StartRecord>;
}
