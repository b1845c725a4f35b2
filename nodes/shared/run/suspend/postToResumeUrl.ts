import { readSecrets, SIGNATURE_HEADER, signatureOf } from '../../webhook/signature';
import { asText, isObject } from '../../values/json';
import { send, transportOptions, type ApiContext, type Connection } from '../../api/client';
import type { ApiAnswer } from '../../api/result/result';

/** How long n8n may take to answer at its own address, in milliseconds. */
const ANSWER_TIMEOUT = 30_000;

/** The node's answer to a callback if the execution continues. */
export const RESUMED = 200;
/** The node's answer to a callback if the execution stays suspended, since other runs have not ended. */
export const STAYS_SUSPENDED = 202;
/** The node's answer to a probe if the execution is suspended again, for other runs. */
export const OTHER_SUSPENSION = 410;

/** A callback that the node itself sends for a run. */
export interface OwnCallback {
	runId: string;
	connection: Connection;
}

/**
 * Sends a suspended execution a callback from this node, signed as Runflow signs, so that n8n loads it again and the node
 * reads the runs. The node does not trust it more than any other callback.
 * @param callbackTo the execution's address
 * @returns the HTTP status of n8n's answer; undefined without an answer, or if another server answers at this address
 */
export async function postToResumeUrl(
	context: ApiContext,
	callbackTo: string,
	{ runId, connection }: OwnCallback,
): Promise<number | undefined> {
	return await post(context, callbackTo, { run_id: runId }, connection);
}

/**
 * Asks a suspended execution whether it still waits in this suspension. The ID is sent in the field for the run's ID,
 * since an n8n process with an older version of this package reads it only there.
 * @returns as {@link postToResumeUrl}
 */
export async function postProbe(
	context: ApiContext,
	callbackTo: string,
	{ suspensionId, connection }: { suspensionId: string; connection: Connection },
): Promise<number | undefined> {
	return await post(context, callbackTo, { run_id: suspensionId }, connection);
}

async function post(
	context: ApiContext,
	callbackTo: string,
	content: { run_id: string },
	{ skipSslCertificateValidation = false }: Connection,
): Promise<number | undefined> {
	const body = JSON.stringify(content);
	const posted = await send(
		async () =>
			(await context.helpers.httpRequest({
				...transportOptions({ skipSslCertificateValidation }),
				method: 'POST',
				url: callbackTo,
				headers: { 'content-type': 'application/json', ...(await sign(context, body)) },
				body,
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
				timeout: ANSWER_TIMEOUT,
			})) as unknown,
		{ timeout: ANSWER_TIMEOUT },
	);
	return statusOfOurs(posted.ok ? posted.answer : posted.error.answer);
}

/**
 * The status of an answer that n8n or this package has given: an object with a message, or n8n's with an error. A
 * proxy's page at the same address says nothing about the execution.
 */
export function statusOfOurs(answer: ApiAnswer | undefined): number | undefined {
	if (answer === undefined) return undefined;
	const { status, body } = answer;
	return isObject(body) && asText(body.message ?? body.error) !== '' ? status : undefined;
}

async function sign(context: ApiContext, body: string): Promise<Record<string, string>> {
	const { callbackSecrets } = await context.getCredentials('runflowApi');
	const [secret] = readSecrets(callbackSecrets);
	return secret === undefined ? {} : { [SIGNATURE_HEADER]: signatureOf(Buffer.from(body), secret) };
}
