import type { IDataObject } from 'n8n-workflow';

import { isPassing, type ApiContext, type Started } from '../../runflow/api';
import { fetchNewestRuns, LONGEST_PAGE, readRuns } from '../../runflow/newestRuns';
import { readArtifacts } from '../../runflow/output';
import { isSuccessful, isTerminal, readRunId, readRunStatus } from '../../runflow/run';
import { readRetryAfter } from './pace';

/** So many runs are looked at in Runflow's list; fewer are asked for one by one. */
export const MANY = 4;
/** How many of the newest runs are looked through at the most: others of the organization may be newer than ours. */
const LONGEST_SPAN = 2000;
/** How many runs of others may be newer at first. */
const OTHERS = 50;

/** What one look at the list gives. */
export interface Overview {
	/** The records that tell all there is to know for now, by run id. Any other run has to be asked for by itself. */
	records: ReadonlyMap<string, IDataObject>;
	/** How many of the runs stand among those that were looked through. */
	found: number;
	/** Why Runflow did not show the list: a fault that passes, or a refusal. It may have asked to wait so long (ms). */
	failed?: { passing: boolean; retryAfter: number | undefined };
}

/**
 * Looks at many runs with one request, or a few: in Runflow's list of the newest runs.
 * @param span how many of the newest runs to look through, unless all are found before
 * @see runflow-api.md sections 3 ("output": read like a single run) and 4
 */
export async function lookAtRuns(
	this: ApiContext,
	runIds: ReadonlySet<string>,
	span: number,
	started: Started,
): Promise<Overview> {
	const records = new Map<string, IDataObject>();
	const found = new Set<string>();
	const overview = (): Overview => ({ records, found: found.size });
	const limit = Math.min(span, LONGEST_PAGE);
	let cursor = '';
	for (let left = span; left > 0; left -= limit) {
		const seen = await fetchNewestRuns.call(this, { limit, cursor }, started);
		if (!('answer' in seen)) {
			return { ...overview(), failed: { passing: true, retryAfter: undefined } };
		}
		const { statusCode, headers } = seen.answer;
		const page = readRuns(seen.answer);
		if (page === undefined) {
			const retryAfter = readRetryAfter(headers['retry-after'], Date.now());
			return { ...overview(), failed: { passing: isPassing(statusCode), retryAfter } };
		}
		for (const run of page.runs) {
			const id = readRunId(run) ?? '';
			if (!runIds.has(id)) continue;
			found.add(id);
			if (tellsAll(run)) records.set(id, run);
		}
		cursor = page.next;
		if (cursor === '' || found.size === runIds.size) break;
	}
	return overview();
}

/** How many of the newest runs to look through for so many that were just started. */
export function firstSpan(items: number): number {
	return items + OTHERS;
}

/** How many to look through next, where some were not among so many; undefined where it would be too many. */
export function nextSpan(span: number): number | undefined {
	return span >= LONGEST_SPAN ? undefined : Math.min(2 * span, LONGEST_SPAN);
}

/** The records that the list tells all of, however old the runs. Of a few it tells none: they are asked for one by one. */
export async function lookIfMany(
	this: ApiContext,
	runIds: Iterable<string>,
	started: Started,
): Promise<Overview['records']> {
	const ids = new Set(runIds);
	if (ids.size < MANY) return new Map();
	const seen = await lookAtRuns.call(this, ids, firstSpan(ids.size), started);
	if (seen.failed !== undefined || seen.found === ids.size) return seen.records;
	return (await lookAtRuns.call(this, ids, LONGEST_SPAN, started)).records;
}

/** A run that has failed is asked for by itself: why it failed need not stand in the list. Nor need results. */
function tellsAll(run: IDataObject): boolean {
	const status = readRunStatus(run);
	if (!isTerminal(status)) return true;
	return isSuccessful(status) && readArtifacts(run.output).length > 0 && run.cost !== undefined;
}
