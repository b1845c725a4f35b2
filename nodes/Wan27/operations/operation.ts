import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** A model's operation: its entry in the Operation selector, and the parameters it shows. */
export interface Operation {
	option: INodePropertyOptions & { value: string };
	/** As the documentation page lists them; the ones that are used less go into `options`. */
	fields: INodeProperties[];
	options: INodeProperties[];
}
