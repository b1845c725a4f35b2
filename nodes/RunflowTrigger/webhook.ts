import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { debug, log, refuse } from '../shared/webhook/respond';
import { receive, recordStart, type Ignored } from './receive';

/**
 * Answers a request, and starts the workflow if it is wanted. It never throws: n8n would start the workflow with an empty
 * item.
 * @returns the items to start with (n8n answers 200 once the execution exists); a message for a valid request that is not
 * wanted (200); nothing for a request that was refused
 */
export async function receiveCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const decision = await receive(context);
		if ('refuse' in decision) return refuse(context, decision.refuse);
		if ('ignore' in decision) return ignore(context, decision);
		return start(decision.start, recordStart(context, decision));
	} catch (error) {
		const detail = error instanceof Error ? error.message : 'unknown error';
		return refuse(context, { status: 500, reason: 'The callback could not be processed', detail });
	}
}

/**
 * Passes the items to n8n, which creates the execution, saves static data that is marked as changed, and answers that
 * the workflow was started. Creating the execution removes a mark that was set before (seen in 2.40: WorkflowRunner wraps
 * the same data again). So the mark is set at the last moment before n8n saves: when n8n checks for a response from the
 * node, which there is not. n8n checks only once the execution exists, so this also confirms the start.
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
	{ ignore: why, because, log: more }: Ignored,
): IWebhookResponseData {
	if (more !== undefined) log(context, `ignored a callback: ${more}`);
	const filter = because === undefined ? '' : ` (${because})`;
	debug(context, `ignored a callback: ${why}${filter}`);
	return { webhookResponse: { message: why } };
}
