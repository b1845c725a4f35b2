import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	NodeApiError,
} from 'n8n-workflow';

import { fetchRun, isRunRecord, reply, type Reply } from '../../runflow/api';
import { assetReference } from '../../runflow/asset';
import {
	explainAnswer,
	explainSilence,
	mayHaveActed,
	neverSent,
	type ApiErrorText,
} from '../../runflow/apiError';
import { asText, isObject } from '../../runflow/json';
import type { SoughtStart } from '../../runflow/match';
import { hasFailed, readRunId, readRunStatus } from '../../runflow/run';
import { isBinaryFile } from '../fields/binaryFile';
import { bodyValue, setBodyValue } from './body';
import { digest, dropRun, isNew, toolCallOf, type Doubt, type Entry } from './ledger';
import { limits } from './limits';
import { mayPass } from './lookAtRun';
import { nodeExecution } from './nodeExecution';
import { apiError, type Failure } from './runErrors';
import { adoptRun, isStopped, LOST_WINDOW, searchRun } from './searchRun';
import type { Settings } from './settings';
import { describeInput, hashStart, referenceOf } from './startName';
import { isTool, thisNode } from './thisNode';
import { unreadableFile } from './uploadFile';
import { uploadFiles } from './uploadFiles';

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
 * @param gathered the request in its final form, apart from its files and its name
 * @param entry what the item has started so far; it is kept up to date
 * @param settings how the model is told of the item's binary files, which are uploaded first; whether the run is
 * waited for; the Idempotency Key of the user's own; and whether n8n has given up on the item, so that nothing would
 * keep what it starts
 * @returns the run's record, or the error that tells what is known of the run; undefined where nothing is started,
 * since n8n has given up on the item
 */
export async function startRun(
	this: IExecutePaginationFunctions,
	gathered: DeclarativeRestApiSettings.ResultOptions,
	entry: Entry,
	{
		assetForm,
		completion,
		ownKey,
		isLeft,
	}: Pick<Settings, 'assetForm' | 'completion'> & {
		ownKey: string | undefined;
		isLeft: () => boolean;
	},
): Promise<IDataObject | Failure | undefined> {
	const request = gathered.options as IHttpRequestOptions;
	const waits = completion !== 'immediately';
	if (entry.runId !== undefined) return await lookUp.call(this, request, entry, waits);
	if (entry.doubt === undefined && isStopped(this)) return fail.call(this, NOT_SENT);

	const input = await describeInput(this, inputOf(request));
	if (typeof input !== 'string') return unreadableFile(this, input.unreadable);
	const naming = { input, ownKey };
	if (entry.doubt !== undefined) {
		const found = await searchEarlier.call(this, request, entry, entry.doubt, naming.input);
		if (typeof found !== 'string') return found;
		// An earlier try's own request may have been answered meanwhile.
		if (hasRun(entry)) return await lookUp.call(this, request, entry, waits);
		if (found === 'unclear') return fail.call(this, STILL_IN_DOUBT);
		delete entry.doubt;
		entry.searchedIn = entry.executionId;
	}
	const { retriedAt } = nodeExecution(this);
	if (retriedAt !== undefined && entry.searchedIn !== entry.executionId) {
		const found = await searchLost.call(this, request, entry, naming, retriedAt);
		if (typeof found !== 'string') return found;
		if (isStopped(this)) return fail.call(this, NOT_SENT);
		if (found === 'unclear') return fail.call(this, LOST_UNCLEAR);
	}

	const sought = nameStart.call(this, request, entry, naming);
	const notUploaded = await uploadFiles.call(this, request, entry, assetForm);
	if (notUploaded !== undefined) return notUploaded;
	if (isLeft()) return undefined;
	if (isStopped(this)) return fail.call(this, NOT_SENT);
	return await send.call(this, gathered, entry, { ...sought, input: inputOf(request) }, ownKey);
}

/** Sends the start, and looks for what came of it where the answer does not say. */
async function send(
	this: IExecutePaginationFunctions,
	gathered: DeclarativeRestApiSettings.ResultOptions,
	entry: Entry,
	sought: SoughtStart & { of: string },
	ownKey: string | undefined,
): Promise<IDataObject | Failure> {
	const request = gathered.options as IHttpRequestOptions;
	const since = Date.now();
	const { reference, hash, of } = sought;
	const doubt: Doubt = { since, reference, hash, of };
	entry.doubt = doubt;
	const answered = await reply(
		async () => await this.makeRoutingRequest(gathered),
		Number(request.timeout) || N8N_TIMEOUT,
		JSON.stringify(request.body).length,
	);
	const started = judge(answered);
	if ('record' in started) {
		adoptRun(entry, started.record, entry.executionId);
		return started.record;
	}
	const { text, mayBeStarted, gaveUp, httpCode } = started;
	if (!gaveUp && !isStopped(this)) doubt.settledAt = Date.now();
	if (!mayBeStarted) {
		settle(entry, doubt);
		return fail.call(this, text, httpCode);
	}

	// The run that a key of the user's own stands for may be older.
	const isOlder = ownKey !== undefined && httpCode === '409';
	const pauses = pausesBetweenLooks(gaveUp && Date.now() - since < limits.startHandled);
	const from = isOlder ? undefined : since;
	// A run of an earlier execution reports its end to that one.
	const startedIn = isOlder ? undefined : entry.executionId;
	const search = { entry, startedIn, pauses };
	const found = await searchRun.call(this, request, { ...sought, since: from }, search);
	if (typeof found !== 'string') return found;
	if (found === 'unclear') return fail.call(this, text, httpCode);
	settle(entry, doubt);
	const description = httpCode === '409' ? text.description : NOT_LISTED;
	return fail.call(this, { ...text, description }, httpCode);
}

