import { readSecrets, SIGNATURE_HEADER, signatureOf } from '../../webhook/signature';
import { asText, isObject } from '../../values/json';
import { send, transportOptions, type ApiContext, type Connection } from '../../api/client';
import type { ApiAnswer } from '../../api/result';

/** How long n8n may take to answer its own address, in milliseconds. */
const ANSWER_TIMEOUT = 30_000;

/**
 * Sends a suspended execution a callback of our own, signed as Runflow would, so that n8n loads it anew
 * and looks. It tells the execution nothing that it would not check.
 * @param callbackTo the execution's address
 * @returns the HTTP status of n8n's answer; undefined where none came, or that of somebody else at this address
 */
export async function postToResumeUrl(
	context: ApiContext,
	callbackTo: string,
	{ runId, connection }: { runId: string; connection: Connection },
): Promise<number | undefined> {
	const body = JSON.stringify({ run_id: runId });
	const { skipSslCertificateValidation = false } = connection;
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
 * proxy's page at the same address tells nothing of the execution.
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
