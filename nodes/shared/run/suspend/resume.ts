import {
	type IDataObject,
	type INodeExecutionData,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { readCallbackRunId } from '../../webhook/callback';
import { isSuccessful, isTerminal, readRunStatus } from '../../api/run';
import { runAgain } from '../../n8n/suspendedExecution';
import { callbackAddress } from '../../webhook/callbackAddress';
import { verify } from '../../webhook/verify';
import { answerWith, refuse, type Refusal } from '../../webhook/respond';
import type { Connection } from '../../api/client';
import { postToResumeUrl } from './postToResumeUrl';
import { isResuming, progressOf, type Found, type Progress } from './callbackProgress';
import { finishedItem } from '../output/finishedItem';
import { coalesce } from '../../async/coalesce';
import { getRunWithRetry, type GetRunResult } from '../read/getRun';
import { listRuns } from '../read/listRuns';
import { errorItem, isFailure, runFailedError, type Failure } from '../read/itemErrors';
import type { Settings } from '../nodeRun/settings';
import { mapConcurrent } from '../../async/mapConcurrent';
import { isSuspensionId, suspensionOf, type SuspendedItem, type Suspension } from './suspension';
import { idle } from '../../async/pause';
import { readTransportOptions } from './transportOptions';

/**
 * A callback for an execution that is suspended. Once all runs of its node have ended, the execution goes
 * on with their items; until then it stays suspended, whatever is sent. What a callback says is only a
 * reason to look: the items are made of what the API says of the runs.
 *
 * It never throws: n8n would let the execution go on with an empty item then.
 * @see docs/n8n-engine.md, "Resuming"
 */
export async function resumeOnCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const found = await findSuspension(context);
		if ('refuse' in found) return refuse(context, found.refuse);
		return await handleCallback(context, found);
	} catch (error) {
		return refuse(context, {
			status: 503,
			reason: 'The callback could not be handled now',
			detail: error instanceof Error ? error.name : typeof error,
		});
	}
}

/** A callback that was let in. */
interface CallbackToHandle {
	suspension: Suspension;
	connection: Connection;
	runId: string;
	/** When it came (ms since 1970): what n8n has loaded of the execution is that old. */
	cameAt: number;
	/** Whether the callback says that its run has ended, and whether it is signed. */
	saysEnded: boolean;
	isVerified: boolean;
}

/** What a callback is for. */
async function findSuspension(
	context: IWebhookFunctions,
): Promise<CallbackToHandle | { refuse: Refusal }> {
	const cameAt = Date.now();
	const verified = await verify(context, {
		// Without a secret the signed address of the execution, which n8n has checked, is all there is.
		acceptUnsigned: true,
		readCredentials: async () => await context.getCredentials('runflowApi'),
	});
	if ('refuse' in verified) return verified;
	const { callback, isVerified, baseUrl } = verified;
	const suspension = suspensionOf(context);
	if (suspension === undefined) {
		return { refuse: { status: 409, reason: 'Nothing is waited for here' } };
	}
	return {
		suspension,
		cameAt,
		connection: { ...readTransportOptions(context), baseURL: baseUrl },
		runId: readCallbackRunId(callback) ?? '',
		saysEnded: isTerminal(readRunStatus(callback)),
		isVerified,
	};
}

