import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

import { Runflow } from '../../../nodes/Runflow/Runflow.node';
import { resources } from '../../../nodes/Runflow/resources';
import { RunflowTrigger } from '../../../nodes/RunflowTrigger/RunflowTrigger.node';
import { operations } from '../../../nodes/Wan27/operations';
import type { Operation } from '../../../nodes/shared/properties/operation';
import { Wan27 } from '../../../nodes/Wan27/Wan27.node';

/** What n8n gets of the nodes: the words that a person sees come from here. */
export const wan = new Wan27().description;
export const runflow = new Runflow().description;
export const trigger = new RunflowTrigger().description;

/** What the list of nodes calls the operations of the node Runflow. */
export const runflowActions = resources.flatMap(({ operations: all }) =>
	all.map(({ option }) => option.action ?? ''),
);

/** The operation of that value. */
export function operation(value: string): Operation {
	const found = operations.find(({ option }) => option.value === value);
	if (!found) throw new Error(`There is no operation ${value}.`);
	return found;
}

/** What the list of nodes calls an operation. */
export function actionOf(value: string): string {
	return operation(value).option.action ?? '';
}

type Entry = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** A parameter of an operation, by its own name, in a collection or not. */
function parameterOf(value: string, name: string): INodeProperties {
	const isOfOperation = ({ displayOptions }: INodeProperties) =>
		displayOptions?.show?.operation?.includes(value) === true;
	const inside = (entry: Entry): INodeProperties[] => {
		if ('values' in entry) return entry.values.flatMap(all);
		return 'type' in entry ? all(entry) : [];
	};
	const all = (parameter: INodeProperties): INodeProperties[] => [
		parameter,
		...(parameter.options ?? []).flatMap(inside),
	];
	const found = wan.properties
		.filter(isOfOperation)
		.flatMap(all)
		.find((parameter) => parameter.name === name);
	if (!found) throw new Error(`${value} has no parameter ${name}.`);
	return found;
}

/** The label of an operation's parameter. */
export function labelOf(value: string, name: string): string {
	return parameterOf(value, name).displayName;
}

/** The displayed name of one of the values of an operation's parameter. */
export function optionOf(value: string, name: string, option: string): string {
	const found = (parameterOf(value, name).options ?? []).find(
		(one) => 'value' in one && one.value === option,
	);
	if (!found) throw new Error(`${name} has no option ${option}.`);
	return found.name;
}
