import { readSecrets, SIGNATURE_HEADER, signatureOf } from '../../runflow/signature';
import { reply, wayOut, type ApiContext, type Started } from '../../runflow/api';

/** How long n8n may take to answer its own address, in milliseconds. */
const ANSWER_TIMEOUT = 30_000;

/**
 * Sends a suspended execution a callback of our own, signed as Runflow would, so that n8n loads it anew
 * and looks. It tells the execution nothing that it would not check.
 * @param callbackTo the execution's address
 * @returns the HTTP status of n8n's answer; undefined where it gave none
 */
export async function callOurselves(
	this: ApiContext,
	callbackTo: string,
	{ runId, started }: { runId: string; started: Started },
): Promise<number | undefined> {
	const body = JSON.stringify({ run_id: runId });
	const signature = await sign.call(this, body);
	const { skipSslCertificateValidation = false } = started;
	const seen = await reply(
		async () =>
			(await this.helpers.httpRequest({
				...wayOut({ skipSslCertificateValidation }),
				method: 'POST',
				url: callbackTo,
				headers: { 'content-type': 'application/json', ...signature },
				body,
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
				timeout: ANSWER_TIMEOUT,
			})) as unknown,
	);
	return 'answer' in seen ? seen.answer.statusCode : undefined;
}

async function sign(this: ApiContext, body: string): Promise<Record<string, string>> {
	const { callbackSecrets } = await this.getCredentials('runflowApi');
	const [secret] = readSecrets(callbackSecrets);
	return secret === undefined ? {} : { [SIGNATURE_HEADER]: signatureOf(Buffer.from(body), secret) };
}
