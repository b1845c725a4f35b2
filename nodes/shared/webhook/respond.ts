import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

/** Why a callback is refused. */
export interface Refusal {
	/** The status of the answer. Runflow repeats the callback only after 5xx. @see docs/runflow-api.md, "Callback retries" */
	status: 400 | 401 | 409 | 413 | 500 | 503;
	/** One line for the sender, who may be anyone. It reveals nothing about the secret. */
	reason: string;
	/** What n8n's log says in addition, for the owner of the workflow. It contains no secret and no body. */
	detail?: string;
}

/** The parts of Express's response that are used. n8n does not include its types. */
export interface Answering {
	readonly statusCode: number;
	readonly headersSent?: boolean;
	readonly closed: boolean;
	readonly destroyed: boolean;
	once(event: 'close', listener: () => void): unknown;
	status(code: number): { json(body: IDataObject): unknown };
}

/** The response to a webhook's request. */
export function answering(context: IWebhookFunctions): Answering {
	const response: unknown = context.getResponseObject();
	return response as Answering;
}

/** Answers a webhook's request with one line, unless it is answered already, and keeps n8n from answering it too. */
export function answerWith(
	context: IWebhookFunctions,
	status: number,
	message: string,
): IWebhookResponseData {
	const response = answering(context);
	if (response.headersSent !== true) response.status(status).json({ message });
	return { noWebhookResponse: true };
}

/** The longest line of the log, in characters. A detail may contain text of any sender. */
const MAX_LINE = 400;

/** Answers why a callback is refused, and logs it. */
export function refuse(
	context: IWebhookFunctions,
	{ status, reason, detail }: Refusal,
): IWebhookResponseData {
	const more = detail === undefined ? '' : ` (${detail})`;
	log(context, `refused a callback with ${status}: ${reason}${more}`);
	return answerWith(context, status, reason);
}

/** What a line of n8n's log needs. */
export type Logging = Pick<IWebhookFunctions, 'getNode' | 'getWorkflow' | 'logger'>;

/** Logs what the node has done with a callback, in one line. */
export function log(context: Logging, what: string): void {
	write(context, 'warn', what);
}

/** Logs what only those look for who miss a callback, in one line. */
export function debug(context: Logging, what: string): void {
	write(context, 'debug', what);
}

function write(context: Logging, level: 'debug' | 'warn', what: string): void {
	const { id } = context.getWorkflow();
	const line = what.replace(/\s+/g, ' ').slice(0, MAX_LINE);
	context.logger[level](`${JSON.stringify(context.getNode().name)} ${line}`, { workflowId: id });
}
