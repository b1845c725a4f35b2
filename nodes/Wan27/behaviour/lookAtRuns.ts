import type { IDataObject } from 'n8n-workflow';

import { fetchJson, type ApiContext, type Started } from '../../runflow/api';
import { asText, isObject } from '../../runflow/json';
import { isSuccessful, isTerminal, readRunId, readRunStatus } from '../../runflow/run';
import { readRetryAfter } from './pace';

/** So many runs are looked at in Runflow's list; fewer are asked for one by one. */
export const MANY = 4;
/** The most that a page of the list holds. @see runflow-api.md section 4 */
const LONGEST_PAGE = 500;
/** How many runs of others may be newer without pushing ours off the pages that are read. */
const OTHERS = 50;

/** What one look at the list gives. */
export interface Overview {
	/** The records that tell all there is to know for now, by run id. Any other run has to be asked for by itself. */
	records: ReadonlyMap<string, IDataObject>;
	/** Runflow has asked to wait so long (ms). */
	retryAfter?: number | undefined;
}

/**
 * Looks at many runs with a request or two: in Runflow's list of the newest runs.
 * @param among how many were started together: those that have ended stand in the list too
 * @see runflow-api.md sections 3 ("output": read like a single run) and 4
 */
export async function lookAtRuns(
	this: ApiContext,
	runIds: ReadonlySet<string>,
	among: number,
	started: Started,
): Promise<Overview> {
	const records = new Map<string, IDataObject>();
	const limit = Math.min(among + OTHERS, LONGEST_PAGE);
	const query: IDataObject = { limit, sort_by: 'created_at:desc' };
	for (let left = among + OTHERS; left > 0; left -= limit) {
		const seen = await fetchJson.call(this, '/v1/runs', started, query);
		if (!('answer' in seen)) break;
		const { statusCode, headers, body } = seen.answer;
		if (statusCode !== 200 || !isObject(body) || !Array.isArray(body.items)) {
			return { records, retryAfter: readRetryAfter(headers['retry-after'], Date.now()) };
		}
		const runs: unknown[] = body.items;
		for (const run of runs.filter(isObject)) {
			const id = readRunId(run) ?? '';
			if (runIds.has(id) && tellsAll(run)) records.set(id, run);
		}
		// @see runflow-api.md section 10 (9): two spellings
		query.pq = asText(body.next ?? body.next_pq);
		if (query.pq === '' || records.size === runIds.size) break;
	}
	return { records };
}

/** The same where they are many. Few are not shown: they are asked for one by one. */
export async function lookIfMany(
	this: ApiContext,
	runIds: Iterable<string>,
	among: number,
	started: Started,
): Promise<Overview['records']> {
	const ids = new Set(runIds);
	return ids.size < MANY ? new Map() : (await lookAtRuns.call(this, ids, among, started)).records;
}

/** A run that has failed is asked for by itself: why it failed need not stand in the list. */
function tellsAll(run: IDataObject): boolean {
	const status = readRunStatus(run);
	return !isTerminal(status) || (isSuccessful(status) && isObject(run.output));
}
