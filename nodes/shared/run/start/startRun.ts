import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { fetchRun } from '../../api/client';
import { isStopped } from '../../n8n/executionOver';
import { nodeExecution } from '../../n8n/nodeExecution';
import type { Settings } from '../nodeRun/settings';
import { isNew, mayBeTransient } from '../read/getRun';
import { readError, type Failure } from '../read/itemErrors';
import { unreadableFile } from './upload/fileContent';
import { searchLost, searchUnconfirmed } from './searchPast';
import { sendStart } from './sendStart';
import {
	LOST_UNCLEAR,
	NOT_SENT,
	NOT_SENT_AGAIN,
	startError,
	STILL_UNCONFIRMED,
} from './startErrors';
import { lastOfAllTries, type StartRecord } from './startLedger';
import { describeInput, inputOf, nameStart, type ItemStart } from './startName';
import { uploadFiles } from './upload/uploadFiles';

/** How an item's run is started. */
export interface StartOptions extends Pick<Settings, 'assetForm' | 'completion'> {
	/** The user's own Idempotency Key. */
	ownKey: string | undefined;
	/** Whether n8n has given up on the item, so that a start would be recorded nowhere. */
	isAbandoned: () => boolean;
}

/**
 * The item's run: the one that the item has started already, or a new one. A start without a clear response is never
 * simply sent again: the node first looks for its run in Runflow's list.
 *
 * @param gathered the request in its final form, apart from its files and its name
 * @param startRecord what the item has started so far; kept up to date
 * @returns the run's record, or the error, which says whether the run exists; undefined if nothing is started, since
 * n8n has given up on the item
 */
export async function startRun(
	context: IExecutePaginationFunctions,
	gathered: DeclarativeRestApiSettings.ResultOptions,
	startRecord: StartRecord,
	{ assetForm, completion, ownKey, isAbandoned }: StartOptions,
): Promise<IDataObject | Failure | undefined> {
	const request = gathered.options as IHttpRequestOptions;
	const waits = completion !== 'immediately';
	if (hasRun(startRecord)) return await getStartedRun(context, request, startRecord, waits);
	const lastFailed = lastOfAllTries(context, startRecord);
	if (lastFailed !== undefined) {
		return await getStartedRun(context, request, { ...startRecord, runId: lastFailed }, waits);
	}
	if (startRecord.unconfirmed === undefined && isStopped(context)) {
		return startError(context, mayHaveLostRun(context, startRecord) ? NOT_SENT_AGAIN : NOT_SENT);
	}
	const input = await describeInput(context, request.url, inputOf(request));
	if (typeof input !== 'string') return unreadableFile(context, input.unreadable);

	const item: ItemStart = { request, startRecord, input, ownKey };
	const past = await findPastRun(context, item);
	if (past === 'recorded') return await getStartedRun(context, request, startRecord, waits);
	if (past !== 'none') return past;

	const sought = nameStart(context, item);
	const notUploaded = await uploadFiles(context, request, startRecord, assetForm);
	if (notUploaded !== undefined) return notUploaded;
	if (isAbandoned()) return undefined;
	if (isStopped(context)) return startError(context, NOT_SENT);
	return await sendStart(context, gathered, item, { ...sought, input: inputOf(request) });
}

/**
 * Looks for the run of a start that an earlier try or a lost execution has sent.
 * @returns its record; `recorded` where the start record has it by now; `none` where a new run may be started; or the
 * error of an item for which that is not known
 */
async function findPastRun(
	context: IExecutePaginationFunctions,
	item: ItemStart,
): Promise<IDataObject | Failure | 'recorded' | 'none'> {
	const { startRecord } = item;
	if (startRecord.unconfirmed !== undefined) {
		const found = await searchUnconfirmed(context, item, startRecord.unconfirmed);
		if (typeof found !== 'string') return found;
		// The earlier try's own request may have been answered meanwhile.
		if (hasRun(startRecord)) return 'recorded';
		if (found === 'unclear') return startError(context, STILL_UNCONFIRMED);
		delete startRecord.unconfirmed;
		startRecord.searchedIn = startRecord.executionId;
	}
	if (!mayHaveLostRun(context, startRecord)) return 'none';
	const found = await searchLost(context, item);
	if (typeof found !== 'string') return found;
	if (isStopped(context)) return startError(context, NOT_SENT_AGAIN);
	return found === 'unclear' ? startError(context, LOST_UNCLEAR) : 'none';
}

function hasRun({ runId }: StartRecord): boolean {
	return runId !== undefined;
}

/** Whether an execution that this one retries may have started a run for the item that was not looked for yet. */
function mayHaveLostRun(
	context: IExecutePaginationFunctions,
	{ searchedIn, executionId }: StartRecord,
): boolean {
	return nodeExecution(context).retriedAt !== undefined && searchedIn !== executionId;
}

/** Reads a run that an earlier try has started. */
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
	// A transient failure: the wait reads the run again.
	if (waits && mayBeTransient(error, isNew(startRecord))) return { id: runId };
	return readError(context.getNode(), error, { itemIndex: context.getItemIndex(), runId });
}
