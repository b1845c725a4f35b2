import type { IDataObject, IExecutePaginationFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { asText } from '../../values/json';
import {
	earliestOf,
	findStart,
	madeAt,
	readReference,
	type RunsPage,
	type SoughtStart,
} from './findStart';
import { fetchNewestRuns, LONGEST_PAGE } from '../../api/newestRuns';
import { readRunId } from '../../api/run';
import { coalesce, type Coalesced } from '../../async/coalesce';
import { digest, isTaken, type StartRecord } from './startLedger';
import { pause } from '../../async/pause';
import { HASH_DIGITS } from './startName';

/** The most pages of the list that are read at a look: 10,000 runs. */
const MAX_PAGES = 20;

/** For which item a run is looked for, and how. */
interface Search {
	startRecord: StartRecord;
	/** The execution that has sent the start, where that is known. */
	startedIn: string | undefined;
	/** How long to wait before each lookup, in milliseconds. */
	pauses: number[];
}

/**
 * Looks in Runflow's list for the run of a start, and notes it as the item's.
 * @returns its record; `none` where the last look shows that there is none; `unclear` otherwise
 */
export async function searchRun(
	context: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	sought: SoughtStart,
	{ startRecord, startedIn, pauses }: Search,
): Promise<IDataObject | 'none' | 'unclear'> {
	const stopped = context.getExecutionCancelSignal();
	const lookups = await sharedLookups(context);
	let latest: IDataObject | 'none' | 'unclear' = 'unclear';
	for (const ms of pauses) {
		await pause(ms, ...(stopped === undefined ? [] : [stopped]));
		if (isStopped(context)) return 'unclear';
		lookups.wanted.add(sought);
		const page = await coalesce(lookups, async () => await readNewest(context, request, lookups));
		lookups.wanted.delete(sought);
		if (page === 'refused') return 'unclear';
		// What an earlier look has shown is out of date.
		latest =
			page === undefined ? 'unclear' : findStart(page, sought, (runId) => isTaken(context, runId));
		if (typeof latest !== 'string') {
			// At once: other items share the look, and must not take the same run.
			adoptRun(startRecord, latest, startedIn);
			return latest;
		}
	}
	return latest;
}

/**
 * Runflow's newest runs, and older ones while a wanted one is missing that may be among them: a thousand starts may be
 * lost in the same moment, or long ago. Undefined where they do not come this time.
 */
async function readNewest(
	context: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	{ wanted }: SharedLookups,
): Promise<RunsPage | 'refused' | undefined> {
	const runs: IDataObject[] = [];
	/** The ends of the runs' references, which are the hashes of those that the node made. */
	const shown = new Set<string>();
	let isWhole = true;
	let cursor = '';
	for (let pages = 1; ; pages++) {
		const seen = await fetchNewestRuns(context, { limit: LONGEST_PAGE, cursor }, request);
		// A key that may not read runs will not be able to in a second either. What a broken page has named as the next
		// one may be refused as well.
		if (!seen.ok) return seen.error.isTransient || pages > 1 ? undefined : 'refused';
		const { value: page, answer } = seen;
		runs.push(...page.runs);
		isWhole &&= page.isWhole;
		cursor = page.next;
		const clock = Date.parse(asText(answer.headers.date));
		const clockAhead = Number.isNaN(clock) ? undefined : clock - Date.now();
		for (const run of page.runs) shown.add(readReference(run).slice(-HASH_DIGITS));
		const oldest = madeAt(page.runs.at(-1) ?? {});
		const isMissing = [...wanted].some((sought) => {
			// A reference of the user's own may stand on several runs.
			const isShown = sought.hash !== undefined && shown.has(sought.hash);
			const isOlder = sought.since !== undefined && !(oldest < earliestOf({ clockAhead }, sought));
			return isOlder && !isShown;
		});
		if (isMissing && !page.isLast && cursor !== '' && pages < MAX_PAGES) continue;
		return { runs, isWhole, more: !page.isLast, clockAhead };
	}
}

/** The lookups at the list that all items of a node share. */
interface SharedLookups extends Coalesced<RunsPage | 'refused' | undefined> {
	/** What is looked for at present. */
	wanted: Set<SoughtStart>;
}

/** By the items that the lookups are made for, and the account that they show. */
const shared = new WeakMap<object, Map<string, SharedLookups>>();

/**
 * A thousand answers may be lost in the same moment, and a look holds hundreds of runs: so all items of an
 * execution share them. Where a credential has expressions, items may have accounts of their own.
 */
async function sharedLookups(context: IExecutePaginationFunctions): Promise<SharedLookups> {
	let account: string;
	try {
		const { apiKey, baseUrl, organizationId } = await context.getCredentials('runflowApi');
		account = digest(JSON.stringify([apiKey, baseUrl, organizationId]));
	} catch {
		// A run may be paid for: an item that cannot share a look takes one alone.
		return { wanted: new Set() };
	}
	const group = context.getExecuteData();
	const known = shared.get(group) ?? new Map<string, SharedLookups>();
	shared.set(group, known);
	const lookups = known.get(account) ?? { wanted: new Set<SoughtStart>() };
	known.set(account, lookups);
	return lookups;
}

/**
 * Notes that a run is the item's.
 * @param startedIn the execution that has started it, where that is known
 */
export function adoptRun(
	startRecord: StartRecord,
	record: IDataObject,
	startedIn: string | undefined,
): void {
	const runId = readRunId(record);
	if (runId !== undefined) {
		startRecord.runId = runId;
		startRecord.startedAt = Date.now();
		startRecord.startedIn = startedIn;
	}
	delete startRecord.doubt;
}

/** Whether Stop was pressed. */
export function isStopped(context: IExecutePaginationFunctions): boolean {
	return context.getExecutionCancelSignal()?.aborted === true;
}
