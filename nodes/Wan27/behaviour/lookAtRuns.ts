import type { IDataObject } from 'n8n-workflow';

import { fetchJson, isPassing, type ApiContext, type Started } from '../../runflow/api';
import { asText, isObject } from '../../runflow/json';
import { readArtifacts } from '../../runflow/output';
import { isSuccessful, isTerminal, readRunId, readRunStatus } from '../../runflow/run';
import { readRetryAfter } from './pace';

/** So many runs are looked at in Runflow's list; fewer are asked for one by one. */
export const MANY = 4;
/** The most that a page of the list holds. @see runflow-api.md section 4 */
const LONGEST_PAGE = 500;
/** How many of the newest runs are looked through at the most: others of the organization may be newer than ours. */
const LONGEST_SPAN = 2000;

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
 * Looks at many runs with a request or two: in Runflow's list of the newest runs.
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
	const query: IDataObject = { limit, sort_by: 'created_at:desc' };
	for (let left = span; left > 0; left -= limit) {
		const seen = await fetchJson.call(this, '/v1/runs', started, query);
		if (!('answer' in seen)) {
			return { ...overview(), failed: { passing: true, retryAfter: undefined } };
		}
		const { statusCode, headers, body } = seen.answer;
		if (statusCode !== 200 || !isObject(body) || !Array.isArray(body.items)) {
			const retryAfter = readRetryAfter(headers['retry-after'], Date.now());
			return { ...overview(), failed: { passing: isPassing(statusCode), retryAfter } };
		}
		const runs: unknown[] = body.items;
		for (const run of runs.filter(isObject)) {
			const id = readRunId(run) ?? '';
			if (!runIds.has(id)) continue;
			found.add(id);
			if (tellsAll(run)) records.set(id, run);
		}
		// @see runflow-api.md section 10 (9): two spellings
		query.pq = asText(body.next ?? body.next_pq);
		if (query.pq === '' || found.size === runIds.size) break;
	}
	return overview();
}

/** How many of the newest runs to look through for so many that were just started. */
export function firstSpan(items: number): number {
	return items + 50;
}

/** How many to look through next, where some were not among so many; undefined where it would be too many. */
export function nextSpan(span: number): number | undefined {
	return span >= LONGEST_SPAN ? undefined : Math.min(2 * span, LONGEST_SPAN);
}

/** The same where they are many, however old. Few are not shown: they are asked for one by one. */
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
