import {
	sleep,
	type DeclarativeRestApiSettings,
	type IDataObject,
	type IExecutePaginationFunctions,
	type IHttpRequestOptions,
	type NodeApiError,
} from 'n8n-workflow';

import {
	explainAnswer,
	explainSilence,
	mayHaveActed,
	neverSent,
	type ApiAnswer,
	type ApiErrorText,
} from '../../runflow/apiError';
import { asText, isObject } from '../../runflow/json';
import { findStarted, type RunsPage } from '../../runflow/match';
import { readRunId } from '../../runflow/run';
import { fetchRun, isPassing, isRunRecord, reply, type Reply } from '../../runflow/api';
import { fetchNewestRuns, LONGEST_PAGE, readRuns } from '../../runflow/newestRuns';
import { setBodyValue } from './body';
import {
	claimRun,
	countInDoubt,
	countInFlight,
	isClaimed,
	whileInDoubt,
	whileInFlight,
} from './claims';
import { digest, isTaken, type Entry } from './ledger';
import { apiError, type Failure } from './runErrors';
import type { Settings } from './settings';
import { uploadFiles } from './uploadFiles';

/** When to look for it, in milliseconds after the answer failed to come. */
const LOOK_AFTER = [250, 1000, 2500];
/** How long to wait for the answers to requests alike before looking, in milliseconds. */
const LONGEST_FLIGHT = 60_000;

/**
 * The item's run: the one that it has started already, or a new one. A request that got no clear answer
 * is never simply sent again: Runflow's list of runs is asked first whether a run came of it.
 *
 * @param gathered the request in its final form
 * @param entry what the item has started so far; it is kept up to date
 * @param settings how the model is told of the item's binary files, which are uploaded first; and whether
 * the run is waited for
 * @returns the run's record, or the error that tells what is known of the run
 */
export async function startRun(
	this: IExecutePaginationFunctions,
	gathered: DeclarativeRestApiSettings.ResultOptions,
	entry: Entry,
	{ assetForm, completion }: Pick<Settings, 'assetForm' | 'completion'>,
): Promise<IDataObject | Failure> {
	const request = gathered.options as IHttpRequestOptions;
	if (entry.runId !== undefined) {
		return await lookUp.call(this, request, entry.runId, completion !== 'immediately');
	}

	const notUploaded = await uploadFiles.call(this, request, entry, assetForm);
	if (notUploaded !== undefined) return notUploaded;

	const body = bodyText(request);
	// The address to call back belongs to the execution: the same run asked for by a retry has another one.
	const asked = completion === 'callback' ? withoutCallback(request) : request;
	if (entry.doubtSince !== undefined) {
		// What is in doubt is the request of then, not one whose expressions give something else now.
		const same = entry.doubtOf === digest(bodyText(asked));
		const found = same
			? await search.call(this, asked, entry, entry.doubtSince, [0], 'earlier')
			: 'unclear';
		if (found === 'unclear') return fail.call(this, explainSilence('', 'start'));
		if (found !== 'none') return found;
		delete entry.doubtSince;
	}
	if (isStopped(this)) return fail.call(this, NOT_SENT);

	const since = Date.now();
	entry.doubtSince = since;
	entry.doubtOf = digest(bodyText(asked));
	const started = await whileInFlight(body, async () => {
		const answered = await reply(async () => await this.makeRoutingRequest(gathered));
		const judged = judge(answered);
		if ('record' in judged) adopt(entry, judged.record);
		return judged;
	});
	if ('record' in started) return started.record;
	const { text, mayBeStarted, httpCode } = started;
	if (!mayBeStarted) {
		delete entry.doubtSince;
		return fail.call(this, text, httpCode);
	}

	const found = await search.call(this, request, entry, since, LOOK_AFTER);
	if (found === 'unclear') return fail.call(this, text, httpCode);
	if (found !== 'none') return found;
	delete entry.doubtSince;
	return fail.call(
		this,
		httpCode === '409' ? text : { ...text, description: NOT_LISTED },
		httpCode,
	);
}

const NOT_LISTED =
	"Runflow's list of runs does not show the run, so it was not started. Run the item again.";

/** The word canceled makes n8n store the execution as such. */
const NOT_SENT: ApiErrorText = {
	message: 'The request was canceled before it was sent',
	description: 'No run was started.',
};

type Judged =
	{ record: IDataObject } | { text: ApiErrorText; mayBeStarted: boolean; httpCode?: string };

