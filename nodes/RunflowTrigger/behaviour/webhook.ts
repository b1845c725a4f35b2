import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { decide, keep, type Answering, type Decision } from './receive';
import type { Refusal } from './refusal';

/**
 * Answers a request and starts the workflow, or not. It never throws: n8n starts the workflow with an empty
 * item when a webhook does.
 * @returns items to start with (n8n answers 200 once the execution is made); a message for a request that is
 * in order but not wanted (200); nothing for one that was refused
 */
export async function receiveCallback(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const decision = await decide.call(this);
		if ('refuse' in decision) return refuse.call(this, decision.refuse);
		if ('ignore' in decision) return ignore.call(this, decision);
		keep.call(this, decision.memory, decision.digest);
		return { workflowData: [decision.start] };
	} catch (error) {
		const detail = error instanceof Error ? error.message : 'unknown error';
		return refuse.call(this, { status: 500, reason: 'The callback could not be taken', detail });
	}
}

/** The longest detail that goes into a line of the log, in characters. */
const MAX_DETAIL = 300;

function refuse(
	this: IWebhookFunctions,
	{ status, reason, detail }: Refusal,
): IWebhookResponseData {
	const more = detail === undefined ? '' : ` (${detail.replace(/\s+/g, ' ').slice(0, MAX_DETAIL)})`;
	log.call(this, `refused a callback with ${status}: ${reason}${more}`);
	const response = this.getResponseObject() as unknown as Answering;
	response.status(status).json({ message: reason });
	return { noWebhookResponse: true };
}

function ignore(
	this: IWebhookFunctions,
	decision: Extract<Decision, { ignore: string }>,
): IWebhookResponseData {
	if (decision.log !== undefined) log.call(this, `ignored a callback: ${decision.log}`);
	return { webhookResponse: { message: decision.ignore } };
}

function log(this: IWebhookFunctions, what: string): void {
	const { id } = this.getWorkflow();
	this.logger.warn(`${JSON.stringify(this.getNode().name)} ${what}`, { workflowId: id });
}
