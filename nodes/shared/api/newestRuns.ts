import type { IDataObject } from 'n8n-workflow';

import { callApi, type Connection, type RequestContext } from './client';
import type { ApiAnswer, ApiResult } from './result/result';
import { asText, isObject } from '../values/json';
import { readRunId } from './run';

/** The most that a page of the list holds. @see docs/runflow-api.md, "List runs" */
export const LONGEST_PAGE = 500;

/** Which part of the list to read. */
export interface Part {
	/** How many runs, {@link LONGEST_PAGE} at the most. */
	limit: number;
	/** The `next` of the page before; empty for the first page. */
	cursor?: string;
}

/** Reads Runflow's list of runs, the newest first. @see docs/runflow-api.md, "List runs" */
export async function fetchNewestRuns(
	context: RequestContext,
	{ limit, cursor = '' }: Part,
	connection: Connection,
): Promise<ApiResult<Page>> {
	const qs = { limit, sort_by: 'created_at:desc', ...(cursor === '' ? {} : { pq: cursor }) };
	return await callApi(context, { method: 'GET', url: '/v1/runs', qs }, connection, readRuns);
}

/** A page of the list. */
export interface Page {
	runs: IDataObject[];
	/** The cursor of the next page; empty where there is none. */
	next: string;
	/** Whether Runflow says that this is the last page. */
	isLast: boolean;
	/** Whether every entry is a run with an id. */
	isWhole: boolean;
}

/**
 * The runs on a page of the list; undefined if the response is not such a page.
 * @see docs/readings.md, row 9
 */
export function readRuns({ status, body }: ApiAnswer): Page | undefined {
	if (status !== 200 || !isObject(body) || !Array.isArray(body.items)) return undefined;
	const items: unknown[] = body.items;
	const next = body.next ?? body.next_pq;
	return {
		runs: items.filter(isObject),
		next: asText(next),
		isLast:
			('next' in body || 'next_pq' in body) && (next ?? '') === '' && items.length < LONGEST_PAGE,
		isWhole: items.every((item) => isObject(item) && readRunId(item) !== undefined),
	};
}
