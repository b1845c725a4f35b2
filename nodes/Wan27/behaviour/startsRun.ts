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

import { explainAnswer, explainSilence, explainUnreadable } from '../../runflow/apiError';
import { simplifyRun } from '../../runflow/output';
import { isObject } from '../../runflow/json';
import { isSuccessful, isTerminal, readRunStatus } from '../../runflow/run';
import { isRefusal, type Verdict } from '../fields/verdict';
import { keepWholeAnswer, reply } from './answer';
import { bodyValue } from './body';
import { foldExtras } from './extras';
import { derivedIdempotencyKey } from './idempotencyKey';
import { paceFor, type Pace } from './pace';
import { refusalOf, type NamedRefusal } from './refusals';
import { apiError, errorItem, refusalError, runFailedError } from './runErrors';
import { passGate } from './startGate';
import { isRunRecord, waitForRun } from './waitForRun';

/** What an operation says of itself besides its fields. */
export interface Run {
	/** The path of its endpoint, as on its documentation page. */
	endpoint: string;
	/** How long such a run takes, so how often it is worth a look. */
	pace: Pace;
	/** Judges the whole `input` where fields depend on each other. */
	judgeInput?: (input: IDataObject) => Verdict;
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

type Gathered = DeclarativeRestApiSettings.ResultOptions;

/** One item, from gathered parameters to the run's record or, if the node continues, its error. */
async function oneItem(
	this: IExecutePaginationFunctions,
	run: Run,
	gathered: Gathered,
): Promise<INodeExecutionData[]> {
	const itemIndex = this.getItemIndex();
	const outcome = await attempt.call(this, run, gathered);
	if (outcome instanceof NodeApiError || outcome instanceof NodeOperationError) {
		if (!this.continueOnFail()) throw outcome;
		return [errorItem(outcome, itemIndex)];
	}
	const simplify = this.getNodeParameter('simplify', true) === true;
	return [{ json: simplify ? simplifyRun(outcome) : outcome, pairedItem: { item: itemIndex } }];
}

async function attempt(
	this: IExecutePaginationFunctions,
	run: Run,
	gathered: Gathered,
): Promise<IDataObject | NodeApiError | NodeOperationError> {
	const node = this.getNode();
	const itemIndex = this.getItemIndex();
	const request = gathered.options as IHttpRequestOptions;
	const ownKey = foldExtras(request);

	const refusal = refusalOf(request) ?? refusalOfInput(run, request);
	const refused = await clearToSend.call(
		this,
		refusal === undefined ? undefined : refusalError(node, refusal, itemIndex),
	);
	if (refused !== undefined) return refused;

	request.headers = { ...request.headers, ...idempotencyHeader.call(this, ownKey) };
	const started = await reply(async () => await this.makeRoutingRequest(gathered));
	if ('silence' in started) {
		return apiError(node, explainSilence(started.silence, 'start'), { itemIndex });
	}
	const { answer } = started;
	if (!isRunRecord(answer)) {
		const accepted = answer.statusCode >= 200 && answer.statusCode < 300;
		const text = accepted ? explainUnreadable(answer, 'start') : explainAnswer(answer, 'start');
		return apiError(node, text, { itemIndex, httpCode: String(answer.statusCode) });
	}

	const record = await finished.call(this, run, answer.body, request);
	if (record instanceof NodeApiError || record instanceof NodeOperationError) return record;
	const status = readRunStatus(record);
	return isTerminal(status) && !isSuccessful(status)
		? runFailedError(node, record, itemIndex)
		: record;
}

/** The run's record as the chosen completion wants it: as started, or as ended. */
async function finished(
	this: IExecutePaginationFunctions,
	run: Run,
	record: IDataObject,
	request: IHttpRequestOptions,
): Promise<IDataObject | NodeApiError | NodeOperationError> {
	if (this.getNodeParameter('completion', 'polling') !== 'polling') return record;
	return await waitForRun.call(this, record, {
		pace: paceFor(run.pace, {
			longestIntervalSeconds: this.getNodeParameter('options.pollingInterval', undefined),
			maxWaitMinutes: this.getNodeParameter('options.maximumWait', undefined),
		}),
		items: itemCount(this),
		started: request,
	});
}

function refusalOfInput(run: Run, request: IHttpRequestOptions): NamedRefusal | undefined {
	const input = bodyValue(request, 'input');
	const verdict = run.judgeInput?.(isObject(input) ? input : {});
	return verdict !== undefined && isRefusal(verdict)
		? { parameter: 'Input', ...verdict }
		: undefined;
}

/**
 * Lets the item through, or gives the error that stops it. Where failures end the node, all items wait
 * for each other: one that is refused stops all before any is paid for. Where the node continues, or
 * the user has n8n hand over the items in batches with pauses, each item stands for itself.
 */
async function clearToSend(
	this: IExecutePaginationFunctions,
	refusal: NodeOperationError | undefined,
): Promise<NodeOperationError | undefined> {
	const pause = this.getNodeParameter('requestOptions.batching.batch.batchInterval', 0);
	if (this.continueOnFail() || Number(pause) > 0) return refusal;
	return await passGate(
		{ executeData: this.getExecuteData(), itemIndex: this.getItemIndex(), refusal },
		itemCount(this),
	);
}

/** How many items this run of the node handles. */
function itemCount(context: IExecutePaginationFunctions): number {
	if (context.getNode().executeOnce === true) return 1;
	const { main, ai_tool: tool } = context.getExecuteData().data;
	return (main ?? tool)?.[0]?.length ?? 1;
}

function idempotencyHeader(
	this: IExecutePaginationFunctions,
	ownKey: string | undefined,
): Record<string, string> {
	const key =
		ownKey ??
		derivedIdempotencyKey({
			instanceId: this.getInstanceId(),
			executionId: this.getExecutionId(),
			nodeId: this.getNode().id,
			runIndex: Number(this.evaluateExpression('{{ $runIndex }}', this.getItemIndex())),
			itemIndex: this.getItemIndex(),
		});
	return key === undefined ? {} : { 'Idempotency-Key': key };
}
