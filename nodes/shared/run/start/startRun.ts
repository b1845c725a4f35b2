import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	NodeApiError,
} from 'n8n-workflow';

import { fetchRun, send } from '../../api/client';
import type { ApiError, ApiResult } from '../../api/result';
import { assetReference } from '../../api/asset';
import { explainError, explainNetworkError, type ApiErrorText } from '../../api/errorTexts';
import { asText, isObject } from '../../values/json';
import type { SoughtStart } from './findStart';
import { hasFailed, readRunId, readRunRecord, readRunStatus } from '../../api/run';
import { isBinaryFile } from '../../validation/binaryFile';
import { bodyValue, setBodyValue } from '../../properties/body';
import {
	digest,
	discardRun,
	toolCallOf,
	type UnconfirmedStart,
	type StartRecord,
} from './startLedger';
import { limits } from '../../api/limits';
import { isNew, mayBeTransient } from '../read/getRun';
import { nodeExecution } from '../../n8n/nodeExecution';
import { apiError, readError, type Failure } from '../read/itemErrors';
import { adoptRun, isStopped, searchRun } from './searchRun';
import type { Settings } from '../nodeRun/settings';
import { describeInput, hashStart, referenceOf } from './startName';
import { isTool, thisNode } from '../../n8n/thisNode';
import { unreadableFile } from './uploadFile';
import { uploadFiles } from './uploadFiles';

/** When to look for a run whose start got no answer, as shares of the time until it is shown. */
const LOOKUP_TIMES = [1 / 60, 1 / 12, 1 / 4, 1];
/** When to look again after a timeout, as shares of the time until Runflow has handled the start. */
const LATER_LOOKUP_TIMES = [7 / 12, 1];

/** How long to wait before each lookup, in milliseconds. */
function pausesBetweenLookups(mayBeAtWork: boolean): number[] {
	const { runShown, startHandled } = limits;
	const times = [
		...LOOKUP_TIMES.map((share) => share * runShown),
		...(mayBeAtWork ? LATER_LOOKUP_TIMES.map((share) => share * startHandled) : []),
	];
	return times.map((time, index) => time - (times[index - 1] ?? 0));
}

/**
 * The item's run: the one that it has started already, or a new one. A request that got no clear answer
 * is never simply sent again: Runflow's list of runs is asked first whether a run came of it.
 *
 * @param gathered the request in its final form, apart from its files and its name
 * @param startRecord what the item has started so far; it is kept up to date
 * @param settings how the model is told of the item's binary files, which are uploaded first; whether the run is
 * waited for; the Idempotency Key of the user's own; and whether n8n has given up on the item, so that nothing would
 * keep what it starts
 * @returns the run's record, or the error that tells what is known of the run; undefined where nothing is started,
 * since n8n has given up on the item
 */
export async function startRun(
	context: IExecutePaginationFunctions,
	gathered: DeclarativeRestApiSettings.ResultOptions,
	startRecord: StartRecord,
	{
		assetForm,
		completion,
		ownKey,
		isAbandoned,
	}: Pick<Settings, 'assetForm' | 'completion'> & {
		ownKey: string | undefined;
		isAbandoned: () => boolean;
	},
): Promise<IDataObject | Failure | undefined> {
	const request = gathered.options as IHttpRequestOptions;
	const waits = completion !== 'immediately';
	if (startRecord.runId !== undefined)
		return await getStartedRun(context, request, startRecord, waits);
	if (startRecord.doubt === undefined && isStopped(context)) return fail(context, NOT_SENT);

	const input = await describeInput(context, inputOf(request));
	if (typeof input !== 'string') return unreadableFile(context, input.unreadable);
	const naming = { input, ownKey };
	if (startRecord.doubt !== undefined) {
		const found = await searchEarlier(
			context,
			request,
			startRecord,
			startRecord.doubt,
			naming.input,
		);
		if (typeof found !== 'string') return found;
		// An earlier try's own request may have been answered meanwhile.
		if (hasRun(startRecord)) return await getStartedRun(context, request, startRecord, waits);
		if (found === 'unclear') return fail(context, STILL_IN_DOUBT);
		delete startRecord.doubt;
		startRecord.searchedIn = startRecord.executionId;
	}
	const { retriedAt } = nodeExecution(context);
	if (retriedAt !== undefined && startRecord.searchedIn !== startRecord.executionId) {
		const found = await searchLost(context, request, startRecord, naming, retriedAt);
		if (typeof found !== 'string') return found;
		if (isStopped(context)) return fail(context, NOT_SENT_AGAIN);
		if (found === 'unclear') return fail(context, LOST_UNCLEAR);
	}

	const sought = nameStart(context, request, startRecord, naming);
	const notUploaded = await uploadFiles(context, request, startRecord, assetForm);
	if (notUploaded !== undefined) return notUploaded;
	if (isAbandoned()) return undefined;
	if (isStopped(context)) return fail(context, NOT_SENT);
	return await sendStart(
		context,
		gathered,
		startRecord,
		{ ...sought, input: inputOf(request) },
		ownKey,
	);
}