async function handleCallback(
	context: IWebhookFunctions,
	received: CallbackToHandle,
): Promise<IWebhookResponseData> {
	const { suspension, runId } = received;
	const runIds = runIdsOf(suspension);
	if (runId === suspension.id) return answerWith(context, 200, 'It is waited for');
	if (isSuspensionId(runId)) return answerWith(context, OTHER_WAIT, 'Another wait has begun');
	if (!runIds.includes(runId)) return answerWith(context, 200, 'This run is not waited for');
	const progress = progressOf(suspension.id);
	const { saysEnded, isVerified } = received;
	if (saysEnded) progress[isVerified ? 'ended' : 'unverified'].add(runId);

	const found = await coalesce(
		progress,
		async () => await findUnfinished(context, runIds, progress, received),
	);
	if (found === 'unfinished') {
		// Nobody vouches for its end; but the API may lag behind, and this may be the last callback.
		return saysEnded && progress.unverified.has(progress.pending ?? '')
			? answerWith(context, 503, UNCLEAR)
			: answerWith(context, STAYS, 'Other runs have not ended');
	}
	if (found === 'all ended') {
		if (isResuming(progress, received.cameAt)) {
			return (await progress.resuming?.clear) === true
				? answerWith(context, 200, 'The execution goes on already')
				: answerWith(context, 503, UNCLEAR);
		}
		const resumed = await resumeExecution(context, received, progress);
		if (resumed !== undefined) return resumed;
	}
	// Runflow is to send it again; but it may give up before its own API answers.
	const answered = answerWith(context, 503, UNCLEAR);
	if (progress.asking || (await pollUntilClear(context, runIds, progress, received)))
		return answered;
	return isResuming(progress, received.cameAt)
		? answered
		: ((await resumeExecution(context, received, progress)) ?? answered);
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
async function resumeExecution(
	context: IWebhookFunctions,
	received: CallbackToHandle,
	progress: Progress,
): Promise<IWebhookResponseData | undefined> {
	const reading = readItems(context, received);
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
		const answered = answerWith(context, 200, 'The execution goes on');
		const output = await itemsOf(context, read, received);
		// It has gone on by itself: what is handed over now would undo what it has done since.
		if (Date.now() >= received.suspension.till) return answered;
		if (await hasResumed(context, received)) return answered;
		progress.ended.clear();
		resuming.handedOver = Date.now();
		return { ...answered, workflowData: [output] };
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
async function hasResumed(
	context: IWebhookFunctions,
	{ suspension, connection, cameAt }: CallbackToHandle,
): Promise<boolean> {
	if (Date.now() - cameAt < FRESH) return false;
	const status = await postToResumeUrl(context, ownAddress(context), {
		runId: suspension.id,
		connection,
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
	context: IWebhookFunctions,
	received: CallbackToHandle,
): Promise<Reading[] | undefined> {
	const { suspension, connection } = received;
	const runIds = runIdsOf(suspension);
	const listed = await listRuns(context, runIds, connection);
	const read = await mapConcurrent(
		suspension.items,
		async (item, itemIndex) => await readItem(context, item, itemIndex, { connection, listed }),
	);
	return areClear(read) ? read : undefined;
}

/** Milliseconds between requests while Runflow gives no clear answer; the last one is repeated. */
const RETRY_DELAYS = [1000, 2000, 4000, 8000, 16_000, 32_000];
/** How much later each request may be, as a share of the delay, so that those of many executions do not come at once. */
const SPREAD = 0.5;

/**
 * Asks on in the name of one callback until Runflow answers clearly, or the wait is over. Then n8n is called
 * anew: what this request has loaded of the execution may be outdated by now, and handing that over would
 * undo what the execution has done since.
 * @returns whether all is done; not where n8n does not reach itself, so that this request has to do it
 */
async function pollUntilClear(
	context: IWebhookFunctions,
	runIds: string[],
	progress: Progress,
	received: CallbackToHandle,
): Promise<boolean> {
	const { suspension, connection } = received;
	const address = ownAddress(context);
	progress.asking = true;
	try {
		for (let polls = 0; Date.now() < suspension.till; polls++) {
			const ms = RETRY_DELAYS[Math.min(polls, RETRY_DELAYS.length - 1)] ?? 0;
			await idle(ms * (1 + SPREAD * Math.random()));
			// Another callback has been taken meanwhile.
			if (progress.resuming?.handedOver !== undefined) return true;
			const found = await findUnfinished(context, runIds, progress, received);
			if (found === 'unfinished') return true;
			if (found === 'unclear' || (await readItems(context, received)) === undefined) continue;
			const status = await postToResumeUrl(context, address, {
				runId: received.runId,
				connection,
			});
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
	context: IWebhookFunctions,
	read: Reading[],
	{ connection }: CallbackToHandle,
): Promise<INodeExecutionData[]> {
	const mayFail = !continues(context);
	if (mayFail && read.some(isFailure)) {
		const input = runAgain(context);
		if (input !== undefined) return input;
	}
	const outcomes = await mapConcurrent(read, async (item, itemIndex) => {
		if (isFailure(item) || 'json' in item) return item;
		const finish = { ...item.outputOptions, itemIndex, connection, stopped: undefined };
		return await finishedItem(context, item.record, finish);
	});
	if (mayFail && outcomes.some(isFailure)) {
		const input = runAgain(context);
		if (input !== undefined) return input;
	}
	// Where the node continues, n8n itself sends the error items to the error output.
	return outcomes.map((outcome, itemIndex) =>
		isFailure(outcome) ? errorItem(outcome, itemIndex) : outcome,
	);
}

/** Whether a run has not ended yet. They are looked at until one is found. */
async function findUnfinished(
	context: IWebhookFunctions,
	runIds: string[],
	progress: Progress,
	received: CallbackToHandle,
): Promise<Found> {
	const { connection } = received;
	// Most often it is the same one as before.
	const found = await readEach(context, [progress.pending ?? received.runId], progress, connection);
	if (found !== 'all ended') return found;

	const others = runIds.filter((runId) => !progress.ended.has(runId));
	const listed = await listRuns(context, others, connection);
	const [unfinished] = [...listed].find(([, run]) => !isTerminal(readRunStatus(run))) ?? [];
	for (const [runId, run] of listed) {
		if (isTerminal(readRunStatus(run))) progress.ended.add(runId);
	}
	// Nobody looks again after the last callback: that a run goes on is not believed to a list that may lag behind.
	const ordered = unfinished === undefined ? others : [unfinished, ...others];
	return await readEach(context, ordered, progress, connection);
}

async function readEach(
	context: IWebhookFunctions,
	runIds: string[],
	progress: Progress,
	connection: Connection,
): Promise<Found> {
	for (const runId of runIds) {
		if (progress.ended.has(runId)) continue;
		const seen = await getRunWithRetry(context, runId, { connection, itemIndex: 0 }, undefined);
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
	outputOptions: Pick<Settings, 'simplify' | 'downloadInto'>;
}
type Outcome = INodeExecutionData | Failure;

/** What has become of an item. */
async function readItem(
	context: IWebhookFunctions,
	item: SuspendedItem,
	itemIndex: number,
	{
		connection,
		listed,
	}: Pick<CallbackToHandle, 'connection'> & { listed: ReadonlyMap<string, IDataObject> },
): Promise<Reading | 'unclear'> {
	if ('failed' in item) return { json: item.failed, pairedItem: { item: itemIndex } };
	const shown = listed.get(item.runId);
	const inList: GetRunResult | undefined = shown && { record: shown };
	const from = { connection, itemIndex };
	// A callback may be ahead of what the API shows.
	const seen =
		inList !== undefined && hasEnded(inList)
			? inList
			: await getRunWithRetry(context, item.runId, from, undefined, hasEnded);
	if ('failure' in seen) return seen.failure;
	if (!('record' in seen) || !hasEnded(seen)) return 'unclear';
	const { record } = seen;
	const { simplify, downloadInto } = item;
	return isSuccessful(readRunStatus(record))
		? { record, outputOptions: { simplify, downloadInto } }
		: runFailedError(context.getNode(), record, itemIndex);
}

function hasEnded(seen: GetRunResult): boolean {
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
