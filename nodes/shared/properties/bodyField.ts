import type {
	DeclarativeRestApiSettings,
	IBinaryData,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeProperties,
	PreSendAction,
} from 'n8n-workflow';

import { bodyValue, setBodyValue } from './body';
import {
	isInvalid,
	type BinaryFields,
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
	const action = markAction({ to, rule, displayName: property.displayName });
	return { ...property, routing: { send: { type: 'body', property: to, preSend: [action] } } };
}

/** How a gathered parameter is validated. */
interface ValidatedField {
	to: string;
	rule: FileRule;
	displayName: string;
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
	context: IExecuteSingleFunctions,
	{ preSend, options }: Pick<DeclarativeRestApiSettings.ResultOptions, 'preSend' | 'options'>,
): InvalidParameter | undefined {
	const request = options as IHttpRequestOptions;
	const read = (name: string): unknown => context.getNodeParameter(name, null);
	const files = binaryFields(context);
	for (const { field } of preSend.filter(isMarkAction)) {
		const result = field.rule(bodyValue(request, field.to), read, files);
		if (isInvalid(result)) return { parameter: field.displayName, ...result };
		setBodyValue(request, field.to, result.accepted);
	}
	return undefined;
}

/** n8n's own helper looks fields up: by a setting of the workflow, binary data may be among the JSON. */
function binaryFields(context: IExecuteSingleFunctions): BinaryFields {
	return {
		// No getter: an object with one takes Node longer to make than all rules take together.
		names: () => Object.keys(context.getInputData().binary ?? {}),
		find(name): IBinaryData | undefined {
			try {
				return context.helpers.assertBinaryData(name);
			} catch {
				return undefined;
			}
		},
	};
}
