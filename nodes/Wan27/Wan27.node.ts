import {
	NodeConnectionTypes,
	updateDisplayOptions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { testRunflowApi } from '../shared/credential/testCredential';
import { resumeOnCallback } from '../shared/run/suspend/resume/resumeOnCallback';
import { limits } from '../shared/api/limits';
import {
	linksExpireHint,
	requestDefaults,
	resumeWebhooks,
	waitingNodeTooltip,
} from '../shared/properties/nodeDescription';
import { requestOptions } from '../shared/properties/requestOptions';
import { runOperationParameters } from '../shared/properties/runOperation';
import { operations } from './operations';

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
		// n8n's scanner requires a literal; test/descriptions checks that every operation is in it.
		subtitle:
			'={{ { imageToVideo: "Image to Video", proEdit: "Pro Edit", textToVideo: "Text to Video" }[$parameter["operation"]] }}',
		description: 'Edit images and make videos with Wan 2.7 on Runflow',
		defaults: { name: 'Wan 2.7' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'runflowApi', required: true, testedBy: 'testRunflowApi' }],
		webhooks: resumeWebhooks,
		waitingNodeTooltip,
		hints: [linksExpireHint],
		requestDefaults,
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				default: 'proEdit',
				options: operations.map(({ option }) => option),
			},
			...operations.flatMap((operation) =>
				updateDisplayOptions(
					{ show: { operation: [operation.option.value] } },
					runOperationParameters(operation),
				),
			),
			requestOptions,
		],
	};

	methods = { credentialTest: { testRunflowApi } };

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resumeOnCallback(this);
	}
}
