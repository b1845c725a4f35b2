import type { IWebhookFunctions } from 'n8n-workflow';

import type { Progress } from '../callbackProgress';
import { STAYS_SUSPENDED } from '../postToResumeUrl';
import { resumeWhenEnded, type Check } from '../resumeWhenEnded';
import { readSuspendedRuns } from './readSuspendedRuns';
import { ownAddress, type ReceivedCallback } from './receivedCallback';

/** Milliseconds between requests while Runflow gives no clear answer; the last one is repeated. */
const RETRY_DELAYS = [1000, 2000, 4000, 8000, 16_000, 32_000];
/** How much later each request may be, as a share of the delay, so that those of many executions do not coincide. */
const SPREAD = 0.5;

/**
 * Continues to read the runs for one callback until Runflow answers clearly, or the wait is over. Then it calls n8n
 * again: the copy of the execution that this request has may be outdated by now, and resuming with it would undo what
 * the execution has done since.
 * @returns whether all is done; false if n8n does not reach its own address, so that this request must resume
 */
export async function pollUntilClear(
	context: IWebhookFunctions,
	received: ReceivedCallback,
	progress: Progress,
): Promise<boolean> {
	const { suspension, runId, connection } = received;
	const check = async (): Promise<Check> => {
		// Another callback has been taken meanwhile.
		if (progress.resuming?.handedOver !== undefined) return 'stop';
		const read = await readSuspendedRuns(context, received, progress);
		// The callback of that run is still to come.
		if (read === 'unfinished') return 'stop';
		return read === 'unclear' ? 'later' : 'all ended';
	};
	const callbackTo = ownAddress(context);
	progress.asking = true;
	try {
		const answered = await resumeWhenEnded(context, {
			delays: delaysUntil(suspension.till),
			check,
			callbackTo,
			callback: { runId, connection },
			isFinal: (status) => status === undefined || (status < 500 && status !== STAYS_SUSPENDED),
		});
		return answered === undefined || answered.status !== undefined;
	} finally {
		progress.asking = false;
	}
}

function* delaysUntil(till: number): Generator<number> {
	for (let polls = 0; Date.now() < till; polls++) {
		const delay = RETRY_DELAYS[Math.min(polls, RETRY_DELAYS.length - 1)] ?? 0;
		yield delay * (1 + SPREAD * Math.random());
	}
}
