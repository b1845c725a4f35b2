import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

/** What is used of Express's request and response; its types are no part of n8n's. */
interface Incoming {
	rawBody?: unknown;
}
interface Outgoing {
	headersSent?: boolean;
	status(code: number): { json(body: object): unknown };
}

/** The body of a webhook's request as it came, or undefined where n8n has read none. */
export function rawBodyOf(context: IWebhookFunctions): Buffer | undefined {
	const { rawBody } = context.getRequestObject() as Incoming;
	return Buffer.isBuffer(rawBody) ? rawBody : undefined;
}

/** Answers a webhook's request with one line, unless it is answered, and keeps n8n from answering it as well. */
export function answerWith(
	context: IWebhookFunctions,
	status: number,
	message: string,
): IWebhookResponseData {
	const response = context.getResponseObject() as Outgoing;
	if (response.headersSent !== true) response.status(status).json({ message });
	return { noWebhookResponse: true };
}
