import type {
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeProperties,
	PreSendAction,
} from 'n8n-workflow';

import { bodyValue, setBodyValue } from '../behaviour/body';
import { noteRefusal, refusalOf } from '../behaviour/refusals';
import { isRefusal, type Rule } from './verdict';

/**
 * A parameter that lands in the request body.
 *
 * @param to where it lands, as the documentation page names it, such as `input.seed`
 * @param rule what may be sent there; an empty value is left out of the body
 * @param property the parameter as the editor shows it
 */
export function sent(to: string, rule: Rule, property: INodeProperties): INodeProperties {
	return {
		...property,
		routing: {
			send: { type: 'body', property: to, preSend: [judged(to, property.displayName, rule)] },
		},
	};
}

/** n8n has put the parameter's raw value into the body; this puts the judged one in its place. */
function judged(to: string, displayName: string, rule: Rule): PreSendAction {
	return function (
		this: IExecuteSingleFunctions,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		// The first refusal is the one that is shown.
		if (refusalOf(request) !== undefined) return Promise.resolve(request);

		const verdict = rule(bodyValue(request, to), (name) => this.getNodeParameter(name, null));
		if (isRefusal(verdict)) {
			noteRefusal(request, { parameter: displayName, ...verdict });
		} else {
			setBodyValue(request, to, verdict.accepted);
		}
		return Promise.resolve(request);
	};
}
