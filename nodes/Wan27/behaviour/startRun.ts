import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	NodeApiError,
} from 'n8n-workflow';

import { fetchRun, isRunRecord, reply, type Reply } from '../../runflow/api';
import {
	explainAnswer,
	explainSilence,
	mayHaveActed,
	neverSent,
	type ApiErrorText,
} from '../../runflow/apiError';
import { isObject } from '../../runflow/json';
import { setBodyValue } from './body';
import { whileInFlight } from './claims';
import { digest, isNew, type Doubt, type Entry } from './ledger';
import { limits } from './limits';
import { mayPass } from './lookAtRun';
import { apiError, type Failure } from './runErrors';
import { adoptRun, bodyText, isStopped, searchByName, searchRun } from './searchRun';
import type { Settings } from './settings';
import { areFresh, uploadFiles } from './uploadFiles';

/** When to look for a run whose start got no answer, as shares of the time until it is shown. */
const LOOKS = [1 / 60, 1 / 12, 1 / 4, 1];
/** When to look again after a timeout, as shares of the time until Runflow has handled the start. */
const LATER_LOOKS = [7 / 12, 1];

/** How long to wait before each look, in milliseconds. */
function pausesBetweenLooks(mayBeAtWork: boolean): number[] {
	const { runShown, startHandled } = limits;
	const times = [
		...LOOKS.map((share) => share * runShown),
		...(mayBeAtWork ? LATER_LOOKS.map((share) => share * startHandled) : []),
	];
	return times.map((time, index) => time - (times[index - 1] ?? 0));
}

/**
 * The item's run: the one that it has started already, or a new one. A request that got no clear answer
 * is never simply sent again: Runflow's list of runs is asked first whether a run came of it.
 *
 * @param gathered the request in its final form
 * @param entry what the item has started so far; it is kept up to date
 * @param settings how the model is told of the item's binary files, which are uploaded first; whether the run is
 * waited for; whether the Idempotency Key is the user's own; and whether n8n has given up on the item, so that
 * nothing would keep what it starts
 * @returns the run's record, or the error that tells what is known of the run; undefined where nothing is started for
 * nobody
 */
export async function startRun(
	this: IExecutePaginationFunctions,
	gathered: DeclarativeRestApiSettings.ResultOptions,
	entry: Entry,
	{
		assetForm,
		completion,
		hasOwnKey,
		isLeft,
	}: Pick<Settings, 'assetForm' | 'completion'> & { hasOwnKey: boolean; isLeft: () => boolean },
): Promise<IDataObject | Failure | undefined> {
	const request = gathered.options as IHttpRequestOptions;
	const waits = completion !== 'immediately';
	if (entry.runId !== undefined) return await lookUp.call(this, request, entry, waits);
	if (entry.doubt === undefined && isStopped(this)) return fail.call(this, NOT_SENT);

	const notUploaded = await uploadFiles.call(this, request, entry, assetForm);
	if (notUploaded !== undefined) return notUploaded;

	const body = bodyText(request);
	// The address to call back belongs to the execution: the same run asked for by a retry has another one.
	const asked = completion === 'callback' ? withoutCallback(request) : request;
	if (entry.doubt !== undefined) {
		const found = await searchEarlier.call(this, asked, entry, entry.doubt);
		if (typeof found !== 'string') return found;
		// An earlier try's own request may have been answered meanwhile.
		if (hasRun(entry)) return await lookUp.call(this, request, entry, waits);
		if (found === 'unclear') return fail.call(this, STILL_IN_DOUBT);
		delete entry.doubt;
		// What was kept for the search may be too old to be sent.
		if (!areFresh(entry, assetForm)) return fail.call(this, NOT_FOUND);
	}
	if (isLeft()) return undefined;
	if (isStopped(this)) return fail.call(this, NOT_SENT);

	const since = Date.now();
	const doubt: Doubt = { since, of: digest(bodyText(asked)) };
	entry.doubt = doubt;
	const started = await whileInFlight(body, async () => {
		const answered = await reply(
			async () => await this.makeRoutingRequest(gathered),
			Number(request.timeout) || N8N_TIMEOUT,
			body.length,
		);
		const judged = judge(answered);
		if ('record' in judged) adoptRun(entry, judged.record, entry.executionId);
		else if (!judged.gaveUp && !isStopped(this)) doubt.settledAt = Date.now();
		return judged;
	});
	if ('record' in started) return started.record;
	const { text, mayBeStarted, gaveUp, httpCode } = started;
	if (!mayBeStarted) {
		settle(entry, doubt);
		return fail.call(this, text, httpCode);
	}

	// A key of ours is that of this execution alone: no run of another one goes by it.
	const known =
		hasOwnKey && httpCode === '409' ? await searchByName.call(this, asked, entry) : undefined;
	if (known !== undefined) return known;
	const pauses = pausesBetweenLooks(gaveUp && Date.now() - since < limits.startHandled);
	const found = await searchRun.call(this, request, entry, since, pauses);
	if (found === 'unclear') return fail.call(this, text, httpCode);
	if (found !== 'none') return found;
	settle(entry, doubt);
	return fail.call(
		this,
		httpCode === '409' ? text : { ...text, description: NOT_LISTED },
		httpCode,
	);
}

