import {
	NodeConnectionTypes,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { startListening } from './register';
import { receiveCallback } from './webhook';
import { parameters } from './properties';

export class RunflowTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Runflow Trigger',
		name: 'runflowTrigger',
		icon: { light: 'file:../../icons/runflow.svg', dark: 'file:../../icons/runflow.dark.svg' },
		group: ['trigger'],
		// Not 1: for every request to a trigger of that version n8n evaluates an expression that only its own first
		// Webhook node needs, which takes longer than all that happens here (webhook-helpers.js, "parseRequestBody").
		version: 1.1,
		subtitle:
			'={{ $parameter["events"].join(", ").replaceAll("run.", "").replaceAll("partial_", "partially ").toTitleCase() }}',
		description: 'Starts the workflow when Runflow reports that a run has ended',
		defaults: { name: 'Runflow Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'runflowApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				// n8n answers as soon as the execution is made: Runflow waits a few seconds only.
				responseMode: 'onReceived',
				// Left to n8n's own words; its default would be the bare text "firstEntryJson".
				responseData: '',
				path: 'webhook',
			},
		],
		eventTriggerDescription: 'Start a run that has the Test URL as its Callback URL',
		triggerPanel: {
			header: "Copy the Test URL, click 'Execute step', and start a run with it as Callback URL",
			executionsHelp: {
				inactive:
					"<b>Paste the URL</b> into a Wan 2.7 node with the completion Immediately, under Options → Callback URL.<br /><br /><b>To test</b>, click 'Execute step' here, start a run with the Test URL as its Callback URL, and wait for its end; the Production URL works once this workflow is published.",
				active:
					"<b>Paste the URL</b> into a Wan 2.7 node with the completion Immediately, under Options → Callback URL.<br /><br /><b>To test</b>, click 'Execute step' here and start a run with the Test URL as its Callback URL; the Production URL works all the time, and shows in the <a data-key='executions'>executions list</a>.",
			},
			activationHint: 'Publish this workflow to make the Production URL work',
		},
		properties: parameters,
	};

	webhookMethods = {
		default: {
			// Runflow keeps no list of listeners that one could look into.
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await Promise.resolve(false);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await startListening(this);
			},
			// Runflow knows the URL from each run alone, so nothing is to be removed there. Nor from the process: n8n
			// calls this in the same way when the user has only listened for a test event.
			async delete(this: IHookFunctions): Promise<boolean> {
				return await Promise.resolve(true);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveCallback(this);
	}
}