/** What a start is named by. */
interface Naming {
	/** The input as one text, see {@link describeInput}. */
	input: string;
	/** The Idempotency Key of the user's own. */
	ownKey: string | undefined;
}

/**
 * Names the start in the request: by the user's own Client Reference and Idempotency Key, where they are given, and
 * else by a hash of all that makes it this start. A key of the user's own means the same run in every execution, so
 * the reference has to be the same, too.
 */
function nameStart(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	entry: Entry,
	{ input, ownKey }: Naming,
): SoughtStart & { of: string } {
	const itemIndex = this.getItemIndex();
	const { identity, nodeRun } = nodeExecution(this);
	const attempt = entry.failedRuns?.length ?? 0;
	const place = isTool(this)
		? `${toolCallOf(this) ?? ''} ${entry.finished ?? 0}`
		: `${nodeRun}.${itemIndex}`;
	const nodeId = thisNode(this).id;
	const hash =
		ownKey === undefined
			? hashStart({ execution: identity, nodeId, place, input, attempt })
			: hashStart({ key: ownKey, input });
	request.headers = { ...request.headers, 'Idempotency-Key': ownKey ?? hash };
	const of = digest(input);
	const own = asText(bodyValue(request, 'client_ref'));
	// What the node has named before is named anew: the attempt may be another one.
	if (own !== '' && own !== entry.reference) {
		return { reference: own, input: comparable(inputOf(request)), of };
	}
	const name = ownKey === undefined ? (this.getWorkflow().name ?? '') : '';
	const reference = referenceOf(name, ownKey === undefined ? itemIndex : undefined, hash);
	entry.reference = reference;
	setBodyValue(request, 'client_ref', reference);
	return { reference, hash, input: undefined, of };
}

/** The input as it can be compared with a record's before its files are uploaded. */
function comparable(input: IDataObject): unknown {
	return JSON.parse(
		JSON.stringify(input, (_name, value: unknown) =>
			isBinaryFile(value) ? assetReference('not-uploaded-yet') : value,
		),
	);
}

function inputOf(request: IHttpRequestOptions): IDataObject {
	const input = bodyValue(request, 'input');
	return isObject(input) ? input : {};
}

/** Looks for what came of a start of an earlier try, until Runflow cannot be at work on it any more. */
async function searchEarlier(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	entry: Entry,
	{ since, settledAt, reference, hash, of }: Doubt,
	input: string,
): Promise<IDataObject | 'none' | 'unclear'> {
	// A reference of the user's own says too little without the input that was sent.
	if (hash === undefined && of !== digest(input)) return 'unclear';
	const sought = { reference, hash, input: comparable(inputOf(request)), since };
	// Which execution the run reports its end to is not known.
	const look = async (ms: number) =>
		await searchRun.call(this, request, sought, { entry, startedIn: undefined, pauses: [ms] });
	const found = await look(0);
	const shownBy =
		settledAt === undefined ? since + limits.startHandled : settledAt + limits.runShown;
	const rest = shownBy - Date.now();
	return found !== 'none' || rest <= 0 || hasRun(entry) ? found : await look(rest);
}

/**
 * Looks for the run that a lost execution has started: the one that is retried, or an earlier Retry of it, of which n8n
 * knows nothing either. A run that has failed is followed by the next attempt. Where n8n has kept nothing of the node, a
 * start that is not found is made anew only once Runflow cannot be at work on an earlier one any more.
 */
async function searchLost(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	entry: Entry,
	naming: Naming,
	retriedAt: number,
): Promise<IDataObject | 'none' | 'unclear'> {
	const waits = nodeExecution(this).isForgotten || entry.mayBeLost === true;
	const handledBy = waits ? retriedAt + limits.startHandled : 0;
	const since = retriedAt - LOST_WINDOW;
	entry.mayBeLost = true;
	for (let wait = 0; ;) {
		const sought = { ...nameStart.call(this, request, entry, naming), since };
		const search = { entry, startedIn: undefined, pauses: [wait] };
		const found = await searchRun.call(this, request, sought, search);
		if (typeof found !== 'string') {
			// A key or reference of the user's own stays the same at each attempt.
			const isNextNamed = sought.hash !== undefined && naming.ownKey === undefined;
			if (!isNextNamed || !hasFailed(readRunStatus(found))) {
				delete entry.mayBeLost;
				return found;
			}
			dropRun(entry, readRunId(found));
			wait = 0;
			continue;
		}
		if (found === 'unclear') return found;
		wait = handledBy - Date.now();
		if (wait > 0) continue;
		delete entry.mayBeLost;
		entry.searchedIn = entry.executionId;
		return found;
	}
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
/** Said of an item of an execution that n8n has lost, where the list of runs cannot tell what it has started. */
const LOST_UNCLEAR: ApiErrorText = {
	message: 'It is not known whether the lost execution has started the run',
	description:
		"n8n was stopped or crashed during an execution that is retried, and Runflow's list of runs does not tell what it has started. Retry the execution again. If that does not help, look for the Client Reference under Runs in Runflow: if there is no run, run the item in a new execution.",
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
