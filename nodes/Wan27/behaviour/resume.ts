import {
	type IDataObject,
	type INodeExecutionData,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { readCallbackRunId } from '../../runflow/callback';
import { isSuccessful, isTerminal, readRunStatus } from '../../runflow/run';
import { admit } from '../../runflow/verify';
import { answerWith, refuse, type Refusal } from '../../runflow/webhookHttp';
import type { Started } from '../../runflow/api';
import { callOurselves } from './callOurselves';
import { isResuming, progressOf, type Found, type Progress } from './callbackProgress';
import { finishedItem } from './finishedItem';
import { inTurn } from './inTurn';
import { lookAgain, type Look } from './lookAtRun';
import { lookIfMany } from './lookAtRuns';
import { errorItem, isFailure, runFailedError, type Failure } from './runErrors';
import type { Settings } from './settings';
import { severalAtOnce } from './severalAtOnce';
import {
	callbackAddress,
	isSuspensionId,
	runAgain,
	suspensionOf,
	type SuspendedItem,
	type Suspension,
} from './suspension';
import { idle } from './pause';
import { wayOfNode } from './wayOfNode';

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
		const found = await findSuspension.call(this);
		if ('refuse' in found) return refuse(this, found.refuse);
		return await followUp.call(this, found);
	} catch (error) {
		return refuse(this, {
			status: 503,
			reason: 'The callback could not be handled now',
			detail: error instanceof Error ? error.name : typeof error,
		});
	}
}

/** A callback that was let in. */
interface Admitted {
	suspension: Suspension;
	started: Started;
	runId: string;
	/** When it came (ms since 1970): what n8n has loaded of the execution is that old. */
	cameAt: number;
	/** Whether the callback says that its run has ended, and whether it is signed. */
	saysEnded: boolean;
	isVerified: boolean;
}

/** What a callback is for. */
async function findSuspension(this: IWebhookFunctions): Promise<Admitted | { refuse: Refusal }> {
	const cameAt = Date.now();
	const admitted = await admit(this, {
		// Without a secret the signed address of the execution, which n8n has checked, is all there is.
		acceptUnsigned: true,
		readCredentials: async () => await this.getCredentials('runflowApi'),
	});
	if ('refuse' in admitted) return admitted;
	const { callback, isVerified, baseUrl } = admitted;
	const suspension = suspensionOf(this);
	if (suspension === undefined) {
		return { refuse: { status: 409, reason: 'Nothing is waited for here' } };
	}
	return {
		suspension,
		cameAt,
		started: { ...wayOfNode(this), baseURL: baseUrl },
		runId: readCallbackRunId(callback) ?? '',
		saysEnded: isTerminal(readRunStatus(callback)),
		isVerified,
	};
}

async function followUp(
	this: IWebhookFunctions,
	admitted: Admitted,
): Promise<IWebhookResponseData> {
	const { suspension, runId } = admitted;
	const runIds = runIdsOf(suspension);
	if (runId === suspension.id) return answerWith(this, 200, 'It is waited for');
	if (isSuspensionId(runId)) return answerWith(this, OTHER_WAIT, 'Another wait has begun');
	if (!runIds.includes(runId)) return answerWith(this, 200, 'This run is not waited for');
	const progress = progressOf(suspension.id);
	const { saysEnded, isVerified } = admitted;
	if (saysEnded) progress[isVerified ? 'ended' : 'told'].add(runId);

	const found = await inTurn(
		progress,
		async () => await findUnfinished.call(this, runIds, progress, admitted),
	);
	if (found === 'unfinished') {
		// Nobody vouches for its end; but the API may lag behind, and this may be the last callback.
		return saysEnded && progress.told.has(progress.pending ?? '')
			? answerWith(this, 503, UNCLEAR)
			: answerWith(this, STAYS, 'Other runs have not ended');
	}
	if (found === 'all ended') {
		if (isResuming(progress, admitted.cameAt)) {
			return (await progress.resuming?.clear) === true
				? answerWith(this, 200, 'The execution goes on already')
				: answerWith(this, 503, UNCLEAR);
		}
		const goesOn = await goOn.call(this, admitted, progress);
		if (goesOn !== undefined) return goesOn;
	}
	// Runflow is to send it again; but it may give up before its own API answers.
	const answered = answerWith(this, 503, UNCLEAR);
	if (progress.asking || (await askOn.call(this, runIds, progress, admitted))) return answered;
	return isResuming(progress, admitted.cameAt)
		? answered
		: ((await goOn.call(this, admitted, progress)) ?? answered);
}

