import { asText } from '../../../shared/values/json';
import { unquoted } from '../../../shared/values/text';
import { isHttpUrl } from '../../../shared/validation/rules';
import { invalid, isEmpty, show, valid, type Rule } from '../../../shared/validation/result';

/** An owner and a slug of one or more segments. None starts with a dot, so no path leads out of the catalogue. */
const MODEL_ID = /^[a-z0-9][\w.-]*(?:\/[a-z0-9][\w.-]*)+$/i;

/**
 * The id of a model, such as `alibaba/wan/v2.7/pro/edit`; also where it is given as the address of the model's page or
 * endpoint.
 */
export const modelId: Rule = (value) => {
	if (isEmpty(value)) {
		return invalid('is empty', 'Choose a model from the list, or give its ID.');
	}
	const id = readPastedId(unquoted(asText(value)));
	return MODEL_ID.test(id)
		? valid(id)
		: invalid(
				`must be the ID of a model, but is ${show(value)}`,
				'The ID consists of the owner and the name of the model, e.g. alibaba/wan/v2.7/pro/edit.',
			);
};

/** The id in the address of a model's page or endpoint; any other text without slashes around it. */
function readPastedId(text: string): string {
	const path = isHttpUrl(text) ? new URL(text).pathname : text;
	const [, version, named] = /^\/?(v1\/)?models\/(.+)$/.exec(path) ?? [];
	if (named === undefined) return path === text ? text.replace(/^\/+|\/+$/g, '') : '';
	const id = named.replace(/\/+$/, '');
	return version === undefined ? id.replace(/\.md$/, '') : id.replace(/\/runs$/, '');
}
