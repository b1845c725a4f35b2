import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { isTerminal, readRunStatus } from '../../runflow/run';
import { readSecrets, SIGNATURE_HEADER, signatureOf } from '../../runflow/signature';
import { wayOut, type Started } from '../../runflow/api';
import { lookAtRun } from './lookAtRun';

/** When to look, in milliseconds after the node has ended: n8n has stored the execution by then. */
const LATE_LOOKS = [3000, 15_000, 60_000];
/** How long n8n may take to answer its own address, in milliseconds. */
const ANSWER_TIMEOUT = 30_000;
/** What n8n answers as long as the execution is not stored. */
const STILL_RUNNING = 409;

/** A suspended execution, as it is looked after. */
export interface Suspended {
	/** Its runs that had not ended when it was suspended, by their item. */
	runs: ReadonlyMap<number, string>;
	callbackTo: string;
	started: Started;
}

/**
 * Closes the gap between the last look at the runs and the moment from which n8n takes callbacks: one that
 * comes in between is refused, and Runflow may not send it again. Where all runs have ended soon after,
 * the callback is sent from here. It tells the execution nothing that it would not check.
 *
 * Nobody waits for this. Whatever fails here is left to Runflow's own callbacks, and to the end of the wait.
 * @see n8n-engine.md section 3 (409); runflow-api.md section 10 (4)
 */
export async function lookLate(
	this: IExecutePaginationFunctions,
	{ runs, callbackTo, started }: Suspended,
): Promise<void> {
	const [last] = [...runs.values()].reverse();
	let waited = 0;
	for (const at of LATE_LOOKS) {
		await idle(at - waited);
		waited = at;
		if (!(await haveEnded.call(this, runs, started))) continue;
		const body = JSON.stringify({ run_id: last });
		const answer = (await this.helpers.httpRequest({
			...wayOut({ skipSslCertificateValidation: started.skipSslCertificateValidation ?? false }),
			method: 'POST',
			url: callbackTo,
			headers: { 'content-type': 'application/json', ...(await signed.call(this, body)) },
			body,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout: ANSWER_TIMEOUT,
		})) as { statusCode?: unknown };
		if (answer.statusCode !== STILL_RUNNING) return;
	}
}

async function haveEnded(
	this: IExecutePaginationFunctions,
	runs: Suspended['runs'],
	started: Started,
): Promise<boolean> {
	for (const [itemIndex, runId] of runs) {
		const seen = await lookAtRun.call(this, runId, { started, itemIndex });
		if (!('record' in seen) || !isTerminal(readRunStatus(seen.record))) return false;
	}
	return true;
}

/** The header that Runflow would sign this body with. */
async function signed(
	this: IExecutePaginationFunctions,
	body: string,
): Promise<Record<string, string>> {
	const { callbackSecrets } = await this.getCredentials('runflowApi');
	const [secret] = readSecrets(callbackSecrets);
	return secret === undefined ? {} : { [SIGNATURE_HEADER]: signatureOf(Buffer.from(body), secret) };
}

/** Sleeps so many milliseconds without keeping n8n from shutting down. */
async function idle(ms: number): Promise<void> {
	await new Promise<void>((resolve) => {
		AbortSignal.timeout(ms).addEventListener(
			'abort',
			() => {
				resolve();
			},
			{ once: true },
		);
	});
}
