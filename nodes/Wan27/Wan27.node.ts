import {
	NodeConnectionTypes,
	updateDisplayOptions,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { resumeOnCallback } from '../shared/run/suspend/resume/resumeOnCallback';
import {
	callbackNotice,
	completion,
	downloadOutputs,
	outputOptions,
	runOptions,
	simplify,
	waitOptions,
} from '../shared/properties/runParameters';
import { limits } from '../shared/api/limits';
import { CALLBACK_PATH } from '../shared/webhook/callbackAddress';
import { requestOptions } from '../shared/properties/requestOptions';
import { operations } from './operations';
import type { Operation } from './operations/operation';

/** The parameters of an operation, shown for it alone, its options in n8n's alphabetical order. */
function parametersOf({ option, fields, options }: Operation): INodeProperties[] {
	const collection: INodeProperties = {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [...options, ...runOptions, ...outputOptions, ...waitOptions].sort((a, b) =>
			a.displayName.localeCompare(b.displayName),
		),
	};
	return updateDisplayOptions({ show: { operation: [option.value] } }, [
		...fields,
		completion,
		callbackNotice,
		downloadOutputs,
		simplify,
		collection,
	]);
}

/** Where Runflow calls back while an execution is suspended: at the execution's own address. */
const RESUME_WEBHOOKS: IWebhookDescription[] = [
	{
		name: 'default',
		httpMethod: 'POST',
		responseMode: 'onReceived',
		path: CALLBACK_PATH,
		isFullPath: true,
		restartWebhook: true,
	},
];

export class Wan27 implements INodeType {
	/** How long others may take. Tests set other times. */
	static readonly limits = limits;

	description: INodeTypeDescription = {
		displayName: 'Wan 2.7',
		name: 'wan27',
		icon: { light: 'file:../../icons/wan27.svg', dark: 'file:../../icons/wan27.dark.svg' },
		group: ['transform'],
		// Not 1, as in Runflow Trigger: n8n would evaluate an expression for every callback.
		version: 1.1,
		// n8n's gate wants a literal; test/descriptions sees to it that every operation is in it.
		subtitle:
			'={{ { imageToVideo: "Image to Video", proEdit: "Pro Edit" }[$parameter["operation"]] }}',
		description: 'Edit images and turn images into videos with Wan 2.7 on Runflow',
		defaults: { name: 'Wan 2.7' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'runflowApi', required: true }],
		webhooks: RESUME_WEBHOOKS,
		waitingNodeTooltip:
			'The run goes on at Runflow. This execution continues by itself when Runflow reports its end.',
		requestDefaults: {
			baseURL: '={{ $credentials.baseUrl.trim() }}',
			json: true,
			// Every answer comes to this package's own eyes: n8n's texts for 4xx tell the user nothing.
			ignoreHttpStatusErrors: true,
			// n8n would send the API key along to wherever a redirect leads.
			disableFollowRedirect: true,
		},
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				default: 'proEdit',
				options: operations.map(({ option }) => option),
			},
			...operations.flatMap(parametersOf),
			requestOptions,
		],
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resumeOnCallback(this);
	}
}
