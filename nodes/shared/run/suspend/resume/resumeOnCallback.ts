import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { coalesce } from '../../../async/coalesce';
import { answerWith, refuse } from '../../../webhook/respond';
import { isResuming, progressOf, type Progress } from '../callbackProgress';
import { OTHER_SUSPENSION, postProbe, STAYS_SUSPENDED } from '../postToResumeUrl';
import { runIdsOf } from '../suspension';
import { pollUntilClear } from './pollUntilClear';
import { checkRuns, readSuspendedRuns } from './readSuspendedRuns';
import { ownAddress, readReceived, type Probe, type ReceivedCallback } from './receivedCallback';
import { resumeOutput } from './resumeOutput';

/**
 * Handles a callback for a suspended execution. Once all runs of its node have ended, the execution continues with
 * their items. Until then it stays suspended, whatever the callback says: its contents are never trusted, and the items
 * are made of what the API says about the runs.
 *
 * It never throws: n8n would resume the execution with an empty item.
 * @see docs/n8n-engine.md, "Resuming"
 */
export async function resumeOnCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const received = await readReceived(context);
		if ('refuse' in received) return refuse(context, received.refuse);
		if ('probedSuspension' in received) return answerProbe(context, received);
		return await handleCallback(context, received);
	} catch (error) {
		return refuse(context, {
			status: 503,
			reason: 'The callback could not be processed now',
			detail: error instanceof Error ? error.name : typeof error,
		});
	}
}

function answerProbe(
	context: IWebhookFunctions,
	{ probedSuspension, suspension }: Probe,
): IWebhookResponseData {
	return probedSuspension === suspension.id
		? answerWith(context, 200, 'This wait has not ended')
		: answerWith(context, OTHER_SUSPENSION, 'Another wait has begun');
}

const UNCLEAR = 'The runs could not be read now';

async function handleCallback(
	context: IWebhookFunctions,
	received: ReceivedCallback,
): Promise<IWebhookResponseData> {
	const { suspension, runId, saysEnded, isVerified, cameAt } = received;
	if (!runIdsOf(suspension).includes(runId)) {
		return answerWith(context, 200, 'This execution does not wait for this run');
	}
	const progress = progressOf(suspension.id);
	if (saysEnded) progress[isVerified ? 'ended' : 'unverified'].add(runId);

	const found = await coalesce(progress, async () => await checkRuns(context, received, progress));
	if (found === 'unfinished') {
		// Only an unsigned callback says that it has ended. But the API may lag behind, and this may be the last callback.
		return saysEnded && progress.unverified.has(progress.pending ?? '')
			? answerWith(context, 503, UNCLEAR)
			: answerWith(context, STAYS_SUSPENDED, 'Other runs have not ended');
	}
	if (found === 'all ended') {
		if (isResuming(progress, cameAt)) {
			return (await progress.resuming?.clear) === true
				? answerWith(context, 200, 'The execution has already resumed')
				: answerWith(context, 503, UNCLEAR);
		}
		const resumed = await resumeExecution(context, received, progress);
		if (resumed !== undefined) return resumed;
	}
	// Makes Runflow repeat the callback; but it may give up before its own API answers.
	const answered = answerWith(context, 503, UNCLEAR);
	if (progress.asking || (await pollUntilClear(context, received, progress))) return answered;
	return isResuming(progress, cameAt)
		? answered
		: ((await resumeExecution(context, received, progress)) ?? answered);
}

/**
 * Resumes the execution.
 * @returns undefined if Runflow does not show all runs clearly
 */
async function resumeExecution(
	context: IWebhookFunctions,
	received: ReceivedCallback,
	progress: Progress,
): Promise<IWebhookResponseData | undefined> {
	const reading = readSuspendedRuns(context, received, progress);
	const clear = reading.then(
		(outcomes) => Array.isArray(outcomes),
		() => false,
	);
	const resuming: Progress['resuming'] = { clear };
	progress.resuming = resuming;
	try {
		const outcomes = await reading;
		if (!Array.isArray(outcomes)) return undefined;
		// Runflow gives a receiver a few seconds; downloads may take minutes.
		const answered = answerWith(context, 200, 'The execution resumes');
		const output = await resumeOutput(context, outcomes, received);
		// The wait has ended and the execution has continued: items from here would undo what it has done since.
		if (Date.now() >= received.suspension.till) return answered;
		if (await hasResumed(context, received)) return answered;
		progress.ended.clear();
		resuming.handedOver = Date.now();
		return { ...answered, workflowData: [output] };
	} finally {
		if (resuming.handedOver === undefined) delete progress.resuming;
	}
}

/** How old n8n's copy of the execution may be to be used without a probe, in milliseconds. */
const FRESH = 1000;

/**
 * Whether another process of n8n has resumed the execution while files were downloaded here. n8n itself refuses an
 * outdated copy, but not if the execution is suspended again, by another node.
 */
async function hasResumed(
	context: IWebhookFunctions,
	{ suspension, connection, cameAt }: ReceivedCallback,
): Promise<boolean> {
	if (Date.now() - cameAt < FRESH) return false;
	const status = await postProbe(context, ownAddress(context), {
		suspensionId: suspension.id,
		connection,
	});
	// n8n's own answers: 409 if it runs or has ended, 404 if another node waits.
	return status === OTHER_SUSPENSION || status === 409 || status === 404;
}
