import { LoadOptionsContext } from 'n8n-core';
import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeParameters,
	INodeType,
	IWorkflowExecuteAdditionalData,
	ResourceMapperFields,
} from 'n8n-workflow';

import type { Engine } from './engine';
import { wanWorkflow, WAN } from './workflows';

/** What the editor asks a node while it is set up. */
export interface EditorCalls {
	/** The entries of a list, as the editor loads them. */
	search(filter?: string, cursor?: string): Promise<INodeListSearchResult>;
	/** The fields of a form, as the editor loads them. */
	fields(): Promise<ResourceMapperFields>;
}

/**
 * In: the engine, the type of a node, its parameters and the methods. Out: the calls of its methods, in the context that
 * the app gives them.
 */
export function editorCalls(
	engine: Engine,
	type: string,
	parameters: INodeParameters,
	methods: { search?: string; fields?: string },
): EditorCalls {
	const workflow = wanWorkflow(parameters, [{}], { type });
	const built = engine.workflowOf(workflow);
	const node = built.getNode(WAN);
	const nodeType = engine.loaded.nodes[type];
	if (node === null || nodeType === undefined) throw new Error(`No node of the type ${type}`);
	const additionalData: IWorkflowExecuteAdditionalData = {
		...engine.additionalDataOf(workflow, 'editor'),
		currentNodeParameters: node.parameters,
	};
	const call = async (
		kind: 'listSearch' | 'resourceMapping',
		name = '',
		...args: string[]
	): Promise<unknown> => {
		const context = new LoadOptionsContext(built, node, additionalData, 'parameters.any');
		const known = nodeType.methods?.[kind] as NonNullable<INodeType['methods']>['listSearch'];
		const method = known?.[name];
		if (method === undefined) throw new Error(`The node has no method ${name}`);
		return await method.call(context as ILoadOptionsFunctions, ...args);
	};
	return {
		search: async (filter = '', cursor = '') =>
			(await call('listSearch', methods.search, filter, cursor)) as INodeListSearchResult,
		fields: async () => (await call('resourceMapping', methods.fields)) as ResourceMapperFields,
	};
}
