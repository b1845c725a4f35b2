import {
	NodeApiError,
	NodeOperationError,
	type DeclarativeRestApiSettings,
	type IDataObject,
	type IExecutePaginationFunctions,
	type IHttpRequestOptions,
	type INodeExecutionData,
	type INodePropertyRouting,
} from 'n8n-workflow';

import { isObject } from '../../runflow/json';
import { isSuccessful, isTerminal, readRunStatus } from '../../runflow/run';
import { isRefusal, type Verdict } from '../fields/verdict';
import { keepWholeAnswer } from './answer';
import { bodyValue } from './body';
import { executionOver } from './executionOver';
import { foldExtras } from './extras';
import { derivedIdempotencyKey } from './idempotencyKey';
import { isBinaryFile } from '../fields/binaryFile';
import { reportOutcome } from './failureReport';
import { finishedItem } from './finishedItem';
import { entryOf, isTool, type Entry } from './ledger';
import type { Pace } from './pace';
import { refusalOf } from './refusals';
import { errorItem, refusalError, runFailedError } from './runErrors';
import { readSettings, refusalOfSettings, type Settings } from './settings';
import { allInOrder } from './startGate';
import { startRun } from './startRun';
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
type Failure = NodeApiError | NodeOperationError;

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
	const settings = readSettings(this, run.pace);
	const request = gathered.options as IHttpRequestOptions;
	const { entry, refused } = prepare.call(this, run, request);
	const maySend = await mayBeSent.call(this, refused === undefined);
	if (refused !== undefined) {
		if (standsAlone(this)) report.call(this, entry, refused);
		return failed.call(this, refused);
	}
	// Another item is refused: n8n throws that one's error, and of this one nothing is seen or sent.
	if (!maySend) return [];

	const over = executionOver(this);
	const record = await startAndWait.call(this, gathered, entry, settings, over);
	const outcome =
		record === undefined || isFailure(record)
			? record
			: await finishedItem.call(this, record, request, settings);
	report.call(this, entry, isFailure(outcome) ? outcome : undefined);
	// Where the execution has ended without us, nobody awaits an error any more.
	const stopped = this.getExecutionCancelSignal()?.aborted === true;
	if (outcome === undefined || (over.aborted && !stopped)) return [];
	if (isFailure(outcome)) return failed.call(this, outcome);
	if (isTool(this)) {
		// An agent that asks for the same again wants another one.
		delete entry.runId;
		entry.finished = (entry.finished ?? 0) + 1;
	}
	return [outcome];
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
		failure,
	});
}

/** The error of an item, where n8n wants it: thrown, or as an item with its link where the node continues. */
function failed(this: IExecutePaginationFunctions, error: Failure): INodeExecutionData[] {
	if (!this.continueOnFail()) throw error;
	return [errorItem(error, this.getItemIndex())];
}

/**
 * Puts the gathered request in its final form; gives what the item has started so far, and the error of
 * what in it cannot be sent.
 */
function prepare(
	this: IExecutePaginationFunctions,
	run: Run,
	request: IHttpRequestOptions,
): { entry: Entry; refused: NodeOperationError | undefined } {
	const itemIndex = this.getItemIndex();
	const executionId = this.getExecutionId();
	const ownKey = foldExtras(request);
	const asked = JSON.stringify(bodyValue(request, 'input'), (_name, value: unknown) =>
		isBinaryFile(value) ? fingerprint(value) : value,
	);
	const runIndex = Number(this.evaluateExpression('{{ $runIndex }}', itemIndex));
	const entry = entryOf(this, { runIndex, executionId, asked });
	const key =
		ownKey ??
		derivedIdempotencyKey({
			instanceId: this.getInstanceId(),
			executionId,
			nodeId: this.getNode().id,
			place: isTool(this) ? `${asked} ${entry.finished ?? 0}` : `${runIndex}.${itemIndex}`,
			failedRuns: entry.failedRuns?.length ?? 0,
		});
	if (key !== undefined) request.headers = { ...request.headers, 'Idempotency-Key': key };

	const refusal = refusalOf(request) ?? refusalOfInput(run, request) ?? refusalOfSettings(this);
	const refused =
		refusal === undefined ? undefined : refusalError(this.getNode(), refusal, itemIndex);
	return { entry, refused };
}

function refusalOfInput({ judgeInput }: Run, request: IHttpRequestOptions) {
	const input = bodyValue(request, 'input');
	const verdict = judgeInput?.(isObject(input) ? input : {});
	return verdict !== undefined && isRefusal(verdict)
		? { parameter: 'Input', ...verdict }
		: undefined;
}

/**
 * Whether the item may be sent. Where failures end the node, all items wait for each other. Where the
 * node continues, or the user has n8n hand over the items in batches with pauses between them, each item
 * stands for itself; and so does the one of a tool, whose execute data are its agent's.
 */
async function mayBeSent(this: IExecutePaginationFunctions, inOrder: boolean): Promise<boolean> {
	if (standsAlone(this)) return inOrder;
	return await allInOrder({
		key: this.getExecuteData(),
		itemIndex: this.getItemIndex(),
		items: itemCount(this),
		inOrder,
	});
}

function standsAlone(context: IExecutePaginationFunctions): boolean {
	const pause = context.getNodeParameter('requestOptions.batching.batch.batchInterval', 0);
	return context.continueOnFail() || Number(pause) > 0 || isTool(context);
}

/** Starts the run, or finds the one that is there, and waits for its end where the user wants that. */
async function startAndWait(
	this: IExecutePaginationFunctions,
	gathered: Gathered,
	entry: Entry,
	{ wait, pace, assetForm }: Settings,
	over: AbortSignal,
): Promise<IDataObject | Failure | undefined> {
	const started = await startRun.call(this, gathered, entry, assetForm);
	if (isFailure(started)) return started;
	const record = wait
		? await waitForRun.call(this, started, {
				pace,
				group: this.getExecuteData(),
				over,
				started: gathered.options as IHttpRequestOptions,
			})
		: started;
	if (record === undefined || isFailure(record)) return record;
	const status = readRunStatus(record);
	if (!isTerminal(status) || isSuccessful(status)) return record;

	// A failed run is free: the next try may start another one, which needs another key.
	entry.failedRuns = [
		...(entry.failedRuns ?? []),
		...(entry.runId === undefined ? [] : [entry.runId]),
	];
	delete entry.runId;
	return runFailedError(this.getNode(), record, this.getItemIndex());
}

/** How many items this run of the node handles. */
function itemCount(context: IExecutePaginationFunctions): number {
	if (context.getNode().executeOnce === true || isTool(context)) return 1;
	return context.getExecuteData().data.main?.[0]?.length ?? 1;
}

function isFailure(value: unknown): value is Failure {
	return value instanceof NodeApiError || value instanceof NodeOperationError;
}
