import type {
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import { isTerminal, readRunId, readRunStatus } from '../../runflow/run';
import { isNew, type Entry } from './ledger';
import { lookAtRun } from './lookAtRun';
import { nextInterval, patient, type Pace } from './pace';
import { waitEndedError, waitRanOutError } from './runErrors';
import type { Signal } from './signal';
import { getUp, groupOf, listen, sitDown, type Group, type Seat } from './waitTogether';

/** How one item waits for its run. */
export interface Wait {
	pace: Pace;
	/** What is the same for all items that wait side by side. */
	group: object;
	/** How many items there are. */
	items: number;
	/** The request that started the run: where it was sent decides where the run is asked for. */
	started: IHttpRequestOptions;
	/** What the item has started. */
	entry: Entry;
	/** Aborted when nobody waits for the item any more. */
	over: Signal;
}

/**
 * Asks for a run at a growing interval until it is terminal. Faults on the way (no answer, 429, 5xx, an
 * answer that is not the run, 404 in the first moments) are waited out; any other refusal ends the wait.
 *
 * @param run the record that the run's start was answered with
 * @returns the record of the ended run, however it ended; or the error, with the run's id, of a wait that
 * was refused, ran out or was stopped; or undefined where the execution ended and nobody listens any more
 */
export async function waitForRun(
	this: IExecutePaginationFunctions,
	run: IDataObject,
	wait: Wait,
): Promise<IDataObject | NodeApiError | NodeOperationError | undefined> {
	const group = groupOf(wait.group);
	const seat = sitDown(this, group, { runId: readRunId(run) ?? '', ...wait });
	try {
		return await look.call(this, run, wait, { seat, group });
	} finally {
		getUp(group, seat);
	}
}

async function look(
	this: IExecutePaginationFunctions,
	run: IDataObject,
	{ pace, started, entry, over }: Wait,
	{ seat, group }: { seat: Seat; group: Readonly<Group> },
): Promise<IDataObject | NodeApiError | NodeOperationError | undefined> {
	const { runId } = seat;
	const itemIndex = this.getItemIndex();
	const startedAt = Date.now();
	let latest = run;
	let looks = 0;
	let retryAfter: number | undefined;

	while (!isTerminal(readRunStatus(latest))) {
		const left = startedAt + pace.maxWait - Date.now();
		if (left <= 0) {
			return waitRanOutError(this.getNode(), latest, {
				minutes: pace.maxWait / 60_000,
				apiUrl: String(started.baseURL),
				itemIndex,
			});
		}
		const items = seat.listed ? group.seats.size : group.unlisted;
		const quiet = Math.max(retryAfter ?? 0, seat.quietTill - Date.now());
		const situation = { looks, items, retryAfter: quiet, random: Math.random() };
		const interval = nextInterval(seat.listed ? patient(pace) : pace, situation);
		const isTold = await listen(seat, Math.min(interval, left), over);
		if (over.aborted) {
			// n8n has given up on this execution; an error that nobody awaits would only fill its log.
			if (this.getExecutionCancelSignal()?.aborted !== true) return undefined;
			return waitEndedError(this.getNode(), runId, itemIndex);
		}
		if (isTold) {
			latest = seat.news ?? latest;
			delete seat.news;
			// At the end of the wait the run is asked for once more in any case.
			if (isTerminal(readRunStatus(latest)) || Date.now() < startedAt + pace.maxWait) continue;
		}

		const from = { started, itemIndex, isNew: isNew(entry) };
		const seen = await lookAtRun.call(this, runId, from);
		looks += 1;
		if ('failure' in seen) return seen.failure;
		if ('record' in seen) delete entry.startedAt;
		latest = 'record' in seen ? seen.record : (seat.news ?? latest);
		retryAfter = 'retryAfter' in seen ? seen.retryAfter : undefined;
	}
	return latest;
}
