import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';

import type { Started } from '../../runflow/api';
import { isSuccessful, isTerminal, readRunStatus } from '../../runflow/run';
import { lookAtRuns, MANY } from './lookAtRuns';
import { sharedInterval, type Pace } from './pace';
import { idle, pause } from './pause';

/** One item that waits beside others. */
export interface Seat {
	readonly runId: string;
	/** Whether Runflow's list of runs shows the run, so that the item need not ask by itself. */
	listed: boolean;
	/** What the list has shown since the item listened last. */
	news?: IDataObject | undefined;
	wake: () => void;
}

/** The items of one execution that wait side by side. */
interface Group {
	readonly seats: Set<Seat>;
	/** Somebody looks at the list for all. */
	watched: boolean;
}

const groups = new WeakMap<object, Group>();

/** @param key what is the same for all items that wait side by side */
export function groupOf(key: object): Group {
	const group = groups.get(key) ?? { seats: new Set(), watched: false };
	groups.set(key, group);
	return group;
}

/**
 * Lets an item wait among others, until it is taken from the seats. From a few items on, one look at
 * Runflow's list serves all of them, at the pace of the item that made them so many.
 */
export function sitDown(
	context: IExecutePaginationFunctions,
	group: Group,
	{ runId, ...wait }: { runId: string; items: number; pace: Pace; started: Started },
): Seat {
	const { seats, watched } = group;
	const seat: Seat = { runId, listed: watched, wake: () => undefined };
	seats.add(seat);
	if (!watched && seats.size >= MANY) {
		group.watched = true;
		for (const one of seats) relyOnList(one, true);
		const ended = () => {
			group.watched = false;
		};
		watch.call(context, seats, wait).then(ended, ended);
	}
	return seat;
}

/**
 * Waits so many milliseconds, or until there is something to do for the item.
 * @param over aborted when nobody waits for the item any more
 * @returns whether the item need not ask now: the list has shown its run, or has just ceased to
 */
export async function listen(seat: Seat, ms: number, over: AbortSignal): Promise<boolean> {
	const bell = new AbortController();
	seat.wake = () => {
		bell.abort();
	};
	await pause(ms, over, bell.signal);
	return bell.signal.aborted || seat.news !== undefined;
}

/** Looks at the list for all items until none waits any more. */
async function watch(
	this: IExecutePaginationFunctions,
	seats: ReadonlySet<Seat>,
	{ items, pace, started }: { items: number; pace: Pace; started: Started },
): Promise<void> {
	let near = false;
	let shown = true;
	let retryAfter: number | undefined;
	for (let looks = 0; ; looks++) {
		const situation = { looks, near, shown, retryAfter, random: Math.random() };
		await idle(sharedInterval(pace, situation));
		if (seats.size === 0) return;
		const runIds = new Set([...seats].map(({ runId }) => runId));
		const seen = await lookAtRuns.call(this, runIds, items, started);
		({ retryAfter } = seen);
		shown = seen.records.size > 0;
		for (const seat of seats) {
			const record = seen.records.get(seat.runId);
			relyOnList(seat, record !== undefined);
			if (record === undefined) continue;
			seat.news = record;
			if (!isTerminal(readRunStatus(record))) continue;
			near ||= isSuccessful(readRunStatus(record));
			seat.wake();
		}
	}
}

function relyOnList(seat: Seat, listed: boolean): void {
	if (seat.listed === listed) return;
	seat.listed = listed;
	seat.wake();
}
