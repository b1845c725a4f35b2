import {
	NodeConnectionTypes,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { testRunflowApi } from '../shared/credential/testCredential';
import { startListening } from './register';
import { receiveCallback } from './webhook';
import { parameters } from './properties';

export class RunflowTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Runflow Trigger',
		name: 'runflowTrigger',
		icon: { light: 'file:../../icons/runflow.svg', dark: 'file:../../icons/runflow.dark.svg' },
		group: ['trigger'],
		// Not 1: for each request to a trigger of version 1, n8n evaluates an expression that only the first version of its
		// own Webhook node needs. This takes longer than everything here (webhook-helpers.js, "parseRequestBody").
		version: 1.1,
		subtitle:
			'={{ $parameter["events"].join(", ").replaceAll("run.", "").replaceAll("partial_", "partially ").toTitleCase() }}',
		description: 'Starts the workflow when Runflow reports that a run has ended',
		defaults: { name: 'Runflow Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'runflowApi', required: true, testedBy: 'testRunflowApi' }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				// n8n answers as soon as the execution exists: Runflow waits only a few seconds.
				responseMode: 'onReceived',
				// Makes n8n answer with its own message. The default would be the text "firstEntryJson".
				responseData: '',
				path: 'webhook',
			},
		],
		eventTriggerDescription: 'Start a run that has the Test URL as its Callback URL',
		triggerPanel: {
			header: "Copy the Test URL, click 'Execute step', and start a run with it as Callback URL",
			executionsHelp: {
				inactive:
					"<b>Paste the URL</b> into Options → Callback URL of a Wan 2.7 node. Set its Completion to Immediately.<br /><br /><b>To test</b>, click 'Execute step' here, start a run with the Test URL as its Callback URL, and wait until it ends. The Production URL works once this workflow is published.",
				active:
					"<b>Paste the URL</b> into Options → Callback URL of a Wan 2.7 node. Set its Completion to Immediately.<br /><br /><b>To test</b>, click 'Execute step' here and start a run with the Test URL as its Callback URL. The Production URL works all the time, and its executions appear in the <a data-key='executions'>executions list</a>.",
			},
			activationHint: 'Publish this workflow to make the Production URL work',
		},
		properties: parameters,
	};

	webhookMethods = {
		default: {
			// Runflow has no list of listeners to check.
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await Promise.resolve(false);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await startListening(this);
			},
			// Runflow gets the URL only with each run, so it has nothing to remove. The process keeps its state too: n8n also
			// calls this when the user has only listened for a test event.
			async delete(this: IHookFunctions): Promise<boolean> {
				return await Promise.resolve(true);
			},
		},
	};

	methods = { credentialTest: { testRunflowApi } };

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveCallback(this);
	}
}
