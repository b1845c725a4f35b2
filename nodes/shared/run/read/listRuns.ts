import type { IDataObject } from 'n8n-workflow';

import type { ApiContext, Connection } from '../../api/client';
import { fetchNewestRuns, LONGEST_PAGE } from '../../api/newestRuns';
import { readArtifacts } from '../../api/output';
import type { ApiError } from '../../api/result';
import { isSuccessful, isTerminal, readRunId, readRunStatus } from '../../api/run';

/** So many runs are looked at in Runflow's list; fewer are asked for one by one. */
export const LIST_THRESHOLD = 4;
/** How many of the newest runs are looked through at the most: others of the organization may be newer than ours. */
const MAX_WINDOW = 2000;
/** How many runs of others may be newer at first. */
const OTHERS = 50;

/** What one list request, or a few, give. */
export interface RunList {
	/** The records that tell all there is to know for now, by run id. Any other run has to be asked for by itself. */
	records: ReadonlyMap<string, IDataObject>;
	/** How many of the runs stand among those that were looked through. */
	found: number;
	/** Why Runflow did not show the list: a fault that passes, or a refusal. It may have asked to wait so long (ms). */
	failed?: ApiError;
}

/**
 * Looks at many runs with one request, or a few: in Runflow's list of the newest runs.
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

/** How many of the newest runs to look through for so many that were just started. */
export function firstWindow(items: number): number {
	return items + OTHERS;
}

/** How many to look through next, where some were not among so many; undefined where it would be too many. */
export function nextWindow(window: number): number | undefined {
	return window >= MAX_WINDOW ? undefined : Math.min(2 * window, MAX_WINDOW);
}

/** The records that the list tells all of, however old the runs. Of a few it tells none: they are asked for one by one. */
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

/** A run that has failed is asked for by itself: why it failed need not stand in the list. Nor need results. */
function isComplete(run: IDataObject): boolean {
	const status = readRunStatus(run);
	if (!isTerminal(status)) return true;
	return isSuccessful(status) && readArtifacts(run.output).length > 0 && run.cost !== undefined;
}