/** A yes to Runflow; to ourselves it says that the execution stays suspended. */
const STAYS = 202;
const UNCLEAR = 'The runs could not be read now';
/** Our answer to ourselves where the execution waits for something else than it did. */
const OTHER_WAIT = 410;

/**
 * Lets the execution go on.
 * @returns undefined where Runflow does not show all runs clearly
 */
async function goOn(
	this: IWebhookFunctions,
	admitted: Admitted,
	progress: Progress,
): Promise<IWebhookResponseData | undefined> {
	const reading = readItems.call(this, admitted);
	const clear = reading.then(
		(read) => read !== undefined,
		() => false,
	);
	const resuming: Progress['resuming'] = { clear };
	progress.resuming = resuming;
	try {
		const read = await reading;
		if (read === undefined) return undefined;
		// Runflow gives a receiver a few seconds; downloads may take minutes.
		const answered = answerWith(this, 200, 'The execution goes on');
		const handOn = await itemsOf.call(this, read, admitted);
		// It has gone on by itself: what is handed over now would undo what it has done since.
		if (Date.now() >= admitted.suspension.till) return answered;
		if (await hasGoneOn.call(this, admitted)) return answered;
		progress.ended.clear();
		resuming.handedOver = Date.now();
		return { ...answered, workflowData: [handOn] };
	} finally {
		if (resuming.handedOver === undefined) delete progress.resuming;
	}
}

/** The address that this very execution is called back at. */
function ownAddress(context: IWebhookFunctions): string {
	return callbackAddress(context.evaluateExpression('{{ $execution.resumeUrl }}'));
}

/** How old n8n's copy of the execution may be to be handed over unasked, in milliseconds. */
const FRESH = 1000;

/**
 * Whether another process of n8n has let the execution go on while files were fetched here. n8n itself refuses
 * what is outdated, but not where the execution waits anew, for another node.
 */
async function hasGoneOn(
	this: IWebhookFunctions,
	{ suspension, started, cameAt }: Admitted,
): Promise<boolean> {
	if (Date.now() - cameAt < FRESH) return false;
	const status = await callOurselves.call(this, ownAddress(this), {
		runId: suspension.id,
		started,
	});
	// n8n's own answers: 409 where it runs or has ended, 404 where another node waits.
	return status === OTHER_WAIT || status === 409 || status === 404;
}

type Reading = Finished | Outcome;

function runIdsOf({ items }: Suspension): string[] {
	return items.flatMap((item) => ('runId' in item ? [item.runId] : []));
}

/** What has become of all items; undefined where Runflow does not show one of their runs clearly. */
async function readItems(
	this: IWebhookFunctions,
	admitted: Admitted,
): Promise<Reading[] | undefined> {
	const { suspension, started } = admitted;
	const runIds = runIdsOf(suspension);
	const listed = await lookIfMany.call(this, runIds, started);
	const read = await severalAtOnce(
		suspension.items,
		async (item, itemIndex) => await readItem.call(this, item, itemIndex, { started, listed }),
	);
	return areClear(read) ? read : undefined;
}

/** Pauses between looks while Runflow gives no clear answer, in milliseconds; the last one again and again. */
const PATIENCE = [1000, 2000, 4000, 8000, 16_000, 32_000];
/** How much later each look may be, so that those of many executions do not come at once: a share of the pause. */
const SPREAD = 0.5;

/**
 * Asks on in the name of one callback until Runflow answers clearly, or the wait is over. Then n8n is called
 * anew: what this request has loaded of the execution may be outdated by now, and handing that over would
 * undo what the execution has done since.
 * @returns whether all is done; not where n8n does not reach itself, so that this request has to do it
 */
async function askOn(
	this: IWebhookFunctions,
	runIds: string[],
	progress: Progress,
	admitted: Admitted,
): Promise<boolean> {
	const { suspension, started } = admitted;
	const address = ownAddress(this);
	progress.asking = true;
	try {
		for (let looks = 0; Date.now() < suspension.till; looks++) {
			const ms = PATIENCE[Math.min(looks, PATIENCE.length - 1)] ?? 0;
			await idle(ms * (1 + SPREAD * Math.random()));
			// Another callback has been taken meanwhile.
			if (progress.resuming?.handedOver !== undefined) return true;
			const found = await findUnfinished.call(this, runIds, progress, admitted);
			if (found === 'unfinished') return true;
			if (found === 'unclear' || (await readItems.call(this, admitted)) === undefined) continue;
			const status = await callOurselves.call(this, address, { runId: admitted.runId, started });
			if (status === undefined) return false;
			if (status < 500 && status !== STAYS) return true;
		}
		return true;
	} finally {
		progress.asking = false;
	}
}

