import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { log, refuse } from '../shared/webhook/respond';
import { receive, recordStart, type Decision } from './receive';

/**
 * Answers a request and starts the workflow, or not. It never throws: n8n starts the workflow with an empty
 * item when a webhook does.
 * @returns items to start with (n8n answers 200 once the execution is made); a message for a request that is
 * in order but not wanted (200); nothing for one that was refused
 */
export async function receiveCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const decision = await receive(context);
		if ('refuse' in decision) return refuse(context, decision.refuse);
		if ('ignore' in decision) return ignore(context, decision);
		return start(decision.start, recordStart(context, decision));
	} catch (error) {
		const detail = error instanceof Error ? error.message : 'unknown error';
		return refuse(context, { status: 500, reason: 'The callback could not be taken', detail });
	}
}

/**
 * Hands the items to n8n, which makes the execution, saves static data that is marked as changed, and answers
 * that the workflow was started. Making the execution removes a mark that was set before (seen in 2.40:
 * WorkflowRunner wraps the same data anew), so it is set at the last moment before the saving: when n8n
 * looks whether there is a response of our own, which there is not. It looks only once the execution exists,
 * which is how the node learns that the start is made.
 * @see docs/n8n-engine.md, "Static data"
 */
function start(items: INodeExecutionData[], mark: () => void): IWebhookResponseData {
	return {
		workflowData: [items],
		get webhookResponse() {
			mark();
			return undefined;
		},
	};
}

function ignore(
	context: IWebhookFunctions,
	decision: Extract<Decision, { ignore: string }>,
): IWebhookResponseData {
	if (decision.log !== undefined) log(context, `ignored a callback: ${decision.log}`);
	return { webhookResponse: { message: decision.ignore } };
}
