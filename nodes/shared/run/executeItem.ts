import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	INodePropertyRouting,
	NodeOperationError,
} from 'n8n-workflow';

import { asText, isObject } from '../values/json';
import { withoutSignature } from '../values/address';
import { hasFailed, readRunId, readRunStatus } from '../api/run';
import { isInvalid, type ValidationResult } from '../validation/result';
import { fullResponse } from '../api/fullResponse';
import {
	awaitCallback,
	type Awaited,
	type Phases,
	type SharedSettings,
} from './suspend/awaitCallback';
import { bodyValue, setBodyValue } from '../properties/body';
import { NodeRuns, type SetUp, type WhenIncomplete } from './nodeRun/nodeRun';
import { executionOver } from '../n8n/executionOver';
import { mergeExtras } from '../properties/extras';
import { isBinaryFile } from '../validation/binaryFile';
import { finishedItem } from './output/finishedItem';
import { discardRun, startRecordOf, type StartRecord } from './start/startLedger';
import { nodeExecution } from '../n8n/nodeExecution';
import type { PollingPolicy } from './nodeRun/pollingPolicy';
import { invalidParameterOf } from '../validation/refusals';
import {
	errorItem,
	isFailure,
	invalidParameterError,
	runFailedError,
	addReference,
	type Failure,
} from './read/itemErrors';
import {
	readCompletion,
	readSettings,
	addressProblem,
	metadataProblem,
	mixtureProblem,
	settingsProblem,
	type Completion,
	type Settings,
} from './nodeRun/settings';
import { startRun } from './start/startRun';
import type { Signal } from '../async/abortSignal';
import { isTool, thisNode } from '../n8n/thisNode';
import { fingerprint } from './start/uploadFiles';
import { waitForRun } from './wait/waitForRun';

/** What an operation says of itself besides its fields. */
export interface RunDefinition {
	/** The path of its endpoint, as on its documentation page. */
	endpoint: string;
	/** How often such a run is polled, and for how long. */
	policy: PollingPolicy;
	/** Validates the whole `input` where fields depend on each other. */
	validateInput?: (input: IDataObject) => ValidationResult;
}

type Gathered = DeclarativeRestApiSettings.ResultOptions;

interface ItemAtWork {
	startRecord: StartRecord;
	settings: Settings;
	request: IHttpRequestOptions;
	nodeRun: Awaited['nodeRun'];
	/** Whether n8n has given up on the item, so that its output is dropped. */
	isAbandoned: () => boolean;
}

/**
 * The routing of an operation: its endpoint, and who takes the request over once n8n has gathered it
 * from the fields. Of n8n's hooks only the pagination one wraps the request itself, so it is the one
 * place from which a request can be held back, a failure keep its item link, and a run be waited for.
 * @see docs/n8n-engine.md, "Item links and errors" and "The pagination hook wraps the request"
 */
export function runRouting(run: RunDefinition): INodePropertyRouting {
	return {
		request: { method: 'POST', url: run.endpoint },
		send: { paginate: true },
		operations: {
			async pagination(this: IExecutePaginationFunctions, gathered) {
				return await executeItem(this, run, gathered);
			},
		},
		output: { postReceive: [fullResponse] },
	};
}

/** One item, from gathered parameters to the run's record or, if the node continues, its error. */
async function executeItem(
	context: IExecutePaginationFunctions,
	run: RunDefinition,
	gathered: Gathered,
): Promise<INodeExecutionData[]> {
	const items = itemCount(context);
	const itemIndex = context.getItemIndex();
	const nodeRun = nodeRuns.join({ key: context.getExecuteData(), itemIndex, items }, () =>
		readShared(context),
	);
	try {
		const settings = readSettings(context, run.policy);
		return await executeStages(context, run, gathered, { settings, items, nodeRun });
	} finally {
		nodeRun.leave(itemIndex);
	}
}

const nodeRuns = new NodeRuns<SharedSettings, Phases>();

/** What the first item reads for all. */
function readShared(context: IExecutePaginationFunctions): SetUp<SharedSettings> {
	const pause = batchPause(context);
	return {
		shared: {
			completion: readCompletion(context),
			isAllOrNothing: !context.continueOnFail() && pause <= 0 && !isTool(context),
			over: executionOver(context),
		},
		whenIncomplete: whenIncomplete(context, pause),
	};
}