function judge(started: Reply): Judged {
	if ('silence' in started) {
		const { silence } = started;
		return { text: explainSilence(silence, 'start'), mayBeStarted: !neverSent(silence) };
	}
	const { answer } = started;
	if (isRunRecord(answer)) return { record: answer.body };
	return {
		text: explainAnswer(answer, 'start'),
		mayBeStarted: mayHaveActed(answer),
		httpCode: String(answer.statusCode),
	};
}

/** A run that an earlier try has started. */
async function lookUp(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	runId: string,
	waits: boolean,
): Promise<IDataObject | Failure> {
	const seen = await fetchRun.call(this, runId, request);
	if ('answer' in seen && isRunRecord(seen.answer)) return seen.answer.body;
	// A fault that passes: whoever waits for the run will see it yet.
	if (waits && ('silence' in seen || isPassing(seen.answer.statusCode))) return { id: runId };
	const text =
		'silence' in seen ? explainSilence(seen.silence, 'read') : explainAnswer(seen.answer, 'read');
	return apiError(this.getNode(), text, { itemIndex: this.getItemIndex(), runId });
}

async function search(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	entry: Entry,
	since: number,
	lookAfter: number[],
	doubt: 'own' | 'earlier' = 'own',
): Promise<IDataObject | 'none' | 'unclear'> {
	const body = bodyText(request);
	return await whileInDoubt(body, async () => {
		let latest: IDataObject | 'none' | 'unclear' = 'unclear';
		for (const delay of lookAfter) {
			await sleep(delay);
			if (!(await othersAnswered(this, body))) return 'unclear';
			const seen = await fetchNewestRuns.call(this, { limit: LONGEST_PAGE }, request);
			// A key that may not read runs will not be able to in a second either.
			if ('answer' in seen && !isPassing(seen.answer.statusCode)) return 'unclear';
			const page = 'answer' in seen ? readPage(seen.answer) : undefined;
			if (page === undefined) continue;
			latest = findStarted(
				page,
				{ body: isObject(request.body) ? request.body : {}, since, alike: countInDoubt(body) },
				(runId) => (doubt === 'own' && isClaimed(runId)) || isTaken(this, runId),
			);
			// Another retry of this very execution may have found the run before.
			if (typeof latest !== 'string' && isClaimed(readRunId(latest) ?? '')) return 'unclear';
			if (typeof latest !== 'string') return adopt(entry, latest);
		}
		return latest;
	});
}

/** Waits until no request alike is under way: its run would be taken for the one that is looked for. */
async function othersAnswered(
	context: IExecutePaginationFunctions,
	body: string,
): Promise<boolean> {
	const deadline = Date.now() + LONGEST_FLIGHT;
	while (countInFlight(body) > 0) {
		if (isStopped(context) || Date.now() > deadline) return false;
		await sleep(50);
	}
	return !isStopped(context);
}

function readPage(answer: ApiAnswer): RunsPage | undefined {
	const page = readRuns(answer);
	if (page === undefined) return undefined;
	const clock = Date.parse(asText(answer.headers.date));
	return {
		runs: page.runs,
		isWhole: page.isWhole,
		limit: LONGEST_PAGE,
		clockAhead: Number.isNaN(clock) ? undefined : clock - Date.now(),
	};
}

function withoutCallback(request: IHttpRequestOptions): IHttpRequestOptions {
	const asked = { ...request, body: isObject(request.body) ? { ...request.body } : {} };
	setBodyValue(asked, 'callback_url', undefined);
	return asked;
}

function bodyText({ body }: IHttpRequestOptions): string {
	return JSON.stringify(body);
}

function isStopped(context: IExecutePaginationFunctions): boolean {
	return context.getExecutionCancelSignal()?.aborted === true;
}

function adopt(entry: Entry, record: IDataObject): IDataObject {
	const runId = readRunId(record);
	if (runId !== undefined) {
		entry.runId = runId;
		entry.startedIn = entry.executionId;
		claimRun(runId);
	}
	delete entry.doubtSince;
	return record;
}

function fail(
	this: IExecutePaginationFunctions,
	text: ApiErrorText,
	httpCode?: string,
): NodeApiError {
	return apiError(this.getNode(), text, {
		itemIndex: this.getItemIndex(),
		...(httpCode === undefined ? {} : { httpCode }),
	});
}
