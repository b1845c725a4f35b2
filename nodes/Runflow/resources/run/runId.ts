import type { INodeProperties } from 'n8n-workflow';

import type { OtherPurpose } from '../../../shared/api/errorTexts/errorTexts';
import { readRunId } from '../../../shared/api/run';
import { invalid, isEmpty, show, valid, type Rule } from '../../../shared/validation/result';
import type { Setting } from '../../../shared/validation/settings';
import { isObject } from '../../../shared/values/json';
import { plainText, unquoted } from '../../../shared/values/text';

/** The parameter that chooses a run. */
export const runField: INodeProperties = {
	displayName: 'Run',
	name: 'runId',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description:
		'One of the newest runs, or any run by its ID, such as the ID that a Wan 2.7 node returned',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a run…',
			typeOptions: { searchListMethod: 'searchRuns', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 0199a3f2-7c1e-7b4e-9d55-2f6f0c1a8e10',
		},
	],
};

/** The id of a run: text that fits into the path of an address. */
const runId: Rule<string> = (value) => {
	// n8n gives a resource locator as a whole.
	const given = isObject(value) && value.__rl === true ? value.value : value;
	if (isEmpty(given)) return invalid('is empty', 'Choose a run from the list, or give its ID.');
	// Errors end the line of an ID with a full stop.
	const id = unquoted(unquoted(plainText(given) ?? '').replace(/\.$/, ''));
	return readRunId({ id }) === undefined || /\s/.test(id)
		? invalid(
				`must be the ID of a run, but is ${show(given)}`,
				'Give only the ID, without an address or other text around it.',
			)
		: valid(id);
};

/** The setting of {@link runField}. */
export const RUN_ID: Setting<string> = {
	path: 'runId',
	title: runField.displayName,
	rule: runId,
	otherwise: '',
	mustFind: true,
};

/**
 * A request about one run.
 * @param what the requested object, such as "a run"
 */
export function aboutRun(id: string, what: string): OtherPurpose {
	return {
		what,
		scope: 'runs:read',
		notFound: `Runflow has no run with the ID ${id}, or it belongs to another organization. Check the ID, the API key and the Organization ID in the Runflow API credential.`,
	};
}

/** The path of a run. */
export function runPath(id: string): string {
	return `/v1/runs/${encodeURIComponent(id)}`;
}
