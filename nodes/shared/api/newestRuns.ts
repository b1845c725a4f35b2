import type { IDataObject } from 'n8n-workflow';

import { callApi, type ApiContext, type Connection } from './client';
import type { ApiAnswer, ApiResult } from './result';
import { asText, isObject } from '../values/json';
import { readRunId } from './run';

/** The most that a page of the list holds. @see docs/runflow-api.md, "List runs" */
export const LONGEST_PAGE = 500;

/** Which part of the list to read. */
export interface Part {
	/** How many runs, {@link LONGEST_PAGE} at the most. */
	limit: number;
	/** Where the page before it has ended, as that page says; empty for the first one. */
	cursor?: string;
}

/** Reads Runflow's list of runs, the newest first. @see docs/runflow-api.md, "List runs" */
export async function fetchNewestRuns(
	context: ApiContext,
	{ limit, cursor = '' }: Part,
	connection: Connection,
): Promise<ApiResult<Page>> {
	const qs = { limit, sort_by: 'created_at:desc', ...(cursor === '' ? {} : { pq: cursor }) };
	return await callApi(context, { method: 'GET', url: '/v1/runs', qs }, connection, readRuns);
}

/** A page of the list. */
export interface Page {
	runs: IDataObject[];
	/** Where the next one begins; empty where it is the last one. */
	next: string;
	/** Whether Runflow says that nothing comes behind it. */
	isLast: boolean;
	/** Whether every entry of it is a run that can be told from others. */
	isWhole: boolean;
}

/**
 * The runs on a page of the list; undefined where the answer is no such page.
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