/** Looks for what came of a request of an earlier try or execution, until nobody can be at work on it any more. */
async function searchEarlier(
	this: IExecutePaginationFunctions,
	asked: IHttpRequestOptions,
	entry: Entry,
	doubt: Doubt,
): Promise<IDataObject | 'none' | 'unclear'> {
	// What is in doubt is the request of then, not one whose expressions give something else now.
	if (doubt.of !== digest(bodyText(asked))) return 'unclear';
	const found = await searchRun.call(this, asked, entry, doubt.since, [0], 'earlier');
	const { since, settledAt } = doubt;
	const shownBy =
		settledAt === undefined ? since + limits.startHandled : settledAt + limits.runShown;
	const rest = shownBy - Date.now();
	if (found !== 'none' || rest <= 0 || hasRun(entry)) return found;
	return await searchRun.call(this, asked, entry, doubt.since, [rest], 'earlier');
}

/** Whether the item has its run by now. */
function hasRun({ runId }: Entry): boolean {
	return runId !== undefined;
}

/** No run came of the request in doubt. That of another try, which has the same entry, is another one. */
function settle(entry: Entry, doubt: Doubt): void {
	if (entry.doubt === doubt) delete entry.doubt;
}

/** How long n8n waits for a request that the user has set no time-out for, in milliseconds. An expression may give anything. */
const N8N_TIMEOUT = 300_000;

const NOT_LISTED =
	"Runflow's list of runs does not show the run, so it was not started. Run the item again.";

/** Said of a start in doubt that an earlier try has left behind. */
const STILL_IN_DOUBT: ApiErrorText = {
	...explainSilence('', 'start'),
	message: 'It is still not known whether an earlier try has started the run',
};
const NOT_FOUND: ApiErrorText = {
	message: 'No run of an earlier try was found',
	description: NOT_LISTED,
};

/** The word canceled makes n8n store the execution as such. */
const NOT_SENT: ApiErrorText = {
	message: 'The request was canceled before it was sent',
	description: 'No run was started.',
};

type Judged = { record: IDataObject } | Unstarted;

/** A start that gave no record. */
interface Unstarted {
	text: ApiErrorText;
	mayBeStarted: boolean;
	/** Whether the answer was not waited for any longer, here or by a gateway. */
	gaveUp: boolean;
	httpCode?: string;
}

const TIMED_OUT: ReadonlySet<string> = new Set(['ECONNABORTED', 'ETIMEDOUT']);
/** What gateways answer when they wait no longer; 524 is a common one's own. */
const GATEWAY_TIMEOUTS: ReadonlySet<number> = new Set([408, 504, 524]);

function judge(started: Reply): Judged {
	if ('silence' in started) {
		const { silence } = started;
		return {
			text: explainSilence(silence, 'start'),
			mayBeStarted: !neverSent(silence),
			gaveUp: TIMED_OUT.has(silence),
		};
	}
	const { answer } = started;
	if (isRunRecord(answer)) return { record: answer.body };
	return {
		text: explainAnswer(answer, 'start'),
		mayBeStarted: mayHaveActed(answer),
		gaveUp: GATEWAY_TIMEOUTS.has(answer.statusCode),
		httpCode: String(answer.statusCode),
	};
}

/** A run that an earlier try has started. */
async function lookUp(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	entry: Entry,
	waits: boolean,
): Promise<IDataObject | Failure> {
	const runId = entry.runId ?? '';
	const seen = await fetchRun.call(this, runId, request);
	if ('answer' in seen && isRunRecord(seen.answer)) return seen.answer.body;
	// A fault that passes: whoever waits for the run will see it yet.
	if (waits && ('silence' in seen || mayPass(seen.answer, isNew(entry)))) return { id: runId };
	const itemIndex = this.getItemIndex();
	if ('silence' in seen) {
		return apiError(this.getNode(), explainSilence(seen.silence, 'read'), { itemIndex, runId });
	}
	const httpCode = String(seen.answer.statusCode);
	return apiError(this.getNode(), explainAnswer(seen.answer, 'read'), {
		itemIndex,
		httpCode,
		runId,
	});
}

function withoutCallback(request: IHttpRequestOptions): IHttpRequestOptions {
	const asked = { ...request, body: isObject(request.body) ? { ...request.body } : {} };
	setBodyValue(asked, 'callback_url', undefined);
	return asked;
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
