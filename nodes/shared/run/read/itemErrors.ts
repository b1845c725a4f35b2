import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type JsonObject,
} from 'n8n-workflow';

import { explainError, type ApiErrorText } from '../../api/errorTexts/errorTexts';
import type { ApiError } from '../../api/result/result';
import { asText, isObject } from '../../values/json';
import { readFailure, readRunId, readRunStatus } from '../../api/run';
import type { InvalidParameter } from '../../validation/result';

/** What an item fails with. */
export type Failure = NodeApiError | NodeOperationError;

/** Whether a value is the error of an item. */
export function isFailure(value: unknown): value is Failure {
	return value instanceof NodeApiError || value instanceof NodeOperationError;
}

/** What each of these errors carries besides its text, for the error output and the log. */
interface Context {
	itemIndex: number;
	/** The run that was started and is paid for, where there is one. */
	runId?: string | undefined;
	requestId?: string | undefined;
	code?: string | undefined;
}

/** The error of an item that is refused before anything is sent. */
export function invalidParameterError(
	node: INode,
	refusal: InvalidParameter,
	itemIndex: number,
): NodeOperationError {
	const join = refusal.problem.startsWith(':') ? '' : ' ';
	return new NodeOperationError(
		node,
		`${refusal.parameter}${join}${refusal.problem} [item ${itemIndex}]`,
		{ itemIndex, description: refusal.advice },
	);
}

/** The error of a request that Runflow refused or left unanswered. */
export function apiError(
	node: INode,
	text: ApiErrorText,
	where: { itemIndex: number; status?: number | undefined; runId?: string | undefined },
): NodeApiError {
	const description =
		where.runId === undefined ? text.description : `${text.description}\nRun ID: ${where.runId}`;
	return buildError(
		node,
		{ message: text.message, description, httpCode: where.status?.toString() },
		{
			itemIndex: where.itemIndex,
			runId: where.runId,
			requestId: text.requestId,
			code: text.code,
		},
	);
}

/** The error of a run that could not be read. */
export function readError(
	node: INode,
	error: ApiError,
	{ itemIndex, runId }: { itemIndex: number; runId: string },
): NodeApiError {
	const where = { itemIndex, runId, status: error.status };
	return apiError(node, explainError(error, 'read'), where);
}

/** What to do about a run that has failed, and about one that was cancelled. */
interface FailureAdvice {
	failed: string;
	cancelled: string;
}

/** What to do about a run that the item has started. */
const RUN_AGAIN: FailureAdvice = {
	failed:
		'Runflow does not charge for failed runs. Change the input if it is the reason, or run the item again.',
	cancelled: 'It was cancelled in Runflow. Run the item again if that was a mistake.',
};

/**
 * The error of a run that ended without a result. Failed runs are free.
 * @param advice what to do about it
 * @see docs/runflow-api.md, "Billing"
 */
export function runFailedError(
	node: INode,
	run: IDataObject,
	itemIndex: number,
	advice = RUN_AGAIN,
): NodeApiError {
	const failure = readFailure(run);
	const runId = readRunId(run);
	const cancelled = readRunStatus(run) === 'cancelled';
	const description = [
		cancelled ? advice.cancelled : advice.failed,
		failure.code === undefined ? '' : `Code: ${failure.code}`,
		failure.stage === undefined ? '' : `Stage: ${failure.stage}`,
		...idsOf(run),
	];
	return buildError(
		node,
		{
			message: failure.message ?? (cancelled ? 'The run was cancelled' : 'The run failed'),
			description: description.filter((line) => line !== '').join('\n'),
		},
		{ itemIndex, runId, code: failure.code },
	);
}

/** What a person finds a run by in Runflow, a line each. */
export function idsOf(run: IDataObject): string[] {
	const reference = asText(run.client_ref);
	return [
		`Run ID: ${readRunId(run) ?? 'unknown'}`,
		...(reference === '' ? [] : [referenceLine(reference)]),
	];
}

function referenceLine(reference: string): string {
	return `Client Reference: ${reference}`;
}

/** Has the error of an item that may have a run say which name to look for in Runflow. */
export function addReference(failure: Failure, reference: string): void {
	const line = referenceLine(reference);
	const { description } = failure;
	if (reference === '' || description?.includes(line) === true) return;
	failure.description = asSentences([description ?? '', line].join('\n'));
}

/** The parts of an error that its item holds. */
interface ErrorParts extends Pick<Failure, 'message' | 'description'> {
	context: Partial<Context> | IDataObject;
	httpCode?: string | null;
}

/**
 * The item for a failed one if the node continues on errors. A lone `error` is
 * how every version of n8n recognizes failed items, and the link to the input item is right.
 */
export function errorItem(
	{ message, description, context, httpCode }: ErrorParts,
	itemIndex: number,
): INodeExecutionData {
	const { runId, requestId, code } = context;
	const error = {
		message,
		description: description ?? null,
		code: code ?? null,
		httpCode: httpCode === NO_CODE ? null : (httpCode ?? null),
		requestId: requestId ?? null,
		runId: runId ?? null,
	};
	return { json: { error }, pairedItem: { item: itemIndex } };
}

/** The error of an item of {@link errorItem}. */
export function errorOfItem(node: INode, { error }: IDataObject, itemIndex: number): NodeApiError {
	const { message, description, httpCode, ...ids } = isObject(error) ? error : {};
	const context = Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== null));
	const words = {
		message: asText(message).replace(/ \[item \d+\]$/, ''),
		description: asText(description),
		httpCode: asText(httpCode) || undefined,
	};
	return buildError(node, words, { itemIndex, ...context });
}

/** The error of an item whose expressions failed before this node was suspended. */
export function unreadItem(itemIndex: number): INodeExecutionData {
	const parts = {
		message: `The parameters could not be read [item ${itemIndex}]`,
		description:
			'One of its expressions failed. No run was started for it. Execute the step with only this item to see which.',
		context: {},
	};
	return errorItem(parts, itemIndex);
}

/** What n8n's own errors have where no HTTP status is known. */
const NO_CODE = 'none';

/** Ends each line with a full stop, since n8n shows no line breaks. A full stop would change a link. */
function asSentences(lines: string): string {
	return lines.replace(/^(?!Link: )(.*[^.:?!…\n])\n/gm, '$1.\n');
}

/** An error that carries the ids of its run and request. */
export function buildError(
	node: INode,
	words: { message: string; description: string; httpCode?: string | undefined },
	{ itemIndex, ...context }: Context,
): NodeApiError {
	const said: JsonObject = { message: words.message };
	const error = new NodeApiError(node, said, {
		message: `${words.message} [item ${itemIndex}]`,
		description: asSentences(words.description),
		httpCode: words.httpCode ?? NO_CODE,
		itemIndex,
	});
	// n8n replaces a message with its own text if it contains a network error's code or the like,
	// and that text may ask the user to try again at once.
	error.message = `${words.message} [item ${itemIndex}]`;
	for (const [key, value] of Object.entries(context)) {
		if (value !== undefined) error.context[key] = value;
	}
	return error;
}