/** Sends the start, and looks for what came of it where the answer does not say. */
async function sendStart(
	context: IExecutePaginationFunctions,
	gathered: DeclarativeRestApiSettings.ResultOptions,
	startRecord: StartRecord,
	sought: SoughtStart & { of: string },
	ownKey: string | undefined,
): Promise<IDataObject | Failure> {
	const request = gathered.options as IHttpRequestOptions;
	const since = Date.now();
	const { reference, hash, of } = sought;
	const doubt: UnconfirmedStart = { since, reference, hash, of };
	startRecord.doubt = doubt;
	const started: ApiResult<IDataObject> = await send(
		async () => await context.makeRoutingRequest(gathered),
		{
			timeout: Number(request.timeout) || N8N_TIMEOUT,
			bytes: JSON.stringify(request.body).length,
		},
		readRunRecord,
	);
	if (started.ok) {
		adoptRun(startRecord, started.value, startRecord.executionId);
		return started.value;
	}
	const { error } = started;
	const { status } = error;
	const text = explainError(error, 'start');
	const gaveUp = isTimeout(error);
	if (!gaveUp && !isStopped(context)) doubt.settledAt = Date.now();
	if (!error.mayHaveActed) {
		clearDoubt(startRecord, doubt);
		return fail(context, text, status);
	}

	// The run that a key of the user's own stands for may be older.
	const isOlder = ownKey !== undefined && status === 409;
	const pauses = pausesBetweenLookups(gaveUp && Date.now() - since < limits.startHandled);
	const from = isOlder ? undefined : since;
	// A run of an earlier execution reports its end to that one.
	const startedIn = isOlder ? undefined : startRecord.executionId;
	const search = { startRecord, startedIn, pauses };
	const found = await searchRun(context, request, { ...sought, since: from }, search);
	if (typeof found !== 'string') return found;
	if (found === 'unclear') return fail(context, text, status);
	clearDoubt(startRecord, doubt);
	const description = status === 409 ? text.description : NOT_LISTED;
	return fail(context, { ...text, description }, status);
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
	context: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	startRecord: StartRecord,
	{ input, ownKey }: Naming,
): SoughtStart & { of: string } {
	const itemIndex = context.getItemIndex();
	const { identity, nodeRunIndex } = nodeExecution(context);
	const attempt = startRecord.failedRuns?.length ?? 0;
	const place = isTool(context)
		? `${toolCallOf(context) ?? ''} ${startRecord.finished ?? 0}`
		: `${nodeRunIndex}.${itemIndex}`;
	const nodeId = thisNode(context).id;
	const hash =
		ownKey === undefined
			? hashStart({ execution: identity, nodeId, place, input, attempt })
			: hashStart({ key: ownKey, input });
	request.headers = { ...request.headers, 'Idempotency-Key': ownKey ?? hash };
	const of = digest(input);
	const own = asText(bodyValue(request, 'client_ref'));
	// What the node has named before is named anew: the attempt may be another one.
	if (own !== '' && own !== startRecord.reference) {
		return { reference: own, input: comparable(inputOf(request)), of };
	}
	const name = ownKey === undefined ? (context.getWorkflow().name ?? '') : '';
	const reference = referenceOf(name, ownKey === undefined ? itemIndex : undefined, hash);
	startRecord.reference = reference;
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
	context: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	startRecord: StartRecord,
	{ since, settledAt, reference, hash, of }: UnconfirmedStart,
	input: string,
): Promise<IDataObject | 'none' | 'unclear'> {
	// A reference of the user's own says too little without the input that was sent.
	if (hash === undefined && of !== digest(input)) return 'unclear';
	const sought = { reference, hash, input: comparable(inputOf(request)), since };
	// Which execution the run reports its end to is not known.
	const search = async (ms: number) =>
		await searchRun(context, request, sought, {
			startRecord,
			startedIn: undefined,
			pauses: [ms],
		});
	const found = await search(0);
	const shownBy =
		settledAt === undefined ? since + limits.startHandled : settledAt + limits.runShown;
	const rest = shownBy - Date.now();
	return found !== 'none' || rest <= 0 || hasRun(startRecord) ? found : await search(rest);
}

