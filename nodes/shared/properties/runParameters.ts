import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { DEFAULT_FIELD } from '../api/files/artifactFile';
import { EXTRA } from './extras';
import { ownIdempotencyKey } from '../validation/idempotencyKey';
import { jsonObject, keyValuePairs } from '../validation/objects';
import { callbackUrl, text } from '../validation/rules';
import { bodyField, essentialOption } from './bodyField';

/** The ways in which a run comes back. @see docs/architecture.md, "How a run comes back" */
export const COMPLETIONS = [
	{
		name: 'When Finished, Polling',
		value: 'polling',
		description: 'Checks the run until it finishes. Recommended. Works on every n8n.',
	},
	{
		name: 'When Finished, on Callback',
		value: 'callback',
		description:
			'Pauses the execution until Runflow calls back. Best for long videos and large batches.',
	},
	{
		name: 'Immediately',
		value: 'immediately',
		description:
			'Returns the queued run immediately. Get the result with a Runflow Trigger, or later by its ID.',
	},
] as const satisfies INodePropertyOptions[];

/** How the run comes back. */
export const completion: INodeProperties = {
	displayName: 'Completion',
	name: 'completion',
	type: 'options',
	default: 'polling',
	description: 'When to pass the result to the next node',
	options: [...COMPLETIONS],
};

/** What on Callback needs, and what happens without a callback. */
export const callbackNotice: INodeProperties = {
	displayName:
		'Runflow must be able to reach this n8n: set <code>WEBHOOK_URL</code> to its public address. Add <i>Callback Signing Secrets</i> to the credential. If no callback comes in time, the execution continues with the unfinished run, marked <code>timed_out</code>.',
	name: 'callbackNotice',
	type: 'notice',
	displayOptions: { show: { completion: ['callback'] } },
	default: '',
};

/** The run as a few fields, or everything that Runflow reports about it. */
export const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** Whether what the run made comes along, not only its links. */
export const downloadOutputs: INodeProperties = {
	displayName: 'Download Outputs',
	name: 'downloadOutputs',
	type: 'boolean',
	displayOptions: { hide: { completion: ['immediately'] } },
	default: true,
	description:
		'Whether to download the finished images or video into binary fields of the item. Links expire, files do not. As an AI tool, the node returns links only.',
};

/** How uploaded files are referenced in the request. */
export const ASSET_REFERENCES = [
	{
		name: 'Asset ID',
		value: 'asset',
		description: 'A runflow://assets/ reference, which does not expire',
	},
	{
		name: 'Signed URL',
		value: 'signedUrl',
		description:
			'The web address of the asset, which expires soon. Try it if the model refuses the reference.',
	},
] as const satisfies INodePropertyOptions[];

/** What every run takes besides its model's input. @see docs/runflow-api.md, "Request body" */
export const runOptions: INodeProperties[] = [
	bodyField(EXTRA.additionalInput, jsonObject, {
		displayName: 'Additional Input',
		name: 'additionalInput',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. {"new_field": "value"}',
		description:
			'Input fields of the model that have no parameter here, as JSON. They override the parameters.',
	}),
	{
		displayName: 'Asset Reference',
		name: 'assetReference',
		type: 'options',
		default: 'asset',
		description: 'How uploaded files are referenced in the request',
		options: [...ASSET_REFERENCES],
	},
	essentialOption('callback_url', callbackUrl, {
		displayName: 'Callback URL',
		name: 'callbackUrl',
		type: 'string',
		displayOptions: { hide: { '/completion': ['callback'] } },
		default: '',
		placeholder: 'e.g. https://n8n.example.com/webhook/…',
		description:
			'Where Runflow reports the end of the run, such as the Production URL of a Runflow Trigger. Up to 2048 characters.',
	}),
	essentialOption('client_ref', text({ max: 255 }), {
		displayName: 'Client Reference',
		name: 'clientReference',
		type: 'string',
		default: '',
		placeholder: 'e.g. order-1001',
		description:
			'A name to find the run by in Runflow, up to 255 characters. Default: made by the node. It must stay the same when the execution is retried, so do not use the execution ID or the time.',
	}),
	essentialOption(EXTRA.idempotencyKey, ownIdempotencyKey, {
		displayName: 'Idempotency Key',
		name: 'idempotencyKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. order-1001',
		description:
			'A key that identifies the run, up to 255 letters, digits and symbols. Default: made by the node. It must stay the same when the execution is retried, so do not use the execution ID or the time.',
	}),
	bodyField('metadata', keyValuePairs, {
		displayName: 'Metadata',
		name: 'metadata',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Entry' },
		default: {},
		placeholder: 'Add Entry',
		description:
			'Names and values that come back with the run and its callback, e.g. an order number',
		options: [
			{
				displayName: 'Entry',
				name: 'entry',
				values: [
					{
						displayName: 'Name',
						name: 'name',
						type: 'string',
						default: '',
						placeholder: 'e.g. order',
						description: 'The name of the value in the run and its callback',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						placeholder: 'e.g. 1001',
						description: 'Text or an expression',
					},
				],
			},
		],
	}),
	bodyField(EXTRA.metadataJson, jsonObject, {
		displayName: 'Metadata (JSON)',
		name: 'metadataJson',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. {"order": {"number": 1001}}',
		description:
			'Metadata as a JSON object, for nested values. Entries under Metadata override it.',
	}),
];

/** Whether each output becomes a separate item. */
export const splitOutputs: INodeProperties = {
	displayName: 'One Item per Output',
	name: 'splitOutputs',
	type: 'boolean',
	default: true,
	description:
		'Whether to return one item per image or video, with the output in output_item, instead of one item per run',
};

/** Whether the item keeps its input fields. */
export const includeInputFields: INodeProperties = {
	displayName: 'Include Input Fields',
	name: 'includeInputFields',
	type: 'boolean',
	default: true,
	description:
		'Whether to keep the fields of the input item. Fields of the run with the same name replace them.',
};

/** Where a downloaded output goes. Each node shows it where it downloads. */
export const outputPropertyName: INodeProperties = {
	displayName: 'Put Output in Field',
	name: 'outputPropertyName',
	type: 'string',
	default: DEFAULT_FIELD,
	placeholder: 'e.g. data',
	description:
		'The binary field for the downloaded output. Further outputs go into fields of that name with _1, _2 and so on.',
};

/** What becomes of the run's outputs. */
export const outputOptions: INodeProperties[] = [
	includeInputFields,
	{ ...splitOutputs, displayOptions: { hide: { '/completion': ['immediately'] } } },
	{
		...outputPropertyName,
		displayOptions: {
			show: { '/downloadOutputs': [true] },
			hide: { '/completion': ['immediately'] },
		},
	},
];

/** How long the node waits. Each node says what its default is. */
export const maximumWait: INodeProperties = {
	displayName: 'Maximum Wait (Minutes)',
	name: 'maximumWait',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
};

/** How often the node checks. Each node says what its default is. */
export const pollingInterval: INodeProperties = {
	displayName: 'Polling Interval (Seconds)',
	name: 'pollingInterval',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
};

/** How the node waits for a run that it has started. */
export const waitOptions: INodeProperties[] = [
	{
		...maximumWait,
		displayOptions: { hide: { '/completion': ['immediately'] } },
		description:
			'Minutes to wait for the result. 0 means the default: 10 for Pro Edit, 30 for videos and other models, 120 on callback. The run itself continues.',
	},
	{
		...pollingInterval,
		displayOptions: { show: { '/completion': ['polling'] } },
		description:
			'Maximum seconds between status checks. 0 means the default: 5 for Pro Edit, 15 for videos and other models.',
	},
];
