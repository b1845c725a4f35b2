import {
	type IDataObject,
	type IExecutePaginationFunctions,
	type IHttpRequestOptions,
	sleep,
} from 'n8n-workflow';

import { isPassing } from '../../runflow/api';
import { asText, isObject } from '../../runflow/json';
import { findNamed, findStarted, type RunsPage } from '../../runflow/match';
import { fetchNewestRuns, LONGEST_PAGE, readRuns } from '../../runflow/newestRuns';
import { readRunId } from '../../runflow/run';
import { claimRun, countInDoubt, countInFlight, isClaimed, whileInDoubt } from './claims';
import { inTurn, type Turns } from './inTurn';
import { digest, isTaken, type Entry } from './ledger';
import { pause } from './pause';

/** How long to wait for the answers to requests alike before looking, in milliseconds. */
const LONGEST_FLIGHT = 60_000;

/**
 * Looks in Runflow's newest runs for the one that a request without a clear answer may have started.
 * @param entry adopts the run that is found
 * @param since when the request was sent (ms since 1970)
 * @param lookAfter when to look, in milliseconds after each other
 * @param doubt whether the request was sent just now, or by an earlier try or execution
 * @returns its record; `none` where the last look shows that there is none; `unclear` otherwise
 */
export async function searchRun(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	entry: Entry,
	since: number,
	lookAfter: number[],
	doubt: 'own' | 'earlier' = 'own',
): Promise<IDataObject | 'none' | 'unclear'> {
	const body = bodyText(request);
	const stopped = this.getExecutionCancelSignal();
	const turns = await turnsOf(this);
	return await whileInDoubt(body, async () => {
		let latest: IDataObject | 'none' | 'unclear' = 'unclear';
		for (const delay of lookAfter) {
			await pause(delay, ...(stopped === undefined ? [] : [stopped]));
			if (!(await othersAnswered(this, body))) return 'unclear';
			const page = await inTurn(turns, async () => await readNewest.call(this, request));
			// Who has asked for the same meanwhile is to take its own run first.
			if (!(await othersAnswered(this, body))) return 'unclear';
			if (page === 'refused') return 'unclear';
			// What an earlier look has shown is out of date.
			latest = 'unclear';
			if (page === undefined) continue;
			latest = findStarted(
				page,
				{ body: isObject(request.body) ? request.body : {}, since, alike: countInDoubt(body) },
				(runId) => (doubt === 'own' && isClaimed(runId)) || isTaken(this, runId),
			);
			// Another retry of this very execution may have found the run before.
			if (typeof latest !== 'string' && isClaimed(readRunId(latest) ?? '')) return 'unclear';
			if (typeof latest !== 'string') {
				// Where an earlier one reports its end to is not known.
				adoptRun(entry, latest, doubt === 'own' ? entry.executionId : undefined);
				return latest;
			}
		}
		return latest;
	});
}

/**
 * Looks for the run that Runflow refuses to start a second time under the same key: that of an execution which n8n
 * has forgotten, since it was killed. What goes with the input may be another one by now, and Runflow says no more
 * than that; so the run has to have the same Client Reference.
 * @param entry adopts the run that is found
 * @returns its record; undefined where it does not stand out among the newest runs
 */
export async function searchByName(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	entry: Entry,
): Promise<IDataObject | undefined> {
	const turns = await turnsOf(this);
	const page = await inTurn(turns, async () => await readNewest.call(this, request));
	if (page === undefined || page === 'refused') return undefined;
	const body = isObject(request.body) ? request.body : {};
	// Whose file another one is cannot be told; but what this n8n has started since, it remembers.
	const hasFiles = bodyText(request).includes('"runflow://assets/') || entry.assets !== undefined;
	const isAnothers = (runId: string) => hasFiles && isClaimed(runId);
	const named = findNamed(page.runs, body, (runId) => isTaken(this, runId) || isAnothers(runId));
	// It reports its end to the execution that has started it, whichever that is.
	if (named !== undefined) adoptRun(entry, named, undefined);
	return named;
}

/** Waits until no request alike is under way: its run would be taken for the one that is looked for. */
async function othersAnswered(
	context: IExecutePaginationFunctions,
	body: string,
): Promise<boolean> {
	const deadline = Date.now() + LONGEST_FLIGHT;
	while (countInFlight(body) > 0) {
		if (isStopped(context) || Date.now() > deadline) return false;
		await sleep(50);
	}
	return !isStopped(context);
}

/** Runflow's newest runs; undefined where they do not come this time. */
async function readNewest(
	this: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
): Promise<RunsPage | 'refused' | undefined> {
	const seen = await fetchNewestRuns.call(this, { limit: LONGEST_PAGE }, request);
	if (!('answer' in seen)) return undefined;
	const { answer } = seen;
	// A key that may not read runs will not be able to in a second either.
	if (!isPassing(answer.statusCode)) return 'refused';
	const page = readRuns(answer);
	if (page === undefined) return undefined;
	const clock = Date.parse(asText(answer.headers.date));
	return {
		runs: page.runs,
		isWhole: page.isWhole,
		more: !page.isLast,
		clockAhead: Number.isNaN(clock) ? undefined : clock - Date.now(),
	};
}

type NewestTurns = Turns<Awaited<ReturnType<typeof readNewest>>>;

/** The looks at the newest runs, by the items that they are taken for and the account that they show. */
const newestTurns = new WeakMap<object, Map<string, NewestTurns>>();

/**
 * A thousand answers may be lost in the same moment, and a look holds hundreds of runs: so all items of an
 * execution share them. Where a credential has expressions, items may have accounts of their own.
 */
async function turnsOf(context: IExecutePaginationFunctions): Promise<NewestTurns> {
	let account: string;
	try {
		const { apiKey, baseUrl, organizationId } = await context.getCredentials('runflowApi');
		account = digest(JSON.stringify([apiKey, baseUrl, organizationId]));
	} catch {
		// A run may be paid for: who cannot share a look takes one alone.
		return {};
	}
	const group = context.getExecuteData();
	const known = newestTurns.get(group) ?? new Map<string, NewestTurns>();
	newestTurns.set(group, known);
	const turns = known.get(account) ?? {};
	known.set(account, turns);
	return turns;
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
		claimRun(runId);
	}
	delete entry.doubt;
}

/** What is sent, as one text. */
export function bodyText({ body }: IHttpRequestOptions): string {
	return JSON.stringify(body);
}

/** Whether Stop was pressed. */
export function isStopped(context: IExecutePaginationFunctions): boolean {
	return context.getExecutionCancelSignal()?.aborted === true;
}
