import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
} from 'n8n-workflow';

import { send } from '../../api/client';
import { explainError } from '../../api/errorTexts/errorTexts';
import { limits } from '../../api/limits';
import type { ApiError } from '../../api/result/result';
import { readRunRecord } from '../../api/run';
import { isStopped } from '../../n8n/executionOver';
import { USUAL_TIMEOUT } from '../nodeRun/settings';
import type { Failure } from '../read/itemErrors';
import { searchRun } from './searchRun';
import { NOT_LISTED, startError } from './startErrors';
import { adoptRun, type StartRecord, type UnconfirmedStart } from './startLedger';
import type { ItemStart, NamedStart } from './startName';

/** The status of a start whose Idempotency Key was used before. */
const CONFLICT = 409;

/** Sends the start. Where the response does not say whether a run was started, looks for it in Runflow's list. */
export async function sendStart(
	context: IExecutePaginationFunctions,
	gathered: DeclarativeRestApiSettings.ResultOptions,
	{ request, startRecord, ownKey }: ItemStart,
	sought: NamedStart,
): Promise<IDataObject | Failure> {
	const since = Date.now();
	const { reference, hash, inputHash } = sought;
	const unconfirmed: UnconfirmedStart = { since, reference, hash, inputHash };
	startRecord.unconfirmed = unconfirmed;
	// The timeout is always set by now; the default is for the type.
	const { timeout = USUAL_TIMEOUT } = request;
	const started = await send(
		async () => await context.makeRoutingRequest(gathered),
		{ timeout, bytes: JSON.stringify(request.body).length },
		readRunRecord,
	);
	if (started.ok) {
		adoptRun(startRecord, started.value, startRecord.executionId);
		return started.value;
	}
	const { error } = started;
	const { status } = error;
	const text = explainError(error, 'start');
	const timedOut = isTimeout(error);
	if (!timedOut && !isStopped(context)) unconfirmed.settledAt = Date.now();
	if (!error.mayHaveActed) {
		clearUnconfirmed(startRecord, unconfirmed);
		return startError(context, text, status);
	}

	// The run of the user's own key may be older. Then it calls back the execution that started it.
	const isOlder = ownKey !== undefined && status === CONFLICT;
	const found = await searchRun(
		context,
		request,
		{ ...sought, since: isOlder ? undefined : since },
		{
			startRecord,
			startedIn: isOlder ? undefined : startRecord.executionId,
			pauses: pausesBetweenLookups(timedOut && Date.now() - since < limits.startHandled),
		},
	);
	if (typeof found !== 'string') return found;
	if (found === 'unclear') return startError(context, text, status);
	clearUnconfirmed(startRecord, unconfirmed);
	const description = status === CONFLICT ? text.description : NOT_LISTED;
	return startError(context, { ...text, description }, status);
}

/** When to look for the run of a start without a response, as shares of the time until Runflow shows it. */
const LOOKUP_TIMES = [1 / 60, 1 / 12, 1 / 4, 1];
/** When to look again after a timeout, as shares of the time until Runflow has handled the start. */
const LATER_LOOKUP_TIMES = [7 / 12, 1];

/**
 * How long to wait before each lookup, in milliseconds.
 * @param mayBeAtWork whether Runflow may still be handling the start
 */
function pausesBetweenLookups(mayBeAtWork: boolean): number[] {
	const { runShown, startHandled } = limits;
	const times = [
		...LOOKUP_TIMES.map((share) => share * runShown),
		...(mayBeAtWork ? LATER_LOOKUP_TIMES.map((share) => share * startHandled) : []),
	];
	return times.map((time, index) => time - (times[index - 1] ?? 0));
}

const TIMED_OUT: ReadonlySet<string> = new Set(['ECONNABORTED', 'ETIMEDOUT']);
/** How gateways report a timeout; 524 is Cloudflare's. */
const GATEWAY_TIMEOUTS: ReadonlySet<number> = new Set([408, 504, 524]);

/** Whether the wait for the response was given up, here or by a gateway. */
function isTimeout(error: ApiError): boolean {
	return error.kind === 'network' ? TIMED_OUT.has(error.code) : GATEWAY_TIMEOUTS.has(error.status);
}

/** Notes that no run came of a start; not of one that another try, with the same record, has sent since. */
function clearUnconfirmed(startRecord: StartRecord, unconfirmed: UnconfirmedStart): void {
	if (startRecord.unconfirmed === unconfirmed) delete startRecord.unconfirmed;
}
