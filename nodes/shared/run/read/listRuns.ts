import type { IDataObject } from 'n8n-workflow';

import type { ApiContext, Connection } from '../../api/client';
import { fetchNewestRuns, LONGEST_PAGE } from '../../api/newestRuns';
import { readArtifacts } from '../../api/output';
import type { ApiError } from '../../api/result/result';
import { isSuccessful, isTerminal, readRunId, readRunStatus } from '../../api/run';

/** From this many runs on, Runflow's list is read; fewer runs are read one by one. */
export const LIST_THRESHOLD = 4;
/** The most of the newest runs that are looked through: others of the organization may be newer than ours. */
const MAX_WINDOW = 2000;
/** How many newer runs of others the first window allows for. */
const OTHERS = 50;

/** What one list request, or a few, give. */
export interface RunList {
	/** The records that are complete, by run id. Any other run must be read on its own. */
	records: ReadonlyMap<string, IDataObject>;
	/** How many of the runs are among those that were looked through. */
	found: number;
	/** Why Runflow did not show the list. */
	failed?: ApiError;
}

/**
 * Reads many runs with one request, or a few, in Runflow's list of the newest runs.
 * @param window how many of the newest runs to look through, unless all are found before
 * @see docs/runflow-api.md, "List runs"
 */
export async function listRunsInWindow(
	context: ApiContext,
	runIds: ReadonlySet<string>,
	window: number,
	connection: Connection,
): Promise<RunList> {
	const records = new Map<string, IDataObject>();
	const found = new Set<string>();
	const overview = (): RunList => ({ records, found: found.size });
	const limit = Math.min(window, LONGEST_PAGE);
	let cursor = '';
	for (let left = window; left > 0; left -= limit) {
		const seen = await fetchNewestRuns(context, { limit, cursor }, connection);
		if (!seen.ok) return { ...overview(), failed: seen.error };
		for (const run of seen.value.runs) {
			const id = readRunId(run) ?? '';
			if (!runIds.has(id)) continue;
			found.add(id);
			if (isComplete(run)) records.set(id, run);
		}
		cursor = seen.value.next;
		if (cursor === '' || found.size === runIds.size) break;
	}
	return overview();
}

/** How many of the newest runs to look through for `items` runs that were just started. */
export function firstWindow(items: number): number {
	return items + OTHERS;
}

/** The next larger window, where some runs were not in this one; undefined where that would be too large. */
export function nextWindow(window: number): number | undefined {
	return window >= MAX_WINDOW ? undefined : Math.min(2 * window, MAX_WINDOW);
}

/** The complete records in the list, however old the runs are; none for few runs, which are read one by one. */
export async function listRuns(
	context: ApiContext,
	runIds: Iterable<string>,
	connection: Connection,
): Promise<RunList['records']> {
	const ids = new Set(runIds);
	if (ids.size < LIST_THRESHOLD) return new Map();
	const seen = await listRunsInWindow(context, ids, firstWindow(ids.size), connection);
	if (seen.failed !== undefined || seen.found === ids.size) return seen.records;
	return (await listRunsInWindow(context, ids, MAX_WINDOW, connection)).records;
}

/** Whether a listed record is complete: the list may lack the reason of a failure, and results. */
function isComplete(run: IDataObject): boolean {
	const status = readRunStatus(run);
	if (!isTerminal(status)) return true;
	return isSuccessful(status) && readArtifacts(run.output).length > 0 && run.cost !== undefined;
}
