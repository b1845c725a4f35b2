import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { asText } from '../../nodes/shared/values/json';
import { replaceNodes } from './workflows';

/**
 * Import this first, and then a file of tests of Wan 2.7: they test Model → Run of the node Runflow instead, with the
 * same model, input and settings.
 */
replaceNodes(({ type, parameters }) => {
	if (!type.startsWith(WAN_TYPE)) return { type, parameters };
	replaced++;
	return { type: type.replace(WAN_TYPE, RUNFLOW_TYPE), parameters: asModelRun(parameters) };
});

let replaced = 0;
afterAll(() => {
	expect(replaced).toBeGreaterThan(0);
});

const WAN_TYPE = 'n8n-nodes-runflow.wan27';
const RUNFLOW_TYPE = 'n8n-nodes-runflow.runflow';

/** A field of a model's input: its name, Runflow's type, and Wan 2.7's name for it. */
type Field = [name: string, variableType: string, title: string];

/** Those that more than one model has. */
const SHARED: Record<string, Field> = {
	prompt: ['prompt', 'string', 'Prompt'],
	seed: ['seed', 'integer', 'Seed'],
	negativePrompt: ['negative_prompt', 'string', 'Negative Prompt'],
};

/** Each model by its operation, with what Wan 2.7 fills in where nothing is set. */
const MODELS: Record<
	string,
	{ id: string; filledIn: INodeParameters; fields: Record<string, Field> }
> = {
	proEdit: {
		id: 'alibaba/wan/v2.7/pro/edit',
		filledIn: { numberOfImages: 1 },
		fields: {
			...SHARED,
			images: ['image_urls', 'image_list', 'Images'],
			numberOfImages: ['num_images', 'integer', 'Number of Images'],
		},
	},
	imageToVideo: {
		id: 'alibaba/wan/v2.7/image-to-video',
		filledIn: { duration: 5 },
		fields: {
			...SHARED,
			image: ['image_url', 'image', 'Image'],
			endImage: ['end_image_url', 'image', 'End Image'],
			resolution: ['resolution', 'string', 'Resolution'],
			duration: ['duration', 'integer', 'Duration (Seconds)'],
		},
	},
};

/** The parameters of Wan 2.7 that Model → Run does not have. */
const OWN = new Set(Object.values(MODELS).flatMap(({ fields }) => Object.keys(fields)));

function asModelRun({ operation, options = {}, ...parameters }: INodeParameters): INodeParameters {
	const model = MODELS[asText(operation)];
	if (model === undefined) throw new Error(`No model for ${asText(operation)}`);
	const given = { ...model.filledIn, ...parameters, ...(options as INodeParameters) };
	const fields = Object.entries(model.fields).filter(([name]) => name in given);
	const schema = fields.map(([, [id, variableType, title]]) => ({
		id,
		displayName: title,
		title,
		variableType,
		type: 'string',
		required: id === 'prompt' && operation === 'proEdit',
		defaultMatch: false,
		display: true,
		removed: false,
	}));
	const value = Object.fromEntries(fields.map(([name, [id]]) => [id, valueOf(given[name])]));
	const inputFields = { mappingMode: 'defineBelow', matchingColumns: [], value, schema };
	return {
		resource: 'model',
		operation: 'run',
		model: { __rl: true, mode: 'id', value: model.id },
		inputMode: 'fields',
		inputFields,
		options: without(options as INodeParameters),
		...without(parameters),
	} as unknown as INodeParameters;
}

/** What is typed into the form for it. */
function valueOf(given: unknown): unknown {
	if (typeof given !== 'object' || given === null) return given;
	if ('__rl' in given) return (given as IDataObject).value;
	const sources = (given as { image?: { source: unknown }[] }).image ?? [];
	const values = sources.map(({ source }) => valueOf(source));
	return values.length === 1 ? values[0] : JSON.stringify(values);
}

function without(parameters: INodeParameters): INodeParameters {
	return Object.fromEntries(Object.entries(parameters).filter(([name]) => !OWN.has(name)));
}
