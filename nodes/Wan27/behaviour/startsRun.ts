import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	INodePropertyRouting,
	NodeOperationError,
} from 'n8n-workflow';

import { asText, isObject } from '../../runflow/json';
import { withoutSignature } from '../../runflow/address';
import { hasFailed, readRunId, readRunStatus } from '../../runflow/run';
import { isRefusal, type Verdict } from '../fields/verdict';
import { keepWholeAnswer } from './keepWholeAnswer';
import { awaitCallback, type Awaited, type Common, type Standing } from './awaitCallback';
import { bodyValue, setBodyValue } from './body';
import { allInOrder, companies, leave } from './company';
import { executionOver } from './executionOver';
import { foldExtras } from './extras';
import { isBinaryFile } from '../fields/binaryFile';
import { reportOutcome } from './failureReport';
import { finishedItem } from './finishedItem';
import { dropRun, entryOf, type Entry } from './ledger';
import { nodeExecution } from './nodeExecution';
import type { Pace } from './pace';
import { refusalOf } from './refusals';
import {
	errorItem,
	isFailure,
	refusalError,
	runFailedError,
	tellReference,
	type Failure,
} from './runErrors';
import {
	readCompletion,
	readSettings,
	refusalOfAddress,
	refusalOfMetadata,
	refusalOfMixture,
	refusalOfSettings,
	type Completion,
	type Settings,
} from './settings';
import { startRun } from './startRun';
import type { Signal } from './signal';
import { isTool, thisNode } from './thisNode';
import { fingerprint } from './uploadFiles';
import { waitForRun } from './waitForRun';

/** What an operation says of itself besides its fields. */
export interface Run {
	/** The path of its endpoint, as on its documentation page. */
	endpoint: string;
	/** How long such a run takes, so how often it is worth a look. */
	pace: Pace;
	/** Judges the whole `input` where fields depend on each other. */
	judgeInput?: (input: IDataObject) => Verdict;
}

type Gathered = DeclarativeRestApiSettings.ResultOptions;

interface ItemAtWork {
	entry: Entry;
	settings: Settings;
	request: IHttpRequestOptions;
	/** Whether n8n has given up on the item, so that nothing it hands on is taken. */
	isLeft: () => boolean;
}

/**
 * The routing of an operation: its endpoint, and who takes the request over once n8n has gathered it
 * from the fields. Of n8n's hooks only the pagination one wraps the request itself, so it is the one
 * place from which a request can be held back, a failure keep its item link, and a run be waited for.
 * @see n8n-engine.md section 2 (3, 8)
 */
export function startsRun(run: Run): INodePropertyRouting {
	return {
		request: { method: 'POST', url: run.endpoint },
		send: { paginate: true },
		operations: {
			async pagination(this: IExecutePaginationFunctions, gathered) {
				return await oneItem.call(this, run, gathered);
			},
		},
		output: { postReceive: [keepWholeAnswer] },
	};
}

/** One item, from gathered parameters to the run's record or, if the node continues, its error. */
async function oneItem(
	this: IExecutePaginationFunctions,
	run: Run,
	gathered: Gathered,
): Promise<INodeExecutionData[]> {
	const items = itemCount(this);
	const itemIndex = this.getItemIndex();
	const company = all.join(
		{ key: this.getExecuteData(), itemIndex, items, patience: () => patience(this) },
		() => ({
			completion: readCompletion(this),
			batchPause: batchPause(this),
			over: executionOver(this),
		}),
	);
	try {
		const settings = readSettings(this, run.pace);
		return await inCompany.call(this, run, gathered, { settings, items, company });
	} finally {
		leave(company, itemIndex);
	}
}

/** The items of all executions, by what they have in common. */
const all = companies<Common, Standing>();

