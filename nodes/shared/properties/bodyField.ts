import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeProperties,
	PreSendAction,
} from 'n8n-workflow';

import { isTool } from '../n8n/thisNode';
import { isBinaryData } from '../validation/media/binaryFile';
import { asText, isObject } from '../values/json';
import { bodyValue, setBodyValue } from './body';
import { findMissing, foundNothing } from '../validation/expression';
import {
	isInvalid,
	type BinaryFields,
	type MediaContext,
	type ReadParameter,
	type FileRule,
	type InvalidParameter,
} from '../validation/result';

/**
 * A parameter that lands in the request body.
 *
 * @param to where it lands, as the documentation page names it, such as `input.seed`
 * @param rule what may be sent there; an empty value is left out of the body
 * @param property the parameter as the editor shows it
 */
export function bodyField(to: string, rule: FileRule, property: INodeProperties): INodeProperties {
	return sentBy({ to, rule, property });
}

/**
 * A parameter like {@link bodyField}, whose expression must find something: a prompt, media, or what decides the price.
 * It must not be in a collection: {@link essentialOption} is for those.
 */
export function essentialField(
	to: string,
	rule: FileRule,
	property: INodeProperties,
): INodeProperties {
	return sentBy({ to, rule, property, mustFindAt: property.name });
}

/** A parameter like {@link essentialField} in the collection Options: what the run is found by, and who hears of its end. */
export function essentialOption(
	to: string,
	rule: FileRule,
	property: INodeProperties,
): INodeProperties {
	return sentBy({ to, rule, property, mustFindAt: OPTIONS + property.name });
}

const OPTIONS = 'options.';

function sentBy(field: ValidatedField): INodeProperties {
	const { to, property } = field;
	const action = markAction(field);
	return { ...property, routing: { send: { type: 'body', property: to, preSend: [action] } } };
}

/** How a gathered parameter is validated. */
interface ValidatedField {
	to: string;
	rule: FileRule;
	property: INodeProperties;
	/** Where a workflow stores it, if its expression must find something. */
	mustFindAt?: string;
}

/**
 * n8n collects the preSend functions of the parameters that it has put into the body, in their order. Ours do nothing
 * but carry the parameter's rule to {@link validateFields}: a preSend function that throws would lose the item's link
 * on the error output (n8n issue #30050).
 */
type MarkAction = PreSendAction & { field: ValidatedField };

function markAction(field: ValidatedField): MarkAction {
	const action = async (request: IHttpRequestOptions) => await Promise.resolve(request);
	return Object.assign(action, { field });
}

function isMarkAction(action: PreSendAction): action is MarkAction {
	return 'field' in action;
}

/**
 * Validates the gathered parameters and replaces each raw value in the body with the one to send.
 * @returns the first parameter that must not be sent; the values behind it stay raw
 */
export function validateFields(
	context: IExecutePaginationFunctions,
	{ preSend, options }: Pick<DeclarativeRestApiSettings.ResultOptions, 'preSend' | 'options'>,
): InvalidParameter | undefined {
	const request = options as IHttpRequestOptions;
	const read: ReadParameter = (name, options) => context.getNodeParameter(name, null, options);
	const media = mediaContext(context, request.baseURL);
	for (const { field } of preSend.filter(isMarkAction)) {
		const value = bodyValue(request, field.to);
		const missing = missingProblem(context, field, value);
		if (missing !== undefined) return missing;
		const result = field.rule(value, read, media);
		if (isInvalid(result)) return { parameter: field.property.displayName, ...result };
		setBodyValue(request, field.to, result.accepted);
	}
	return undefined;
}

/**
 * The files that the current item can give.
 * @param apiUrl the Base URL of the credential
 */
export function mediaContext(context: IExecutePaginationFunctions, apiUrl: unknown): MediaContext {
	return {
		fields: binaryFields(context),
		apiUrl: asText(apiUrl),
		isTool: () => isTool(context),
	};
}

/**
 * Why an item may not be sent for a parameter whose expression found nothing. n8n gives undefined, or leaves the
 * parameter out of the body.
 */
function missingProblem(
	context: IExecutePaginationFunctions,
	{ mustFindAt, property: { displayName, type, required } }: ValidatedField,
	value: unknown,
): InvalidParameter | undefined {
	if (mustFindAt === undefined) return undefined;
	// An agent can correct what it gives its tool, not the tool's options.
	if (mustFindAt.startsWith(OPTIONS) && isTool(context)) return undefined;
	const raw: unknown = context.getNodeParameter(mustFindAt, null, { rawExpressions: true });
	const which = findMissing(raw, value);
	if (which === undefined) return undefined;
	const isMedia = type === 'resourceLocator' || which !== '';
	const leftOut = isMedia
		? `. To leave it out when there is no value, write {{ $json.x ?? '' }} with nothing after it.`
		: `, or leave ${displayName} empty.`;
	return foundNothing(displayName + which, `Check the field name${required ? '.' : leftOut}`);
}

/** Where n8n puts binary data among the JSON, by a setting of the workflow. @see docs/n8n-engine.md, "Files in expressions" */
const FILES_IN_JSON = '_files';

/** No getters: an object with one takes Node longer to make than all rules take together. */
function binaryFields(context: IExecutePaginationFunctions): BinaryFields {
	const fields = (): IDataObject => {
		const { binary, json } = context.getInputData();
		const inJson = json[FILES_IN_JSON];
		return { ...(isObject(inJson) ? inJson : {}), ...binary };
	};
	return {
		names: () => Object.keys(fields()),
		find(name) {
			const known = fields();
			return Object.hasOwn(known, name) ? known[name] : findByPath(context, name);
		},
	};
}

/** n8n's own helper takes a path into the JSON where binary data is kept there. */
function findByPath(context: IExecutePaginationFunctions, path: string): unknown {
	try {
		const found: unknown = context.helpers.assertBinaryData(path);
		return isBinaryData(found) ? found : undefined;
	} catch {
		return undefined;
	}
}
