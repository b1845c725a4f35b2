import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';

import type { Started } from '../../runflow/api';
import { isSuccessful, isTerminal, readRunStatus } from '../../runflow/run';
import { firstSpan, lookAtRuns, MANY, nextSpan } from './lookAtRuns';
import { sharedInterval, type Pace } from './pace';
import { idle, pause } from './pause';
import { bell, type Signal } from './signal';

/** One item that waits beside others. */
export interface Seat {
	readonly runId: string;
	/** Whether Runflow's list of runs shows the run, so that the item need not ask by itself. */
	listed: boolean;
	/** What the list has shown since the item listened last. */
	news?: IDataObject | undefined;
	wake: () => void;
	/** Until when Runflow has asked not to be asked (ms since 1970). */
	quietTill: number;
}

/** The items of one execution that wait side by side. */
export interface Group {
	readonly seats: Set<Seat>;
	/** How many of them ask by themselves. */
	unlisted: number;
	/** Somebody looks at the list for all. */
	watched: boolean;
}

/** How long after one of the runs has succeeded the others are near their end too, in milliseconds. */
const NEAR_FOR = 30_000;

const groups = new WeakMap<object, Group>();

/** @param key what is the same for all items that wait side by side */
export function groupOf(key: object): Group {
	const group = groups.get(key) ?? { seats: new Set(), unlisted: 0, watched: false };
	groups.set(key, group);
	return group;
}

/**
 * Lets an item wait among others, until it gets up. From a few items on, one look at
 * Runflow's list serves all of them, at the pace of the item that made them so many.
 */
export function sitDown(
	context: IExecutePaginationFunctions,
	group: Group,
	{ runId, ...wait }: { runId: string; items: number; pace: Pace; started: Started },
): Seat {
	const { seats, watched } = group;
	const seat: Seat = { runId, listed: watched, wake: () => undefined, quietTill: 0 };
	seats.add(seat);
	if (!watched) group.unlisted++;
	if (!watched && seats.size >= MANY) {
		group.watched = true;
		for (const one of seats) relyOnList(group, one, true);
		watch.call(context, group, wait).catch(() => undefined);
	}
	return seat;
}

/** To be called when the item waits no longer. */
export function getUp(group: Group, seat: Seat): void {
	if (group.seats.delete(seat) && !seat.listed) group.unlisted--;
}

/**
 * Waits so many milliseconds, or until there is something to do for the item.
 * @param over aborted when nobody waits for the item any more
 * @returns whether the item need not ask now: the list has shown its run, or has just ceased to
 */
export async function listen(seat: Seat, ms: number, over: Signal): Promise<boolean> {
	if (hasNews(seat)) return true;
	const woken = bell();
	seat.wake = woken.abort;
	await pause(ms, over, woken);
	return woken.aborted || hasNews(seat);
}

/** Looks at the list for all items until none waits any more. */
async function watch(
	this: IExecutePaginationFunctions,
	group: Group,
	{ items, pace, started }: { items: number; pace: Pace; started: Started },
): Promise<void> {
	const { seats } = group;
	let span = firstSpan(items);
	let mayGrow = true;
	let nearTill = 0;
	let shown = true;
	let retryAfter: number | undefined;
	for (let looks = 0; ; looks++) {
		const near = Date.now() < nearTill;
		const situation = { looks, near, shown, retryAfter, random: Math.random() };
		await idle(sharedInterval(pace, situation));
		if (seats.size === 0) {
			group.watched = false;
			return;
		}
		const runIds = new Set([...seats].map(({ runId }) => runId));
		const { records, found, failed } = await lookAtRuns.call(this, runIds, span, started);
		if (mayGrow && failed === undefined && found < runIds.size) {
			const next = nextSpan(span);
			// A run that is not even among that many is not worth reading so much for.
			mayGrow = next !== undefined;
			span = next ?? firstSpan(items);
		}
		retryAfter = failed?.retryAfter;
		shown = records.size > 0;
		for (const seat of seats) {
			const record = records.get(seat.runId);
			// A fault that passes is no reason for all of them to ask at once.
			if (record !== undefined || failed?.passing !== true)
				relyOnList(group, seat, record !== undefined);
			seat.quietTill = Date.now() + (retryAfter ?? 0);
			if (record === undefined) continue;
			seat.news = record;
			if (!isTerminal(readRunStatus(record))) continue;
			if (isSuccessful(readRunStatus(record))) nearTill = Date.now() + NEAR_FOR;
			seat.wake();
		}
	}
}

function hasNews({ news }: Seat): boolean {
	return news !== undefined;
}

function relyOnList(group: Group, seat: Seat, listed: boolean): void {
	if (seat.listed === listed) return;
	seat.listed = listed;
	group.unlisted += listed ? -1 : 1;
	seat.wake();
}