/** What the execution goes on with: the items of the runs; or, where one makes the node fail, its input. */
async function itemsOf(
	this: IWebhookFunctions,
	read: Reading[],
	{ started }: Admitted,
): Promise<INodeExecutionData[]> {
	const mayFail = !continues(this);
	if (mayFail && read.some(isFailure)) {
		const input = runAgain(this);
		if (input !== undefined) return input;
	}
	const outcomes = await severalAtOnce(read, async (item, itemIndex) => {
		if (isFailure(item) || 'json' in item) return item;
		const finish = { ...item.wishes, itemIndex, started, stopped: undefined };
		return await finishedItem.call(this, item.record, finish);
	});
	if (mayFail && outcomes.some(isFailure)) {
		const input = runAgain(this);
		if (input !== undefined) return input;
	}
	// Where the node continues, n8n itself sends the error items to the error output.
	return outcomes.map((outcome, itemIndex) =>
		isFailure(outcome) ? errorItem(outcome, itemIndex) : outcome,
	);
}

/** Whether a run has not ended yet. They are looked at until one is found. */
async function findUnfinished(
	this: IWebhookFunctions,
	runIds: string[],
	progress: Progress,
	admitted: Admitted,
): Promise<Found> {
	const { started } = admitted;
	// Most often it is the same one as before.
	const found = await lookAtEach.call(
		this,
		[progress.pending ?? admitted.runId],
		progress,
		started,
	);
	if (found !== 'all ended') return found;

	const others = runIds.filter((runId) => !progress.ended.has(runId));
	const listed = await lookIfMany.call(this, others, started);
	const [unfinished] = [...listed].find(([, run]) => !isTerminal(readRunStatus(run))) ?? [];
	for (const [runId, run] of listed) {
		if (isTerminal(readRunStatus(run))) progress.ended.add(runId);
	}
	// Nobody looks again after the last callback: that a run goes on is not believed to a list that may lag behind.
	const ordered = unfinished === undefined ? others : [unfinished, ...others];
	return await lookAtEach.call(this, ordered, progress, started);
}

async function lookAtEach(
	this: IWebhookFunctions,
	runIds: string[],
	progress: Progress,
	started: Started,
): Promise<Found> {
	for (const runId of runIds) {
		if (progress.ended.has(runId)) continue;
		const seen = await lookAgain.call(this, runId, { started, itemIndex: 0 }, undefined);
		if ('retryAfter' in seen) return 'unclear';
		if (!hasEnded(seen)) {
			progress.pending = runId;
			return 'unfinished';
		}
		// A run that Runflow does not show is not worth waiting for either: its item becomes an error.
		progress.ended.add(runId);
	}
	return 'all ended';
}

/** An item whose run has a result, and what the user wants of it. */
interface Finished {
	record: IDataObject;
	wishes: Pick<Settings, 'simplify' | 'downloadInto'>;
}
type Outcome = INodeExecutionData | Failure;

/** What has become of an item. */
async function readItem(
	this: IWebhookFunctions,
	item: SuspendedItem,
	itemIndex: number,
	{ started, listed }: Pick<Admitted, 'started'> & { listed: ReadonlyMap<string, IDataObject> },
): Promise<Reading | 'unclear'> {
	if ('failed' in item) return { json: item.failed, pairedItem: { item: itemIndex } };
	const shown = listed.get(item.runId);
	const inList: Look | undefined = shown && { record: shown };
	const from = { started, itemIndex };
	// A callback may be ahead of what the API shows.
	const seen =
		inList !== undefined && hasEnded(inList)
			? inList
			: await lookAgain.call(this, item.runId, from, undefined, hasEnded);
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

/** Whether failed items are handed on as such. n8n reads the older setting only where the newer is missing. */
function continues(context: IWebhookFunctions): boolean {
	const { onError, continueOnFail } = context.getNode();
	return onError === undefined ? continueOnFail === true : onError.startsWith('continue');
}
