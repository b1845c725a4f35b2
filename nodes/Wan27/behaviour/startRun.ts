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
	explainUnreadable,
	neverSent,
	type ApiErrorText,
} from '../../runflow/apiError';
import { isObject } from '../../runflow/json';
import { findStarted } from '../../runflow/match';
import { readRunId } from '../../runflow/run';
import { fetchJson, fetchRun, isPassing, isRunRecord, reply } from './answer';
import { takenRuns, type Entry } from './ledger';
import { apiError } from './runErrors';

/** How many of the newest runs are looked through for one that may have been started. */
const RUNS_LOOKED_THROUGH = 100;
/** When to look for it, in milliseconds after the answer failed to come. */
const LOOK_AFTER = [250, 1000, 2500];

/**
 * The item's run: the one that it has started already, or a new one. A request that got no clear answer
 * is never simply sent again: Runflow's list of runs is asked first whether a run came of it.
 *
 * @param gathered the request in its final form
 * @param entry what the item has started so far; it is kept up to date
 * @returns the run's record, or the error that tells what is known of the run
 */
export async function startRun(
	this: IExecutePaginationFunctions,
	gathered: DeclarativeRestApiSettings.ResultOptions,
	entry: Entry,
): Promise<IDataObject | NodeApiError> {
	const request = gathered.options as IHttpRequestOptions;
	if (entry.runId !== undefined) return await lookUp.call(this, request, entry.runId);

	if (entry.doubtSince !== undefined) {
		const found = await search.call(this, request, entry, entry.doubtSince, [0]);
		if (found === 'unclear') {
			return fail.call(this, explainSilence('', 'start'));
		}
		if (found !== 'none') return found;
	}

	const since = Date.now();
	entry.doubtSince = since;
	const started = await reply(async () => await this.makeRoutingRequest(gathered));
	const outcome = judge(started);
	if ('record' in outcome) return adopt(entry, outcome.record);
	const { text, mayBeStarted, httpCode } = outcome;
	if (!mayBeStarted) {
		delete entry.doubtSince;
		return fail.call(this, text, httpCode);
	}

	const found = await search.call(this, request, entry, since, LOOK_AFTER);
	if (found === 'unclear') return fail.call(this, text, httpCode);
	if (found !== 'none') return found;
	delete entry.doubtSince;
	return fail.call(this, { ...text, description: NOT_LISTED }, httpCode);
}

const NOT_LISTED =
	"Runflow's list of runs does not show the run, so it was not started. Run the item again.";

type Judged =
	{ record: IDataObject } | { text: ApiErrorText; mayBeStarted: boolean; httpCode?: string };

function judge(started: Awaited<ReturnType<typeof reply>>): Judged {
	if ('silence' in started) {
		const { silence } = started;
		return { text: explainSilence(silence, 'start'), mayBeStarted: !neverSent(silence) };
	}
	const { answer } = started;
	if (isRunRecord(answer)) return { record: answer.body };
	const { statusCode } = answer;
	const accepted = statusCode >= 200 && statusCode < 300;
	return {
		text: accepted ? explainUnreadable(answer, 'start') : explainAnswer(answer, 'start'),
		mayBeStarted: accepted || (statusCode >= 500 && statusCode !== 503),
		httpCode: String(statusCode),
	};
}

/** A run that an earlier try has started. Where it cannot be read just now, its id still can be waited for. */
async function lookUp(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	runId: string,
): Promise<IDataObject | NodeApiError> {
	const seen = await fetchRun.call(this, runId, request);
	if ('silence' in seen || isPassing(seen.answer.statusCode)) {
		return 'answer' in seen && isRunRecord(seen.answer) ? seen.answer.body : { id: runId };
	}
	const { answer } = seen;
	return isRunRecord(answer)
		? answer.body
		: apiError(this.getNode(), explainAnswer(answer, 'read'), {
				itemIndex: this.getItemIndex(),
				httpCode: String(answer.statusCode),
				runId,
			});
}

async function search(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	entry: Entry,
	since: number,
	lookAfter: number[],
): Promise<IDataObject | 'none' | 'unclear'> {
	let latest: IDataObject | 'none' | 'unclear' = 'unclear';
	for (const delay of lookAfter) {
		await sleep(delay);
		if (this.getExecutionCancelSignal()?.aborted === true) return 'unclear';
		const seen = await fetchJson.call(this, '/v1/runs', request, {
			limit: RUNS_LOOKED_THROUGH,
			sort_by: 'created_at:desc',
		});
		// A key that may not read runs will not be able to in a second either.
		if ('answer' in seen && !isPassing(seen.answer.statusCode)) return 'unclear';
		const items =
			'answer' in seen && seen.answer.statusCode === 200 && isObject(seen.answer.body)
				? seen.answer.body.items
				: undefined;
		if (!Array.isArray(items)) continue;
		const body = isObject(request.body) ? request.body : {};
		latest = findStarted(items.filter(isObject), { body, since }, takenRuns(this));
		if (typeof latest !== 'string') return adopt(entry, latest);
	}
	return latest;
}

function adopt(entry: Entry, record: IDataObject): IDataObject {
	const runId = readRunId(record);
	if (runId !== undefined) entry.runId = runId;
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
