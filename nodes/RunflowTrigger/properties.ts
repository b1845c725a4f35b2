import type { INodeProperties } from 'n8n-workflow';

import { outputPropertyName, simplify, splitOutputs } from '../shared/properties/runParameters';
import { EVENTS, FINISHED, STATUSES } from './events';

/**
 * Which callbacks start the workflow. The values are Runflow's event names.
 * @see docs/runflow-api.md, "Callback body"
 */
const events: INodeProperties = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	required: true,
	default: [FINISHED],
	description:
		'The events that start the workflow. Other callbacks are accepted, but start nothing.',
	options: [...EVENTS],
};

const acceptUnsigned: INodeProperties = {
	displayName: 'Accept Unsigned Callbacks',
	name: 'acceptUnsigned',
	type: 'boolean',
	noDataExpression: true,
	default: false,
	description:
		'Whether to accept callbacks without a signature when the credential has no signing secret. With a secret, every callback must be signed.',
};

const unsignedNotice: INodeProperties = {
	displayName:
		'Unless the credential has a signing secret, anyone who knows the URL can start this workflow',
	name: 'unsignedNotice',
	type: 'notice',
	displayOptions: { show: { acceptUnsigned: [true] } },
	default: '',
};

// An added option has an effect immediately. An option that is not added has no value, even with a default.
const options: INodeProperties[] = [
	{
		displayName: 'Download Outputs',
		name: 'downloadOutputs',
		type: 'boolean',
		default: true,
		description:
			'Whether to put the finished images or video into binary fields of the item. Links expire, files do not.',
	},
	{
		displayName: 'Full Run',
		name: 'fullRun',
		type: 'boolean',
		default: true,
		description:
			'Whether to add the run as Runflow returns it under run. Callbacks lack some of its fields, such as cost and failure_message.',
	},
	{
		displayName: 'Metadata Filter',
		name: 'metadata',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Entry' },
		default: {},
		placeholder: 'Add Entry',
		description:
			'Names and values that the metadata of the run must have. All of them must match, compared as text. Other runs start nothing.',
		options: [
			{
				displayName: 'Entry',
				name: 'entry',
				values: [
					{
						displayName: 'Name',
						name: 'name',
						type: 'string',
						required: true,
						default: '',
						placeholder: 'e.g. project',
						description: 'The name of the value in the metadata',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						placeholder: 'e.g. spring-sale',
						description: 'The value that the run must have: text, a number, true or false',
					},
				],
			},
		],
	},
	splitOutputs,
	{ ...outputPropertyName, displayOptions: { show: { downloadOutputs: [true] } } },
	{
		displayName: 'Request ID',
		name: 'includeRequestId',
		type: 'boolean',
		default: true,
		description:
			'Whether to add request_id, the ID of the callback request. The support of Runflow may ask for it.',
	},
	{
		...simplify,
		hint: 'Returns the same fields as Wan 2.7, and event. Reads each run from Runflow.',
	},
	{
		displayName: 'Statuses',
		name: 'statuses',
		type: 'multiOptions',
		default: [],
		description: 'The statuses of the run or batch that start the workflow. Default: any status.',
		options: [...STATUSES],
	},
];

/** The parameters of the trigger. */
export const parameters: INodeProperties[] = [
	events,
	acceptUnsigned,
	unsignedNotice,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options,
	},
];
