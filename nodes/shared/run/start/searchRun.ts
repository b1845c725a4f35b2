import type { IDataObject, IExecutePaginationFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { pause } from '../../async/pause';
import { isStopped } from '../../n8n/executionOver';
import { findStart, type SoughtStart } from './findStart';
import { Lookups } from './lookups';
import { adoptRun, isTaken, type StartRecord } from './startLedger';

/** For which item a run is looked for, and when. */
interface Search {
	startRecord: StartRecord;
	/** The execution that has sent the start, where that is known. */
	startedIn: string | undefined;
	/** How long to wait before each lookup, in milliseconds. */
	pauses: number[];
}

/**
 * Looks in Runflow's list for the run of a start, and records it as the item's.
 * @returns its record; `none` if the last lookup shows that no run exists; `unclear` otherwise
 */
export async function searchRun(
	context: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	sought: SoughtStart,
	{ startRecord, startedIn, pauses }: Search,
): Promise<IDataObject | 'none' | 'unclear'> {
	const stopped = context.getExecutionCancelSignal();
	const lookups = await Lookups.of(context);
	let latest: IDataObject | 'none' | 'unclear' = 'unclear';
	for (const ms of pauses) {
		await pause(ms, ...(stopped === undefined ? [] : [stopped]));
		if (isStopped(context)) return 'unclear';
		const page = await lookups.readFor(sought, context, request);
		if (page === 'refused') return 'unclear';
		// What an earlier lookup has shown is out of date.
		latest =
			page === undefined ? 'unclear' : findStart(page, sought, (runId) => isTaken(context, runId));
		if (typeof latest !== 'string') {
			// Before anything is awaited: other items share the lookup, and must not take the same run.
			adoptRun(startRecord, latest, startedIn);
			return latest;
		}
	}
	return latest;
}