/**
 * Looks for the run that a lost execution has started: the one that is retried, or an earlier Retry of it, of which n8n
 * knows nothing either. A run that has failed is followed by the next attempt. Where n8n has kept nothing of the node,
 * or was started a moment ago, a start that is not found is made anew only once Runflow cannot be at work on an earlier
 * one any more.
 */
async function searchLost(
	context: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	startRecord: StartRecord,
	naming: Naming,
	retriedAt: number,
): Promise<IDataObject | 'none' | 'unclear'> {
	const { begunAt: since, isForgotten } = nodeExecution(context);
	const wasSearched = startRecord.searchedIn !== undefined;
	const lostBy = Math.max(limits.loadedAt, isForgotten && !wasSearched ? retriedAt : 0);
	const handledBy = lostBy + limits.startHandled;
	startRecord.mayBeLost = true;
	for (let wait = 0; ;) {
		const sought = { ...nameStart(context, request, startRecord, naming), since };
		const search = { startRecord, startedIn: undefined, pauses: [wait] };
		const found = await searchRun(context, request, sought, search);
		// A key or reference of the user's own stays the same at each attempt.
		const isNextNamed = sought.hash !== undefined && naming.ownKey === undefined;
		if (typeof found !== 'string' && isNextNamed && hasFailed(readRunStatus(found))) {
			discardRun(startRecord, readRunId(found));
			wait = 0;
			continue;
		}
		if (found === 'unclear') return found;
		wait = found === 'none' ? handledBy - Date.now() : 0;
		if (wait > 0) continue;
		delete startRecord.mayBeLost;
		startRecord.searchedIn = startRecord.executionId;
		return found;
	}
}

/** Whether the item has its run by now. */
function hasRun({ runId }: StartRecord): boolean {
	return runId !== undefined;
}

/** No run came of the request in doubt. That of another try, which has the same record, is another one. */
function clearDoubt(startRecord: StartRecord, doubt: UnconfirmedStart): void {
	if (startRecord.doubt === doubt) delete startRecord.doubt;
}

/** How long n8n waits for a request that the user has set no time-out for, in milliseconds. An expression may give anything. */
const N8N_TIMEOUT = 300_000;

const NOT_LISTED =
	"Runflow's list of runs does not show the run, so it was not started. Run the item again.";

/** Said of a start in doubt that an earlier try has left behind. */
const STILL_IN_DOUBT: ApiErrorText = {
	...explainNetworkError('', 'start'),
	message: 'It is still not known whether an earlier try has started the run',
};
/** Said of an item of an execution that n8n has lost, where the list of runs cannot tell what it has started. */
const LOST_UNCLEAR: ApiErrorText = {
	message: 'It is not known whether the lost execution has started the run',
	description:
		"Before a retried execution starts a run, it looks for one that was started before n8n was stopped or crashed, and Runflow's list of runs does not tell. Retry the execution again. If that does not help, look for the Client Reference under Runs in Runflow: if there is no run, run the item in a new execution.",
};

/** The word canceled makes n8n store the execution as such. */
const NOT_SENT: ApiErrorText = {
	message: 'The request was canceled before it was sent',
	description: 'No run was started.',
};
/** The same, where the lost execution may have sent it before. */
const NOT_SENT_AGAIN: ApiErrorText = {
	...NOT_SENT,
	description: 'A lost execution may have started the run. Retry the execution again to find it.',
};

const TIMED_OUT: ReadonlySet<string> = new Set(['ECONNABORTED', 'ETIMEDOUT']);
/** What gateways answer when they wait no longer; 524 is a common one's own. */
const GATEWAY_TIMEOUTS: ReadonlySet<number> = new Set([408, 504, 524]);

/** Whether the answer was not waited for any longer, here or by a gateway. */
function isTimeout(error: ApiError): boolean {
	return error.kind === 'network' ? TIMED_OUT.has(error.code) : GATEWAY_TIMEOUTS.has(error.status);
}

/** A run that an earlier try has started. */
async function getStartedRun(
	context: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	startRecord: StartRecord,
	waits: boolean,
): Promise<IDataObject | Failure> {
	const runId = startRecord.runId ?? '';
	const seen = await fetchRun(context, runId, request);
	if (seen.ok) return seen.value;
	const { error } = seen;
	// A fault that passes: whoever waits for the run will see it yet.
	if (waits && mayBeTransient(error, isNew(startRecord))) return { id: runId };
	const itemIndex = context.getItemIndex();
	return readError(context.getNode(), error, { itemIndex, runId });
}

function fail(
	context: IExecutePaginationFunctions,
	text: ApiErrorText,
	status?: number,
): NodeApiError {
	return apiError(context.getNode(), text, { itemIndex: context.getItemIndex(), status });
}
