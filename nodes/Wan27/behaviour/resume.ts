import type {
	IDataObject,
	IExecuteData,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { MAX_CALLBACK_BYTES, parseCallback } from '../../runflow/callback';
import { asText } from '../../runflow/json';
import { isSuccessful, isTerminal, readRunId, readRunStatus } from '../../runflow/run';
import {
	isSignatureForm,
	isSignedByAny,
	readSecrets,
	SIGNATURE_HEADER,
} from '../../runflow/signature';
import { answerWith, rawBodyOf } from '../../runflow/webhookHttp';
import type { Started } from './answer';
import { isResuming, progressOf, type Progress } from './callbackProgress';
import { listOthers } from './failureReport';
import { finishedItem } from './finishedItem';
import { lookAtRun, type Look } from './lookAtRun';
import { errorItem, isFailure, runFailedError, type Failure } from './runErrors';
import type { Settings } from './settings';
import { severalAtOnce } from './severalAtOnce';
import { suspensionOf, type SuspendedItem, type Suspension } from './suspension';
import { tryAgain } from './tryAgain';

/**
 * A callback for an execution that is suspended. Once all runs of its node have ended, the execution goes
 * on with their items; until then it stays suspended, whatever is sent. What a callback says is only a
 * reason to look: the items are made of what the API says of the runs.
 *
 * It never throws: n8n would let the execution go on with an empty item then.
 * @see n8n-engine.md section 3
 */
export async function resumeOnCallback(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const judged = await judge.call(this);
		if ('refused' in judged) {
			this.logger.warn(`Runflow callback refused: ${judged.refused}`);
			return answerWith(this, judged.status, judged.refused);
		}
		return await goOn.call(this, judged);
	} catch (error) {
		const cause = error instanceof Error ? error.name : typeof error;
		this.logger.error(`Runflow callback could not be handled (${cause})`);
		return answerWith(this, 503, 'The callback could not be handled now');
	}
}

/** A callback that was let in. */
interface Admitted {
	suspension: Suspension;
	started: Started;
	runId: string;
	/** Whether the callback is signed and says that its run has ended. */
	ended: boolean;
}

/** Cheap checks come first: fetching the credential is the dearest. */
async function judge(
	this: IWebhookFunctions,
): Promise<Admitted | { status: number; refused: string }> {
	const rawBody = rawBodyOf(this);
	const signature = this.getHeaderData()[SIGNATURE_HEADER];
	if (rawBody === undefined) return { status: 400, refused: 'The body is missing' };
	if (rawBody.length > MAX_CALLBACK_BYTES) return { status: 413, refused: 'The body is too long' };
	if (signature !== undefined && !isSignatureForm(signature)) {
		return { status: 401, refused: 'The signature is malformed' };
	}
	const { callbackSecrets, baseUrl } = await this.getCredentials('runflowApi');
	const secrets = readSecrets(callbackSecrets);
	// Without a secret the signed address of the execution, which n8n has checked, is all there is.
	if (secrets.length > 0) {
		if (signature === undefined) return { status: 401, refused: 'The signature is missing' };
		if (!isSignedByAny(rawBody, signature, secrets)) {
			return { status: 401, refused: 'The signature is wrong' };
		}
	}
	const body = parseCallback(rawBody);
	if (body === undefined) return { status: 400, refused: 'The body is no JSON object' };
	const suspension = suspensionOf(this);
	if (suspension === undefined) return { status: 409, refused: 'Nothing is waited for here' };
	return {
		suspension,
		started: { ...suspension.way, baseURL: asText(baseUrl).trim() },
		runId: readRunId(body) ?? '',
		ended: secrets.length > 0 && isTerminal(readRunStatus(body)),
	};
}

async function goOn(this: IWebhookFunctions, admitted: Admitted): Promise<IWebhookResponseData> {
	const { suspension, runId } = admitted;
	const runIds = suspension.items.flatMap((item) => ('runId' in item ? [item.runId] : []));
	if (!runIds.includes(runId)) return answerWith(this, 200, 'This run is not waited for');
	const progress = progressOf(suspension.id);
	if (admitted.ended) progress.ended.add(runId);

	const unfinished = await findUnfinished.call(this, runIds, progress, admitted);
	if (unfinished === 'unclear') return answerWith(this, 503, 'The runs could not be read now');
	if (unfinished) return answerWith(this, 200, 'Other runs have not ended');
	if (isResuming(progress, Date.now()))
		return answerWith(this, 200, 'The execution goes on already');

	progress.resumedAt = Date.now();
	const seen = await severalAtOnce(
		suspension.items,
		async (item, itemIndex) => await readItem.call(this, item, itemIndex, admitted),
	);
	if (!areClear(seen)) {
		delete progress.resumedAt;
		progress.ended.clear();
		return answerWith(this, 503, 'The runs could not be read now');
	}
	// Runflow gives a receiver a few seconds; downloads may take minutes.
	const answered = answerWith(this, 200, 'The execution goes on');
	const outcomes = await severalAtOnce(seen, async (item, itemIndex) =>
		isFailure(item) || 'json' in item
			? item
			: await finishedItem.call(this, item.record, {
					...item.wishes,
					itemIndex,
					started: admitted.started,
					stopped: undefined,
				}),
	);
	failNode(this, outcomes, suspension);
	const items = outcomes.map((outcome, itemIndex) =>
		isFailure(outcome) ? errorItem(outcome, itemIndex) : outcome,
	);
	return { ...answered, workflowData: [items] };
}

