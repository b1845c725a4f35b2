import { EXTRA } from '../../../shared/properties/extras';
import { bodyField, essentialField } from '../../../shared/properties/bodyField';
import type { Operation } from '../../../shared/properties/operation';
import { runOperationParameters } from '../../../shared/properties/runOperation';
import { runRouting } from '../../../shared/run/executeItem';
import { ANY_POLLING } from '../../../shared/run/nodeRun/pollingPolicy';
import { invalid, isEmpty, NOTHING, show, type Rule } from '../../../shared/validation/result';
import { jsonObject } from '../../../shared/validation/objects';
import { formInput } from './formInput';
import { modelId } from './modelId';

/** Validates the choice. It is not sent. */
const inputMode: Rule = (value) =>
	value === 'fields' || value === 'json'
		? NOTHING
		: invalid(`must be Fields or JSON, but is ${show(value)}`, 'Choose one from the list.');

/** The input as JSON. Where an expression gives nothing, the model would be run without any. */
const jsonInput: Rule = (value, read) =>
	isEmpty(value)
		? invalid('is empty', 'Give a JSON object. For a model that takes no input, give {}.')
		: jsonObject(value, read);

/** Any model of the catalogue. @see docs/runflow-api.md, "Create a run" and "Catalogue" */
export const run: Operation = {
	option: {
		name: 'Run',
		value: 'run',
		action: 'Run model',
		description: 'Run any model of Runflow, and get its result',
		// The model that is chosen is put into the address by mergeExtras.
		routing: runRouting({ endpoint: '/v1/models/{owner}/{slug}/runs', policy: ANY_POLLING }),
	},
	fields: runOperationParameters({
		fields: [
			bodyField(EXTRA.model, modelId, {
				displayName: 'Model',
				name: 'model',
				type: 'resourceLocator',
				required: true,
				default: { mode: 'list', value: '' },
				description: 'The model to run. Its price is shown after its name.',
				modes: [
					{
						displayName: 'From List',
						name: 'list',
						type: 'list',
						placeholder: 'Select a model…',
						typeOptions: { searchListMethod: 'searchModels', searchable: true },
					},
					{
						displayName: 'By ID',
						name: 'id',
						type: 'string',
						placeholder: 'e.g. alibaba/wan/v2.7/pro/edit',
						hint: 'As shown on the page of the model. The address of that page works too.',
					},
				],
			}),
			// A value that is neither shows neither, so nothing would be sent as the input.
			bodyField('input_mode', inputMode, {
				displayName: 'Input',
				name: 'inputMode',
				type: 'options',
				noDataExpression: true,
				default: 'fields',
				description: 'How to enter the input of the model',
				options: [
					{
						name: 'Fields',
						value: 'fields',
						description: 'A form with the fields of the chosen model',
					},
					{
						name: 'JSON',
						value: 'json',
						description: 'One JSON object, as shown on the page of the model',
					},
				],
			}),
			bodyField('input', formInput, {
				displayName: 'Input Fields',
				name: 'inputFields',
				type: 'resourceMapper',
				noDataExpression: true,
				default: { mappingMode: 'defineBelow', value: null },
				displayOptions: { show: { inputMode: ['fields'] } },
				typeOptions: {
					loadOptionsDependsOn: ['model.value'],
					resourceMapper: {
						resourceMapperMethod: 'readForm',
						mode: 'add',
						valuesLabel: 'Input Fields',
						fieldWords: { singular: 'field', plural: 'fields' },
						supportAutoMap: false,
					},
				},
				description:
					'The input fields of the model. For images, videos and files, enter a URL or the name of a binary field of the item.',
			}),
			essentialField('input', jsonInput, {
				displayName: 'Input (JSON)',
				name: 'inputJson',
				type: 'json',
				default: '{}',
				displayOptions: { show: { inputMode: ['json'] } },
				placeholder: 'e.g. {"prompt": "A shoe on the beach"}',
				description: 'The input as a JSON object, as shown on the page of the model',
			}),
		],
		options: [],
	}),
	options: [],
};