async function executeStages(
	context: IExecutePaginationFunctions,
	run: RunDefinition,
	gathered: Gathered,
	{ settings, items, nodeRun }: Pick<Awaited, 'settings' | 'items' | 'nodeRun'>,
): Promise<INodeExecutionData[]> {
	const request = gathered.options as IHttpRequestOptions;
	const shared = nodeRun.shared;
	const { over } = shared;
	const { startRecord, ownKey, refused } = finalizeRequest(
		context,
		run,
		request,
		settings,
		shared.completion,
	);
	if (shared.isAllOrNothing) {
		const isValid = refused === undefined;
		const maySend = await areAllValid(nodeRun, context.getItemIndex(), isValid);
		if (refused !== undefined) return failed(context, refused);
		// Another item is refused: n8n throws that one's error, and of this one nothing is seen or sent.
		if (!maySend) return [];
	}

	// n8n waits for no item of a batch where it cannot read one of a later batch. Calls of a tool are no tries of
	// the same.
	const isAbandoned = () =>
		isOverOtherwise(context, over) || (nodeRun.isCancelled && !isTool(context));
	const startResult =
		refused ??
		(await startRun(context, gathered, startRecord, { ...settings, ownKey, isAbandoned }));
	if (startResult === undefined) return [];
	let state: IDataObject | Failure | undefined = startResult;
	let outputOptions = settings;
	if (shared.completion === 'callback') {
		const awaited = { request, startRecord, settings, items, nodeRun };
		const result = await awaitCallback(context, startResult, awaited);
		if ('suspended' in result) return result.suspended;
		({ state } = result);
		// Files that nobody gets to see need not be fetched.
		if (result.nodeFails === true) outputOptions = { ...settings, downloadInto: undefined };
	} else if (settings.completion === 'polling' && !isFailure(startResult)) {
		const pollerKey = context.getExecuteData();
		const { policy } = settings;
		const wait = { policy, pollerKey, items, connection: request, startRecord, over };
		state = await waitForRun(context, startResult, wait);
	}
	return await toOutput(context, state, {
		startRecord,
		settings: outputOptions,
		request,
		nodeRun,
		isAbandoned,
	});
}

/** Whether the execution has ended without this item, other than by Stop. */
function isOverOtherwise(context: IExecutePaginationFunctions, over: Signal): boolean {
	return over.aborted && context.getExecutionCancelSignal()?.aborted !== true;
}

/** What an item that waits no longer hands on: its run, or its error. */
async function toOutput(
	context: IExecutePaginationFunctions,
	state: IDataObject | Failure | undefined,
	item: ItemAtWork,
): Promise<INodeExecutionData[]> {
	const { startRecord, settings, request, isAbandoned } = item;
	const record = noteFailedRun(context, state, startRecord);
	const stopped = context.getExecutionCancelSignal();
	const outcome =
		record === undefined || isFailure(record)
			? record
			: await finishedItem(context, record, {
					...settings,
					itemIndex: context.getItemIndex(),
					connection: request,
					stopped,
				});
	const reference = referenceOfRun(startRecord, request);
	if (isFailure(outcome) && mayHaveRun(startRecord, outcome)) addReference(outcome, reference);
	report(context, item, reference, isFailure(outcome) ? outcome : undefined);
	// Nobody awaits the error of an item that n8n has given up on.
	if (outcome === undefined || isAbandoned()) return [];
	if (isFailure(outcome)) return failed(context, outcome);
	if (isTool(context)) {
		// An agent that asks for the same again wants another one.
		delete startRecord.runId;
		startRecord.finishedRuns = (startRecord.finishedRuns ?? 0) + 1;
	}
	return [outcome];
}

/** The name under which a run of the item is found in Runflow. */
function referenceOfRun(
	{ unconfirmed, reference = '' }: StartRecord,
	request: IHttpRequestOptions,
): string {
	return unconfirmed?.reference ?? (asText(bodyValue(request, 'client_ref')) || reference);
}

/** Whether there may be a run of an item that fails. */
function mayHaveRun({ runId, unconfirmed, mayBeLost }: StartRecord, { context }: Failure): boolean {
	return [runId, unconfirmed, mayBeLost, context.runId].some((sign) => sign !== undefined);
}

/**
 * The error of a run that came to nothing. A failed one is free, so the next try may start another one. One that was
 * cancelled may be charged, and whoever cancelled it did not ask for another.
 * @see docs/runflow-api.md, "Cancel" and "Billing"
 */
function noteFailedRun(
	context: IExecutePaginationFunctions,
	state: IDataObject | Failure | undefined,
	startRecord: StartRecord,
): IDataObject | Failure | undefined {
	if (state === undefined || isFailure(state)) return state;
	const status = readRunStatus(state);
	if (!hasFailed(status)) return state;
	if (status === 'cancelled') startRecord.cancelled = true;
	else discardRun(startRecord, readRunId(state));
	return runFailedError(context.getNode(), state, context.getItemIndex());
}

