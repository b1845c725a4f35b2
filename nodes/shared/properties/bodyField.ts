import type {
	IExecuteSingleFunctions,
	IBinaryData,
	IHttpRequestOptions,
	INodeProperties,
	PreSendAction,
} from 'n8n-workflow';

import { bodyValue, setBodyValue } from './body';
import { noteInvalid, invalidParameterOf } from '../validation/refusals';
import { isInvalid, type BinaryFields, type FileRule } from '../validation/result';

/**
 * A parameter that lands in the request body.
 *
 * @param to where it lands, as the documentation page names it, such as `input.seed`
 * @param rule what may be sent there; an empty value is left out of the body
 * @param property the parameter as the editor shows it
 */
export function bodyField(to: string, rule: FileRule, property: INodeProperties): INodeProperties {
	return {
		...property,
		routing: {
			send: { type: 'body', property: to, preSend: [validated(to, property.displayName, rule)] },
		},
	};
}

/** n8n has put the parameter's raw value into the body; this puts the validated one in its place. */
function validated(to: string, displayName: string, rule: FileRule): PreSendAction {
	return function (
		this: IExecuteSingleFunctions,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		// Only the first invalid parameter is shown.
		if (invalidParameterOf(request) !== undefined) return Promise.resolve(request);

		const result = rule(
			bodyValue(request, to),
			(name) => this.getNodeParameter(name, null),
			binaryFields(this),
		);
		if (isInvalid(result)) {
			noteInvalid(request, { parameter: displayName, ...result });
		} else {
			setBodyValue(request, to, result.accepted);
		}
		return Promise.resolve(request);
	};
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
