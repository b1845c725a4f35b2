import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

/** Why a callback is not taken. */
export interface Refusal {
	/** What the sender is answered; it tries again after 5xx only. @see docs/runflow-api.md, "Callback retries" */
	status: 400 | 401 | 409 | 413 | 500 | 503;
	/** One line for the sender, who may be anybody: nothing of the secret is in it. */
	reason: string;
	/** What the owner of the workflow finds in n8n's log besides; no secret and no body either. */
	detail?: string;
}

/** What of Express's response matters; its types are no part of n8n's. */
export interface Answering {
	readonly statusCode: number;
	readonly headersSent?: boolean;
	readonly closed: boolean;
	readonly destroyed: boolean;
	readonly writableFinished: boolean;
	once(event: 'close', listener: () => void): unknown;
	status(code: number): { json(body: IDataObject): unknown };
}

/** The response to a request, as Express and n8n have it. */
export function answering(context: IWebhookFunctions): Answering {
	const response: unknown = context.getResponseObject();
	return response as Answering;
}

/** Answers a webhook's request with one line, unless it is answered, and keeps n8n from answering it as well. */
export function answerWith(
	context: IWebhookFunctions,
	status: number,
	message: string,
): IWebhookResponseData {
	const response = answering(context);
	if (response.headersSent !== true) response.status(status).json({ message });
	return { noWebhookResponse: true };
}

/** The longest that goes into a line of the log, in characters: a detail may be anybody's words. */
const MAX_LINE = 400;

/** Answers why a callback is not taken, and notes it in n8n's log. */
export function refuse(
	context: IWebhookFunctions,
	{ status, reason, detail }: Refusal,
): IWebhookResponseData {
	const more = detail === undefined ? '' : ` (${detail})`;
	log(context, `refused a callback with ${status}: ${reason}${more}`);
	return answerWith(context, status, reason);
}

/** Notes in n8n's log what the node has done with a callback: one line. */
export function log(context: IWebhookFunctions, what: string): void {
	const { id } = context.getWorkflow();
	const line = what.replace(/\s+/g, ' ').slice(0, MAX_LINE);
	context.logger.warn(`${JSON.stringify(context.getNode().name)} ${line}`, { workflowId: id });
}
