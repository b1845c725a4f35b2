import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyCollection,
	type INodePropertyOptions,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { RunflowApi } from '../../credentials/RunflowApi.credentials';
import { Runflow } from '../../nodes/Runflow/Runflow.node';
import { RunflowTrigger } from '../../nodes/RunflowTrigger/RunflowTrigger.node';
import { Wan27 } from '../../nodes/Wan27/Wan27.node';

/** A parameter, and the path by which a workflow stores it. */
export interface Placed {
	path: string;
	property: INodeProperties;
}

export const wan = new Wan27().description;
export const runflow = new Runflow().description;
export const trigger = new RunflowTrigger().description;
export const credential = new RunflowApi();

/** Every parameter of a list, those inside collections too. */
export function everyParameter(properties: INodeProperties[], path = ''): Placed[] {
	return properties.flatMap((property) => {
		const own = `${path}${property.name}`;
		const children = (property.options ?? []).flatMap((option) => {
			if (isGroup(option)) return everyParameter(option.values, `${own}.${option.name}.`);
			return isParameter(option) ? everyParameter([option], `${own}.`) : [];
		});
		return [{ path: own, property }, ...children];
	});
}

/** The choices of an options or multiOptions field; none for any other. */
export function choicesOf({ options = [] }: INodeProperties): INodePropertyOptions[] {
	return options.filter((option): option is INodePropertyOptions => 'value' in option);
}

/** The groups of a fixed collection, such as Entry. */
export function groupsOf({ options = [] }: INodeProperties): INodePropertyCollection[] {
	return options.filter(isGroup);
}

/** Everything that a user can fill in, by what it is part of. */
export const EVERYTHING: [string, Placed][] = (
	[
		['Wan 2.7', wan.properties],
		['Runflow', runflow.properties],
		['Runflow Trigger', trigger.properties],
		['Runflow API', credential.properties],
	] as const
).flatMap(([owner, properties]) =>
	everyParameter(properties).map((placed): [string, Placed] => [owner, placed]),
);

/**
 * What the editor shows for these values: paths of parameters, those offered inside collections too. n8n's own
 * function decides.
 */
export function shown(description: INodeTypeDescription, values: INodeParameters): Placed[] {
	const node = { typeVersion: Number(description.version), parameters: values } as INode;
	const among = (properties: INodeProperties[], own: INodeParameters, path: string): Placed[] =>
		properties
			.filter((property) => NodeHelpers.displayParameter(own, property, node, description, values))
			.flatMap((property) => {
				const at = `${path}${property.name}`;
				const inside = own[property.name] as INodeParameters | undefined;
				const offered = (property.options ?? []).filter(isParameter);
				return [
					{ path: at, property },
					...among(offered, inside ?? {}, `${at}.`),
					...groupsOf(property).flatMap((group) => among(group.values, {}, `${at}.${group.name}.`)),
				];
			});
	return among(description.properties, values, '');
}

function isGroup(option: object): option is INodePropertyCollection {
	return 'values' in option;
}

function isParameter(option: object): option is INodeProperties {
	return 'type' in option;
}
