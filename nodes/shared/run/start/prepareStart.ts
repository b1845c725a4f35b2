import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	NodeOperationError,
} from 'n8n-workflow';

import { nodeExecution } from '../../n8n/nodeExecution';
import { bodyValue, setBodyValue } from '../../properties/body';
import { validateFields } from '../../properties/bodyField';
import { mergeExtras } from '../../properties/extras';
import { isBinaryFile } from '../../validation/media/binaryFile';
import type { InvalidParameter } from '../../validation/result';
import { withoutSignature } from '../../values/address';
import { asText, isObject } from '../../values/json';
import {
	addressProblem,
	applyToRequest,
	mixtureProblem,
	type Completion,
	type Settings,
} from '../nodeRun/settings';
import { invalidParameterError } from '../read/itemErrors';
import { startRecordOf, type StartRecord } from './startLedger';
import { fingerprint } from './upload/uploadFiles';

/**
 * Validates the whole `input` of an operation whose fields depend on each other.
 * @returns why it may not be sent, if it may not
 */
export type ValidateInput = (input: IDataObject) => InvalidParameter | undefined;

/** A start that is ready to be sent, or must not be. */
export interface PreparedStart {
	/** What the item has started so far. */
	startRecord: StartRecord;
	/** The user's own Idempotency Key. */
	ownKey: string | undefined;
	/** Why the item must not be sent. */
	invalid: NodeOperationError | undefined;
}

/**
 * Validates an item and puts its request into the final form. Everything that can be refused without asking Runflow is
 * refused here. It is synchronous: the other items wait for this one.
 *
 * @param gathered the request as n8n has gathered it from the parameters; it is changed
 * @param unreadable the first setting that could not be read
 * @param sharedCompletion the completion that the first item has
 */
export function prepareStart(
	context: IExecutePaginationFunctions,
	gathered: DeclarativeRestApiSettings.ResultOptions,
	{
		settings,
		unreadable,
		sharedCompletion,
		validateInput,
	}: {
		settings: Settings;
		unreadable: InvalidParameter | undefined;
		sharedCompletion: Completion;
		validateInput: ValidateInput | undefined;
	},
): PreparedStart {
	const request = gathered.options as IHttpRequestOptions;
	applyToRequest(request, settings);
	const invalidField = validateFields(context, gathered);
	const ownKey = mergeExtras(request);
	if (settings.callbackTo !== undefined) setBodyValue(request, 'callback_url', settings.callbackTo);
	const startRecord = startRecordOf(context, {
		nodeRunIndex: nodeExecution(context).nodeRunIndex,
		executionId: context.getExecutionId(),
		// An invalid item is never sent, and JSON may not be able to hold it.
		inputText: invalidField === undefined ? textOf(request) : undefined,
	});
	const invalid =
		invalidField ??
		inputProblem(validateInput, request) ??
		unreadable ??
		mixtureProblem(settings.completion, sharedCompletion) ??
		callbackProblem(request, settings);
	const error =
		invalid && invalidParameterError(context.getNode(), invalid, context.getItemIndex());
	return { startRecord, ownKey, invalid: error };
}

/** The model and its input as one text. It shows whether a retried execution requests the same. */
function textOf(request: IHttpRequestOptions): string {
	const asked = [request.url, bodyValue(request, 'input')];
	return JSON.stringify(asked, (_name, value: unknown) => {
		if (isBinaryFile(value)) return fingerprint(value);
		return typeof value === 'string' ? withoutSignature(value) : value;
	});
}

function inputProblem(
	validateInput: ValidateInput | undefined,
	request: IHttpRequestOptions,
): InvalidParameter | undefined {
	const input = bodyValue(request, 'input');
	return validateInput?.(isObject(input) ? input : {});
}

function callbackProblem(
	request: IHttpRequestOptions,
	{ callbackTo }: Settings,
): InvalidParameter | undefined {
	const callbackUrl = asText(bodyValue(request, 'callback_url'));
	return addressProblem(callbackUrl, callbackTo !== undefined, asText(request.baseURL));
}
