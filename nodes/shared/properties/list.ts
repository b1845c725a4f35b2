import type { INodeProperties } from 'n8n-workflow';

import { flag, wholeNumber } from '../validation/rules';
import type { SettingsTable } from '../validation/settings';

/** n8n's usual parameter of a list. */
export const returnAllField: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

/** n8n's usual parameter of a list. */
export const limitField: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	displayOptions: { show: { returnAll: [false] } },
	default: 50,
	description: 'Max number of results to return',
};

/** The settings of both. */
export const LIST_SETTINGS: SettingsTable<{ returnAll: boolean; limit: number }> = {
	returnAll: { path: 'returnAll', title: 'Return All', rule: flag, otherwise: false },
	limit: {
		path: 'limit',
		title: 'Limit',
		rule: wholeNumber(1, Number.MAX_SAFE_INTEGER),
		otherwise: 50,
	},
};