async function inCompany(
	this: IExecutePaginationFunctions,
	run: Run,
	gathered: Gathered,
	{ settings, items, company }: Pick<Awaited, 'settings' | 'items' | 'company'>,
): Promise<INodeExecutionData[]> {
	const request = gathered.options as IHttpRequestOptions;
	const common = company.shared;
	const { over } = common;
	const { entry, ownKey, refused } = prepare.call(this, run, request, settings, common.completion);
	const inOrder = refused === undefined;
	// Where failures end the node, all items wait for each other.
	const isAlone = standsAlone(this, common);
	const maySend = isAlone
		? inOrder
		: await allInOrder(company, { itemIndex: this.getItemIndex(), items, inOrder });
	if (refused !== undefined && !isAlone) return failed.call(this, refused);
	// Another item is refused: n8n throws that one's error, and of this one nothing is seen or sent.
	if (refused === undefined && !maySend) return [];

	// n8n waits for no item of a batch where it cannot read one of a later batch. Calls of a tool are no tries of
	// the same.
	const isLeft = () => isOverOtherwise(this, over) || (company.superseded && !isTool(this));
	const begun =
		refused ?? (await startRun.call(this, gathered, entry, { ...settings, ownKey, isLeft }));
	if (begun === undefined) return [];
	let state: IDataObject | Failure | undefined = begun;
	let wishes = settings;
	if (common.completion === 'callback') {
		const awaited = { request, entry, settings, items, company };
		const result = await awaitCallback.call(this, begun, awaited);
		if ('suspended' in result) return result.suspended;
		({ state } = result);
		// Files that nobody gets to see need not be fetched.
		if (result.nodeFails === true) wishes = { ...settings, downloadInto: undefined };
	} else if (settings.completion === 'polling' && !isFailure(begun)) {
		const group = this.getExecuteData();
		const { pace } = settings;
		const wait = { pace, group, items, started: request, entry, over };
		state = await waitForRun.call(this, begun, wait);
	}
	return await ended.call(this, state, { entry, settings: wishes, request, isLeft });
}

/** Whether the execution has ended without this item, other than by Stop. */
function isOverOtherwise(context: IExecutePaginationFunctions, over: Signal): boolean {
	return over.aborted && context.getExecutionCancelSignal()?.aborted !== true;
}

/** What an item that waits no longer hands on: its run, or its error. */
async function ended(
	this: IExecutePaginationFunctions,
	state: IDataObject | Failure | undefined,
	{ entry, settings, request, isLeft }: ItemAtWork,
): Promise<INodeExecutionData[]> {
	const record = noteFailedRun.call(this, state, entry);
	const stopped = this.getExecutionCancelSignal();
	const outcome =
		record === undefined || isFailure(record)
			? record
			: await finishedItem.call(this, record, {
					...settings,
					itemIndex: this.getItemIndex(),
					started: request,
					stopped,
				});
	if (isFailure(outcome) && mayHaveRun(entry, outcome)) {
		tellReference(outcome, referenceOfRun(entry, request));
	}
	report.call(this, entry, isFailure(outcome) ? outcome : undefined);
	// Nobody awaits the error of an item that n8n has given up on.
	if (outcome === undefined || isLeft()) return [];
	if (isFailure(outcome)) return failed.call(this, outcome);
	if (isTool(this)) {
		// An agent that asks for the same again wants another one.
		delete entry.runId;
		entry.finished = (entry.finished ?? 0) + 1;
	}
	return [outcome];
}

/** The name under which a run of the item is found in Runflow. */
function referenceOfRun({ doubt, reference = '' }: Entry, request: IHttpRequestOptions): string {
	return doubt?.reference ?? (asText(bodyValue(request, 'client_ref')) || reference);
}

/** Whether there may be a run of an item that fails. */
function mayHaveRun({ runId, doubt, mayBeLost }: Entry, { context }: Failure): boolean {
	return [runId, doubt, mayBeLost, context.runId].some((sign) => sign !== undefined);
}

/**
 * The error of a run that came to nothing. A failed one is free, so the next try may start another one. One that was
 * cancelled may be charged, and whoever cancelled it did not ask for another.
 * @see runflow-api.md sections 4 and 8
 */
