import type {
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
} from 'n8n-workflow';

import { hasFailed, readRunId, readRunStatus } from '../api/run';
import { isTool } from '../n8n/thisNode';
import { bodyValue } from '../properties/body';
import { asText } from '../values/json';
import type { State } from './nodeRun/itemState';
import type { ItemsNodeRun } from './nodeRun/joinNodeRun';
import type { Settings } from './nodeRun/settings';
import {
	addReference,
	errorItem,
	isFailure,
	runFailedError,
	type Failure,
} from './read/itemErrors';
import { discardRun, type StartRecord } from './start/startLedger';
import { finishedItems } from './output/finishedItems';

/** An item whose run is not waited for any longer. */
export interface ItemToOutput {
	/** The request that started the run. */
	request: IHttpRequestOptions;
	startRecord: StartRecord;
	settings: Settings;
	nodeRun: ItemsNodeRun;
	/** Whether n8n has given up on the item, so that its output is dropped. */
	isAbandoned: () => boolean;
}

/**
 * The output of an item: its run with the files, or its error.
 * @returns no items when n8n has given up on the item
 * @throws the error, when the node does not continue on failures
 */
export async function toOutput(
	context: IExecutePaginationFunctions,
	state: State,
	item: ItemToOutput,
): Promise<INodeExecutionData[]> {
	const { startRecord, request, isAbandoned } = item;
	const record = noteFailedRun(context, state, startRecord);
	const outcome =
		record === undefined || isFailure(record) ? record : await withFiles(context, record, item);
	const reference = referenceOfRun(startRecord, request);
	if (isFailure(outcome) && mayHaveRun(startRecord, outcome)) addReference(outcome, reference);
	report(context, item, reference, isFailure(outcome) ? outcome : undefined);
	// Nothing awaits the error of an item that n8n has given up on.
	if (outcome === undefined || isAbandoned()) return [];
	if (isFailure(outcome)) return failed(context, outcome);
	if (isTool(context)) {
		// An agent that asks for the same again wants another run.
		delete startRecord.runId;
		startRecord.finishedRuns = (startRecord.finishedRuns ?? 0) + 1;
	}
	return outcome;
}

/** The error of an item, as n8n expects it: thrown, or as an item with its link when the node continues on failures. */
export function failed(context: IExecutePaginationFunctions, error: Failure): INodeExecutionData[] {
	if (!context.continueOnFail()) throw error;
	return [errorItem(error, context.getItemIndex())];
}

/**
 * The error of a run that ended without a result. A failed run is free, so the next try may start another one. A
 * cancelled one may be charged, and the person who cancelled it did not ask for another.
 * @see docs/runflow-api.md, "Cancel" and "Billing"
 */
function noteFailedRun(
	context: IExecutePaginationFunctions,
	state: State,
	startRecord: StartRecord,
): State {
	if (state === undefined || isFailure(state)) return state;
	const status = readRunStatus(state);
	if (!hasFailed(status)) return state;
	if (status === 'cancelled') startRecord.cancelled = true;
	else discardRun(startRecord, readRunId(state));
	return runFailedError(context.getNode(), state, context.getItemIndex());
}

async function withFiles(
	context: IExecutePaginationFunctions,
	record: IDataObject,
	{ settings, request }: ItemToOutput,
): Promise<INodeExecutionData[] | Failure> {
	return await finishedItems(context, record, {
		...settings,
		inputFields: settings.includeInputFields ? context.getInputData().json : undefined,
		itemIndex: context.getItemIndex(),
		connection: request,
		stopped: context.getExecutionCancelSignal(),
	});
}

/** Whether there may be a run of an item that fails. */
function mayHaveRun({ runId, unconfirmed, mayBeLost }: StartRecord, { context }: Failure): boolean {
	return [runId, unconfirmed, mayBeLost, context.runId].some((sign) => sign !== undefined);
}

/** The Client Reference under which the item's run is found in Runflow. */
function referenceOfRun(
	{ unconfirmed, reference = '' }: StartRecord,
	request: IHttpRequestOptions,
): string {
	return unconfirmed?.reference ?? (asText(bodyValue(request, 'client_ref')) || reference);
}

/** Lets an error that ends the node list the runs of the other items. */
function report(
	context: IExecutePaginationFunctions,
	{ startRecord, nodeRun }: ItemToOutput,
	reference: string,
	failure: Failure | undefined,
): void {
	if (context.continueOnFail()) return;
	const { runId, unconfirmed: sent, mayBeLost } = startRecord;
	const unconfirmed = sent === undefined && mayBeLost === undefined ? undefined : reference;
	nodeRun.report.add(context.getItemIndex(), { runId, unconfirmed, failure });
}
