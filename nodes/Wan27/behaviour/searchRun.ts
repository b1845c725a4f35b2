import type { IDataObject, IExecutePaginationFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { isPassing } from '../../runflow/api';
import { asText } from '../../runflow/json';
import { findStart, type RunsPage, type SoughtStart } from '../../runflow/match';
import { fetchNewestRuns, LONGEST_PAGE, readRuns } from '../../runflow/newestRuns';
import { readRunId } from '../../runflow/run';
import { inTurn, type Turns } from './inTurn';
import { digest, isTaken, type Entry } from './ledger';
import { pause } from './pause';

/** The most pages of the list that are read for the starts of an execution that n8n has lost: 10,000 runs. */
const MAX_PAGES = 20;

/**
 * Looks in Runflow's list for the run of a start.
 * @param pauses how long to wait before each look, in milliseconds
 * @returns its record; `none` where the last look shows that there is none; `unclear` otherwise
 */
export async function searchRun(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	sought: SoughtStart,
	pauses: number[],
): Promise<IDataObject | 'none' | 'unclear'> {
	const stopped = this.getExecutionCancelSignal();
	const looks = await sharedLooks(this);
	// A start of this execution is among the newest runs. When a lost one was sent is not known.
	if (sought.since === undefined) looks.wanted.add(sought.hash ?? sought.reference);
	let latest: IDataObject | 'none' | 'unclear' = 'unclear';
	for (const ms of pauses) {
		await pause(ms, ...(stopped === undefined ? [] : [stopped]));
		if (isStopped(this)) return 'unclear';
		const page = await inTurn(
			looks,
			async () => await readNewest.call(this, request, looks.wanted),
		);
		if (page === 'refused') return 'unclear';
		// What an earlier look has shown is out of date.
		latest =
			page === undefined ? 'unclear' : findStart(page, sought, (runId) => isTaken(this, runId));
		if (typeof latest !== 'string') return latest;
	}
	return latest;
}

/** Runflow's newest runs, and older ones while one is missing; undefined where they do not come this time. */
async function readNewest(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	wanted: ReadonlySet<string>,
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
		const references = runs.map((run) => asText(run.client_ref));
		const isMissing = [...wanted].some((end) => !references.some((text) => text.endsWith(end)));
		if (isMissing && !page.isLast && cursor !== '' && pages < MAX_PAGES) continue;
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
interface SharedLooks extends Turns<Awaited<ReturnType<typeof readNewest>>> {
	/** Ends of references that are to be found however old their runs are. */
	wanted: Set<string>;
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
		return { wanted: new Set() };
	}
	const group = context.getExecuteData();
	const known = shared.get(group) ?? new Map<string, SharedLooks>();
	shared.set(group, known);
	const looks = known.get(account) ?? { wanted: new Set() };
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
