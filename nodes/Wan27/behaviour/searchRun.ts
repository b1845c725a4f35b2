import type { IDataObject, IExecutePaginationFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { isPassing } from '../../runflow/api';
import { asText } from '../../runflow/json';
import { findStart, type RunsPage, type SoughtStart } from '../../runflow/match';
import { fetchNewestRuns, LONGEST_PAGE, readRuns } from '../../runflow/newestRuns';
import { readRunId } from '../../runflow/run';
import { inTurn, type Turns } from './inTurn';
import { digest, isTaken, type Entry } from './ledger';
import { pause } from './pause';
import { HASH_DIGITS } from './startName';

/** How far back the starts of an execution that n8n has lost are looked for, in milliseconds. */
export const LOST_WINDOW = 3 * 24 * 60 * 60_000;
/** The most pages of the list that are read for them: 10,000 runs. */
const MAX_PAGES = 20;
/** Runflow's clock need not be ours, in milliseconds. */
const MARGIN = 60 * 60_000;

/** For which item a run is looked for, and how. */
interface Search {
	entry: Entry;
	/** The execution that has sent the start, where that is known. */
	startedIn: string | undefined;
	/** How long to wait before each look, in milliseconds. */
	pauses: number[];
	/** Whether an execution that n8n has lost may have sent the start. */
	isLost?: boolean;
}

/**
 * Looks in Runflow's list for the run of a start, and notes it as the item's.
 * @returns its record; `none` where the last look shows that there is none; `unclear` otherwise
 */
export async function searchRun(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	sought: SoughtStart,
	{ entry, startedIn, pauses, isLost = false }: Search,
): Promise<IDataObject | 'none' | 'unclear'> {
	const stopped = this.getExecutionCancelSignal();
	const looks = await sharedLooks(this);
	// A start of this execution is among the newest runs, one that was lost may be far behind.
	if (isLost && sought.hash !== undefined) looks.wanted.add(sought.hash);
	else if (isLost) looks.readsAll = true;
	let latest: IDataObject | 'none' | 'unclear' = 'unclear';
	for (const ms of pauses) {
		await pause(ms, ...(stopped === undefined ? [] : [stopped]));
		if (isStopped(this)) return 'unclear';
		const page = await inTurn(looks, async () => await readNewest.call(this, request, looks));
		if (page === 'refused') return 'unclear';
		// What an earlier look has shown is out of date.
		latest =
			page === undefined ? 'unclear' : findStart(page, sought, (runId) => isTaken(this, runId));
		if (typeof latest !== 'string') {
			// At once: other items share the look, and must not take the same run.
			adoptRun(entry, latest, startedIn);
			return latest;
		}
	}
	return latest;
}

/** Runflow's newest runs, and older ones while one is missing; undefined where they do not come this time. */
async function readNewest(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	{ wanted, readsAll }: SharedLooks,
): Promise<RunsPage | 'refused' | undefined> {
	const runs: IDataObject[] = [];
	let isWhole = true;
	let cursor = '';
	for (let pages = 1; ; pages++) {
		const seen = await fetchNewestRuns.call(this, { limit: LONGEST_PAGE, cursor }, request);
		if (!('answer' in seen)) return undefined;
		const { answer } = seen;
		// A key that may not read runs will not be able to in a second either.
		if (!isPassing(answer.statusCode)) return 'refused';
		const page = readRuns(answer);
		if (page === undefined) return undefined;
		runs.push(...page.runs);
		isWhole &&= page.isWhole;
		cursor = page.next;
		const shown = new Set(
			runs.flatMap(({ client_ref: reference }) => [
				asText(reference),
				asText(reference).slice(-HASH_DIGITS),
			]),
		);
		const isMissing = readsAll || [...wanted].some((name) => !shown.has(name));
		const oldest = Date.parse(asText(page.runs.at(-1)?.created_at));
		const reachesBack = oldest < Date.now() - LOST_WINDOW - MARGIN;
		const hasMore = !page.isLast && cursor !== '' && !reachesBack && pages < MAX_PAGES;
		if (isMissing && hasMore) continue;
		const clock = Date.parse(asText(answer.headers.date));
		return {
			runs,
			isWhole,
			more: !page.isLast,
			clockAhead: Number.isNaN(clock) ? undefined : clock - Date.now(),
		};
	}
}

/** The looks at the list that all items of a node share. */
interface SharedLooks extends Turns<RunsPage | 'refused' | undefined> {
	/** Hashes of starts that an execution may have sent which n8n has lost. */
	wanted: Set<string>;
	/** Whether to read on though these are found: a reference of the user's own may stand on several runs. */
	readsAll: boolean;
}

/** By the items that the looks are taken for, and the account that they show. */
const shared = new WeakMap<object, Map<string, SharedLooks>>();

/**
 * A thousand answers may be lost in the same moment, and a look holds hundreds of runs: so all items of an
 * execution share them. Where a credential has expressions, items may have accounts of their own.
 */
async function sharedLooks(context: IExecutePaginationFunctions): Promise<SharedLooks> {
	let account: string;
	try {
		const { apiKey, baseUrl, organizationId } = await context.getCredentials('runflowApi');
		account = digest(JSON.stringify([apiKey, baseUrl, organizationId]));
	} catch {
		// A run may be paid for: an item that cannot share a look takes one alone.
		return { wanted: new Set(), readsAll: false };
	}
	const group = context.getExecuteData();
	const known = shared.get(group) ?? new Map<string, SharedLooks>();
	shared.set(group, known);
	const looks = known.get(account) ?? { wanted: new Set<string>(), readsAll: false };
	known.set(account, looks);
	return looks;
}

/**
 * Notes that a run is the item's.
 * @param startedIn the execution that has started it, where that is known
 */
export function adoptRun(entry: Entry, record: IDataObject, startedIn: string | undefined): void {
	const runId = readRunId(record);
	if (runId !== undefined) {
		entry.runId = runId;
		entry.startedAt = Date.now();
		entry.startedIn = startedIn;
	}
	delete entry.doubt;
}

/** Whether Stop was pressed. */
export function isStopped(context: IExecutePaginationFunctions): boolean {
	return context.getExecutionCancelSignal()?.aborted === true;
}
