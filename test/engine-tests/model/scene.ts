import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { editorCalls, type EditorCalls } from '../../engine/editorCalls';
import type { Outcome } from '../../engine/engine';
import type { TestFiles } from '../../engine/binaryData';
import type { NodeSettings } from '../../engine/workflows';
import { useBench } from '../context';

export const RUNFLOW = 'n8n-nodes-runflow.runflow';

/** What the tests of one file share. */
export const bench = useBench();

/** The parameters of Model → Run, by the id of the model. */
export function runOf(id: string, parameters: INodeParameters = {}): INodeParameters {
	return {
		resource: 'model',
		operation: 'run',
		model: { __rl: true, mode: 'id', value: id },
		options: { pollingInterval: 0.02 },
		...parameters,
	};
}

/** What the editor asks for such a node. */
export function editor(id = '', parameters: INodeParameters = {}): EditorCalls {
	const methods = { search: 'searchModels', fields: 'readForm' };
	return editorCalls(bench.engine, RUNFLOW, runOf(id, parameters), methods);
}

/** The form of a model as the editor stores it with values. */
export async function form(id: string, value: IDataObject): Promise<INodeParameters> {
	const { fields } = await editor(id).fields();
	const schema = fields.map((field) => ({ ...field, removed: !(field.id in value) }));
	return {
		mappingMode: 'defineBelow',
		value,
		matchingColumns: [],
		schema,
	} as unknown as INodeParameters;
}

/** Runs a model with values in its form. */
export async function runForm(
	id: string,
	value: IDataObject,
	{
		item = {},
		settings = {},
		files,
	}: { item?: IDataObject; settings?: NodeSettings; files?: TestFiles } = {},
): Promise<Outcome> {
	const inputFields = await form(id, value);
	return await bench.run(
		runOf(id, { inputFields }),
		[item],
		{ type: RUNFLOW, ...settings },
		files === undefined ? [] : [files],
	);
}