/** Whether a run has not ended yet. Each is looked at until one is found. */
async function findUnfinished(
	this: IWebhookFunctions,
	runIds: string[],
	progress: Progress,
	admitted: Admitted,
): Promise<boolean | 'unclear'> {
	const { pending = admitted.runId } = progress;
	const ordered = [pending, ...runIds.filter((runId) => runId !== pending)];
	for (const runId of ordered) {
		if (progress.ended.has(runId)) continue;
		const seen = await look.call(this, runId, runIds.indexOf(runId), admitted);
		if ('retryAfter' in seen) return 'unclear';
		if (!hasEnded(seen)) {
			progress.pending = runId;
			return true;
		}
		// A run that Runflow does not show is not worth waiting for either: its item becomes an error.
		progress.ended.add(runId);
	}
	return false;
}

async function look(
	this: IWebhookFunctions,
	runId: string,
	itemIndex: number,
	{ started }: Admitted,
	isGood: (seen: Look) => boolean = (seen) => !('retryAfter' in seen),
): Promise<Look> {
	return await tryAgain(
		async () => await lookAtRun.call(this, runId, { started, itemIndex }),
		(seen) => (isGood(seen) ? undefined : 0),
		undefined,
	);
}

/** An item whose run has a result, and what the user wants of it. */
interface Finished {
	record: IDataObject;
	wishes: Pick<Settings, 'simplify' | 'downloadInto'>;
}
type Outcome = INodeExecutionData | Failure;

/** What has become of an item; `unclear` where Runflow could not be asked. */
async function readItem(
	this: IWebhookFunctions,
	item: SuspendedItem,
	itemIndex: number,
	admitted: Admitted,
): Promise<Finished | Outcome | 'unclear'> {
	if ('failed' in item) return { json: item.failed, pairedItem: { item: itemIndex } };
	// A callback may be ahead of what the API shows.
	const seen = await look.call(this, item.runId, itemIndex, admitted, hasEnded);
	if ('failure' in seen) return seen.failure;
	if (!('record' in seen) || !hasEnded(seen)) return 'unclear';
	const { record } = seen;
	const { simplify, downloadInto } = item;
	return isSuccessful(readRunStatus(record))
		? { record, wishes: { simplify, downloadInto } }
		: runFailedError(this.getNode(), record, itemIndex);
}

function hasEnded(seen: Look): boolean {
	return 'failure' in seen || ('record' in seen && isTerminal(readRunStatus(seen.record)));
}

function areClear<T>(items: (T | 'unclear')[]): items is T[] {
	return !items.includes('unclear');
}

/**
 * Has the node fail, and the execution with it, where an item has failed and the node does not continue.
 * A node that is resumed cannot throw. But n8n fails it by an error in the metadata of its entry on the
 * execution's stack, which a webhook's context has at hand without declaring it. Versions of n8n that do
 * not know of that hand on the failed item, with nothing but its error.
 */
function failNode(context: IWebhookFunctions, outcomes: Outcome[], { items }: Suspension): void {
	const { onError, continueOnFail } = context.getNode();
	if (continueOnFail === true || onError?.startsWith('continue') === true) return;
	const failure = outcomes.find((outcome) => isFailure(outcome));
	const { executeData } = context as { executeData?: IExecuteData };
	if (failure === undefined || executeData === undefined) return;

	const started = items.flatMap((item, index) =>
		'runId' in item ? [[index, item.runId] as const] : [],
	);
	listOthers(failure, new Map(started), OTHERS);
	const { name, message, description, stack } = failure;
	// Plain, since n8n may store it before the execution goes on elsewhere.
	const resumeError = Object.assign({}, failure, { name, message, description, stack });
	executeData.metadata = { ...executeData.metadata, resumeError };
}

const OTHERS =
	'Runs of the other items, which are finished: fetch their results instead of starting them again.';
