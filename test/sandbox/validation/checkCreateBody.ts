import type { Checked, FieldError } from '../http/answer';
import { passed, refused, validationAnswer } from '../http/answer';
import { isJsonObject, type Json, type JsonObject } from '../json';
import type { Model } from '../models/model';
import type { CheckContext } from './checkField';
import { checkInput } from './checkInput';
import { checkHttpUrl } from './mediaUrl';
import { unknownFields } from './unknownFields';

const CALLBACK_URL_MAX = 2048;
const CLIENT_REF_MAX = 255;
const TOP_LEVEL = ['input', 'callback_url', 'metadata', 'client_ref'] as const;

/** A create call that may go ahead. */
export interface CreateBody {
	readonly input: JsonObject;
	readonly callbackUrl: string | null;
	readonly metadata: JsonObject | null;
	readonly clientRef: string | null;
}

/**
 * In: a model, the JSON of a create call and the context. Out: the call's parts, or the 422 that names every bad
 * field.
 * @see docs/runflow-api.md, "Request body"
 */
export function checkCreateBody(
	model: Model,
	body: Json,
	context: CheckContext,
): Checked<CreateBody> {
	if (!isJsonObject(body))
		return refused(validationAnswer([error([], 'dict_type', 'Input should be an object')]));
	const {
		input,
		callback_url: callbackUrl = null,
		metadata = null,
		client_ref: clientRef = null,
	} = body;
	const errors = [
		...checkInputObject(model, input, context),
		...checkCallbackUrl(callbackUrl),
		...(metadata === null || isJsonObject(metadata)
			? []
			: [error(['metadata'], 'dict_type', 'Input should be an object')]),
		...checkClientRef(clientRef),
		...unknownFields(['body'], body, TOP_LEVEL),
	];
	if (errors.length > 0) return refused(validationAnswer(errors));
	return passed({
		input: isJsonObject(input) ? input : {},
		callbackUrl: typeof callbackUrl === 'string' ? callbackUrl : null,
		metadata: isJsonObject(metadata) ? metadata : null,
		clientRef: typeof clientRef === 'string' ? clientRef : null,
	});
}

function checkInputObject(
	model: Model,
	input: Json | undefined,
	context: CheckContext,
): readonly FieldError[] {
	if (input === undefined) return [error(['input'], 'missing', 'Field required')];
	return isJsonObject(input)
		? checkInput(model, input, context)
		: [error(['input'], 'dict_type', 'Input should be an object')];
}

function checkCallbackUrl(value: Json): readonly FieldError[] {
	if (value === null) return [];
	if (typeof value !== 'string')
		return [error(['callback_url'], 'string_type', 'Input should be a valid string')];
	const tooLong =
		value.length > CALLBACK_URL_MAX
			? [
					error(
						['callback_url'],
						'string_too_long',
						`String should have at most ${CALLBACK_URL_MAX} characters`,
					),
				]
			: [];
	return [
		...tooLong,
		...checkHttpUrl(value).map(({ msg, type }) => error(['callback_url'], type, msg)),
	];
}

function checkClientRef(value: Json): readonly FieldError[] {
	if (value === null) return [];
	if (typeof value !== 'string')
		return [error(['client_ref'], 'string_type', 'Input should be a valid string')];
	// Characters as people and Python count them, not UTF-16 halves.
	const { length } = Array.from(value);
	return length >= 1 && length <= CLIENT_REF_MAX
		? []
		: [
				error(
					['client_ref'],
					'string_length',
					`String should have 1 to ${CLIENT_REF_MAX} characters`,
				),
			];
}

function error(at: readonly string[], type: string, msg: string): FieldError {
	return { loc: ['body', ...at], msg, type };
}
