import type { IConnections, IDataObject, INode, INodeParameters, OnError } from 'n8n-workflow';

import type { TestFiles } from './binaryData';
import type { WorkflowJson } from './engine';
import { SINK, SOURCE } from './package';

/** The node under test in these workflows. */
export const WAN = 'Wan 2.7';
/** Behind its regular output. */
export const AFTER = 'After';
/** Behind its error output. */
export const FAILED = 'Failed';

/** How the node under test is set up, apart from its parameters. */
export interface NodeSettings {
	onError?: OnError;
	/** What n8n stored before {@link onError}. */
	continueOnFail?: boolean;
	retryOnFail?: boolean;
	maxTries?: number;
	waitBetweenTries?: number;
	executeOnce?: boolean;
	id?: string;
	type?: string;
}

/** What a node of a workflow is, and how it is set up. */
export type NodeSetUp = Pick<INode, 'type' | 'parameters'>;

let setUpOf = (node: NodeSetUp): NodeSetUp => node;

/**
 * Has all workflows of a file of tests use another node in the place of Wan 2.7. Import what calls it before anything
 * else.
 */
export function replaceNodes(replace: (node: NodeSetUp) => NodeSetUp): void {
	setUpOf = replace;
}

/** A node of a workflow, named by its id too. */
export function node(
	name: string,
	type: string,
	parameters: INodeParameters,
	more: Partial<INode> = {},
): INode {
	const typeVersion = name === WAN ? 1.1 : 1;
	const { type: other, ...settings } = more;
	const setUp = setUpOf({ type: other ?? type, parameters });
	return { id: name, name, typeVersion, position: [0, 0], ...setUp, ...settings };
}

/**
 * In: the node's parameters, items and their files. Out: a workflow that gives it the items and takes its
 * output. Nothing is downloaded unless the parameters say so: most tests count the requests of a run.
 */
export function wanWorkflow(
	parameters: INodeParameters,
	items: IDataObject[] = [{}],
	settings: NodeSettings = {},
	files: TestFiles[] = [],
): WorkflowJson {
	const hasErrorOutput = settings.onError === 'continueErrorOutput';
	const to = (name: string) => ({ node: name, type: 'main' as const, index: 0 });
	const isRun = settings.type === undefined;
	const all = isRun ? { downloadOutputs: false, ...parameters } : parameters;
	const connections: IConnections = {
		Before: { main: [[to(WAN)]] },
		[WAN]: { main: hasErrorOutput ? [[to(AFTER)], [to(FAILED)]] : [[to(AFTER)]] },
	};
	return {
		nodes: [
			node('Before', SOURCE, { items, files } as unknown as INodeParameters),
			node(WAN, 'n8n-nodes-runflow.wan27', all, {
				credentials: { runflowApi: { id: '1', name: 'Runflow' } },
				...settings,
			}),
			node(AFTER, SINK, {}),
			node(FAILED, SINK, {}),
		],
		connections,
	};
}

/** A resource locator as the editor stores it. */
export function url(value: unknown): INodeParameters {
	return { __rl: true, mode: 'url', value } as unknown as INodeParameters;
}

/** A resource locator that names a binary field. */
export function binary(value: unknown): INodeParameters {
	return { __rl: true, mode: 'binary', value } as unknown as INodeParameters;
}

/** The Images parameter as the editor stores it. */
export function images(...values: unknown[]): INodeParameters {
	return sources(...values.map(url));
}

/** The same, of resource locators in any mode. */
export function sources(...locators: INodeParameters[]): INodeParameters {
	return { image: locators.map((source) => ({ source })) };
}

/** The `client_ref` of a run for which the user gave none. */
export const MADE_REFERENCE = /^n8n-(?:[A-Za-z0-9-]+-)?[0-9a-f]{32}$/;
