import type { INodeTypeDescription, IWebhookDescription, NodeHint } from 'n8n-workflow';

import { INVISIBLE } from '../values/text';
import { CALLBACK_PATH } from '../webhook/callbackAddress';

/** How n8n sends the requests of our declarative nodes. */
export const requestDefaults: NonNullable<INodeTypeDescription['requestDefaults']> = {
	// As readBaseUrl does it.
	baseURL: `={{ $credentials.baseUrl.replace(/^${INVISIBLE.source}+|${INVISIBLE.source}+$/gu, '') }}`,
	json: true,
	// Every answer comes to this package: n8n's texts for 4xx do not say what happened.
	ignoreHttpStatusErrors: true,
	// n8n would send the API key along to wherever a redirect leads.
	disableFollowRedirect: true,
};

/** Where Runflow calls back while an execution is suspended: at the execution's own address. */
export const resumeWebhooks: IWebhookDescription[] = [
	{
		name: 'default',
		httpMethod: 'POST',
		responseMode: 'onReceived',
		path: CALLBACK_PATH,
		isFullPath: true,
		restartWebhook: true,
	},
];

/** What the editor shows while an execution is suspended. */
export const waitingNodeTooltip = 'Waiting for Runflow. The execution resumes automatically.';

/**
 * What the editor says below the output. n8n shows no hint that a declarative node makes of its items.
 * @see docs/n8n-engine.md, "Hints"
 */
export const linksExpireHint: NodeHint = {
	message: 'The links expire. Switch on Download Outputs to keep the files.',
	type: 'info',
	location: 'outputPane',
	whenToDisplay: 'afterExecution',
	displayCondition:
		'={{ $parameter["downloadOutputs"] === false && $parameter["completion"] !== "immediately" }}',
};