function noteFailedRun(
	this: IExecutePaginationFunctions,
	state: IDataObject | Failure | undefined,
	entry: Entry,
): IDataObject | Failure | undefined {
	if (state === undefined || isFailure(state)) return state;
	const status = readRunStatus(state);
	if (!hasFailed(status)) return state;
	if (status === 'cancelled') entry.cancelled = true;
	else dropRun(entry, readRunId(state));
	return runFailedError(this.getNode(), state, this.getItemIndex());
}

/** Lets an error that ends the node say what the other items have started. */
function report(
	this: IExecutePaginationFunctions,
	entry: Entry,
	failure: Failure | undefined,
): void {
	if (this.continueOnFail()) return;
	reportOutcome({
		key: this.getExecuteData(),
		itemIndex: this.getItemIndex(),
		items: itemCount(this),
		runId: entry.runId,
		isInDoubt: entry.doubt !== undefined || entry.mayBeLost === true,
		failure,
	});
}

/** The error of an item, where n8n wants it: thrown, or as an item with its link where the node continues. */
function failed(this: IExecutePaginationFunctions, error: Failure): INodeExecutionData[] {
	if (!this.continueOnFail()) throw error;
	return [errorItem(error, this.getItemIndex())];
}

/**
 * Puts the gathered request in its final form; gives what the item has started so far, the Idempotency Key of the
 * user's own, and the error of what in it cannot be sent.
 */
function prepare(
	this: IExecutePaginationFunctions,
	run: Run,
	request: IHttpRequestOptions,
	{ callbackTo, completion }: Settings,
	common: Completion,
): { entry: Entry; ownKey: string | undefined; refused: NodeOperationError | undefined } {
	const itemIndex = this.getItemIndex();
	const executionId = this.getExecutionId();
	const ownKey = foldExtras(request);
	if (callbackTo !== undefined) setBodyValue(request, 'callback_url', callbackTo);
	// What is refused is never sent, and need not be anything that JSON can hold.
	const isRefused = refusalOf(request) !== undefined;
	const asked = isRefused ? undefined : textOf(bodyValue(request, 'input'));
	const entry = entryOf(this, { nodeRun: nodeExecution(this).nodeRun, executionId, asked });

	const refusal =
		refusalOf(request) ??
		refusalOfInput(run, request) ??
		refusalOfSettings(this) ??
		refusalOfMixture(completion, common) ??
		refusalOfMetadata(bodyValue(request, 'metadata'), bodyValue(request, 'callback_url')) ??
		refusalOfAddress(
			asText(bodyValue(request, 'callback_url')),
			callbackTo !== undefined,
			asText(request.baseURL),
		);
	const refused =
		refusal === undefined ? undefined : refusalError(this.getNode(), refusal, itemIndex);
	return { entry, ownKey, refused };
}

/** The input as one text, by which a retried execution is known to ask for the same. */
function textOf(input: unknown): string {
	return JSON.stringify(input, (_name, value: unknown) => {
		if (isBinaryFile(value)) return fingerprint(value);
		return typeof value === 'string' ? withoutSignature(value) : value;
	});
}

function refusalOfInput({ judgeInput }: Run, request: IHttpRequestOptions) {
	const input = bodyValue(request, 'input');
	const verdict = judgeInput?.(isObject(input) ? input : {});
	return verdict !== undefined && isRefusal(verdict)
		? { parameter: 'Input', ...verdict }
		: undefined;
}

/**
 * Whether failures of others do not matter: the node continues, or the user has n8n hand over the items in
 * batches with pauses between them, or the node is a tool, whose execute data are its agent's.
 */
function standsAlone(context: IExecutePaginationFunctions, { batchPause: pause }: Common): boolean {
	return context.continueOnFail() || pause > 0 || isTool(context);
}

/**
 * How long to wait for an item that may never come, in milliseconds. n8n hands over all items in one turn,
 * or batch by batch; one that it cannot read ends the node, unless the node continues.
 * @see n8n-engine.md section 2 (1, 10)
 */
function patience(context: IExecutePaginationFunctions): number {
	if (!context.continueOnFail()) return Infinity;
	const pause = batchPause(context);
	return pause > 0 ? pause + BATCH_LATE : 0;
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