/** Lets an error that ends the node list the runs of the other items. */
function report(
	context: IExecutePaginationFunctions,
	{ startRecord, nodeRun }: ItemAtWork,
	reference: string,
	failure: Failure | undefined,
): void {
	if (context.continueOnFail()) return;
	const { runId, unconfirmed: sent, mayBeLost } = startRecord;
	const unconfirmed = sent === undefined && mayBeLost === undefined ? undefined : reference;
	nodeRun.report.add(context.getItemIndex(), { runId, unconfirmed, failure });
}

/** The error of an item, where n8n wants it: thrown, or as an item with its link where the node continues. */
function failed(context: IExecutePaginationFunctions, error: Failure): INodeExecutionData[] {
	if (!context.continueOnFail()) throw error;
	return [errorItem(error, context.getItemIndex())];
}

/**
 * Puts the gathered request in its final form; gives what the item has started so far, the Idempotency Key of the
 * user's own, and the error of what in it cannot be sent.
 */
function finalizeRequest(
	context: IExecutePaginationFunctions,
	run: RunDefinition,
	request: IHttpRequestOptions,
	{ callbackTo, completion }: Settings,
	sharedCompletion: Completion,
): {
	startRecord: StartRecord;
	ownKey: string | undefined;
	refused: NodeOperationError | undefined;
} {
	const itemIndex = context.getItemIndex();
	const executionId = context.getExecutionId();
	const ownKey = mergeExtras(request);
	if (callbackTo !== undefined) setBodyValue(request, 'callback_url', callbackTo);
	// What is refused is never sent, and need not be anything that JSON can hold.
	const isRefused = invalidParameterOf(request) !== undefined;
	const asked = isRefused ? undefined : textOf(bodyValue(request, 'input'));
	const startRecord = startRecordOf(context, {
		nodeRunIndex: nodeExecution(context).nodeRunIndex,
		executionId,
		inputText: asked,
	});

	const refusal =
		invalidParameterOf(request) ??
		inputProblem(run, request) ??
		settingsProblem(context) ??
		mixtureProblem(completion, sharedCompletion) ??
		metadataProblem(bodyValue(request, 'metadata'), bodyValue(request, 'callback_url')) ??
		addressProblem(
			asText(bodyValue(request, 'callback_url')),
			callbackTo !== undefined,
			asText(request.baseURL),
		);
	const refused =
		refusal === undefined
			? undefined
			: invalidParameterError(context.getNode(), refusal, itemIndex);
	return { startRecord, ownKey, refused };
}

/** The input as one text, by which a retried execution is known to ask for the same. */
function textOf(input: unknown): string {
	return JSON.stringify(input, (_name, value: unknown) => {
		if (isBinaryFile(value)) return fingerprint(value);
		return typeof value === 'string' ? withoutSignature(value) : value;
	});
}

function inputProblem({ validateInput }: RunDefinition, request: IHttpRequestOptions) {
	const input = bodyValue(request, 'input');
	const result = validateInput?.(isObject(input) ? input : {});
	return result !== undefined && isInvalid(result) ? { parameter: 'Input', ...result } : undefined;
}

/**
 * Whether all items of the node run may be sent. n8n throws the first failure and drops the results of all other items,
 * so one invalid item must stop them before they are paid for.
 * @see docs/n8n-engine.md, "All items are sent in parallel" and "Retry On Fail runs the whole node again"
 */
async function areAllValid(
	nodeRun: Awaited['nodeRun'],
	itemIndex: number,
	isValid: boolean,
): Promise<boolean> {
	const { all } = (await nodeRun.arrive('validated', itemIndex, isValid)) ?? {};
	return all !== undefined && all.size >= nodeRun.items && ![...all.values()].includes(false);
}

/**
 * What to do when items do not join. n8n hands over all items at once, or batch by batch. An item that it cannot
 * evaluate ends the node, unless the node continues on failures.
 * @param pause the pause between two batches, in milliseconds
 * @see docs/n8n-engine.md, "All items are sent in parallel" and "Request options"
 */
function whenIncomplete(context: IExecutePaginationFunctions, pause: number): WhenIncomplete {
	if (context.continueOnFail()) return { joinTimeout: pause > 0 ? pause + BATCH_LATE : 0 };
	return pause > 0 || isTool(context) ? { joinTimeout: Infinity } : 'cancel';
}

/** How much later than planned n8n may hand over a batch, in milliseconds. */
const BATCH_LATE = 10_000;

/** The pause that the user has n8n make between two batches of items, in milliseconds. */
function batchPause(context: IExecutePaginationFunctions): number {
	return Number(context.getNodeParameter('requestOptions.batching.batch.batchInterval', 0));
}

/** How many items this run of the node handles. */
function itemCount(context: IExecutePaginationFunctions): number {
	if (thisNode(context).executeOnce === true || isTool(context)) return 1;
	return context.getExecuteData().data.main?.[0]?.length ?? 1;
}
