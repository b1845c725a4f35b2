import {
	updateDisplayOptions,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

import { optionsCollection, type Operation } from './operation';

/** A resource: its entry in the Resource selector, and what can be done with it. */
export interface Resource {
	option: INodePropertyOptions & { value: string };
	/** In n8n's alphabetical order. */
	operations: Operation[];
	/** The operation that is chosen first. */
	initial: string;
}

/**
 * The Resource selector, and for each resource its Operation selector and the parameters of each operation.
 * @param initial the resource that is chosen first
 */
export function resourceParameters(resources: Resource[], initial: string): INodeProperties[] {
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			default: initial,
			options: resources.map(({ option }) => option),
		},
		...resources.flatMap(operationParameters),
	];
}

function operationParameters({ option, operations, initial }: Resource): INodeProperties[] {
	const show = { resource: [option.value] };
	return [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show },
			default: initial,
			options: operations.map((operation) => operation.option),
		},
		...operations.flatMap(({ option: { value }, fields, options }) =>
			updateDisplayOptions({ show: { ...show, operation: [value] } }, [
				...fields,
				...optionsCollection(options),
			]),
		),
	];
}
