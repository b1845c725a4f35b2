import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** An operation: its entry in the Operation selector, and the parameters it shows. */
export interface Operation {
	option: INodePropertyOptions & { value: string };
	/** As the documentation page lists them; the ones that are used less go into `options`. */
	fields: INodeProperties[];
	options: INodeProperties[];
}

/** The collection Options, in n8n's alphabetical order; none where there are no options. */
export function optionsCollection(options: INodeProperties[]): INodeProperties[] {
	if (options.length === 0) return [];
	return [
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			// Not localeCompare: its first call takes 10 ms of n8n's start.
			options: [...options].sort((a, b) => (a.displayName < b.displayName ? -1 : 1)),
		},
	];
}
