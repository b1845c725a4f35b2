import type { Kill } from './kills';
import type { Order } from './orders';
import type { Phase } from './phases';
import type { Served } from './recover';
import type { Whereabouts } from './whereabouts';

/** A run that was paid for an order. */
export interface PaidRun {
	readonly id: string;
	/** Where it was found before the recovery; undefined where the recovery has started it. */
	readonly where: Whereabouts | undefined;
}

/** One order at the end: its runs, and its result. */
export interface Closed {
	readonly order: Order;
	readonly runs: readonly PaidRun[];
	readonly served: Served;
}

/** What became of the orders of one mode. */
export interface Account {
	readonly orders: number;
	readonly kills: number;
	/** How many orders the kills have met in each phase. */
	readonly met: Readonly<Partial<Record<Phase, number>>>;
	/** Where each run was found that was paid before the recovery. */
	readonly found: Readonly<Record<Whereabouts, number>>;
	/** Runs that neither stand in n8n nor were found by the recovery, by the names of their orders. */
	readonly lost: readonly string[];
	/** Orders with more than one run afterwards. */
	readonly paidTwice: readonly string[];
	/** Runs paid in all, afterwards. */
	readonly paid: number;
	readonly served: Readonly<Record<Served['by'], number>>;
	/** Orders without a result afterwards, and why. */
	readonly unserved: readonly string[];
}

/** Adds up what the kills have met, and how the orders of one mode have ended. */
export function accountOf(closed: readonly Closed[], kills: readonly Kill[]): Account {
	const found = { item: 0, error: 0, waiting: 0, 'broken off': 0, nowhere: 0 };
	const served = { item: 0, 'callback sent again': 0, retry: 0, nothing: 0 };
	const met: Partial<Record<Phase, number>> = {};
	const names = new Set(closed.map(({ order }) => order.name));
	for (const [order, phase] of kills.flatMap((kill) => [...kill.met])) {
		if (names.has(order.name)) met[phase] = (met[phase] ?? 0) + 1;
	}
	for (const { runs, served: result } of closed) {
		served[result.by] += 1;
		for (const { where } of runs) if (where !== undefined) found[where] += 1;
	}
	return {
		orders: closed.length,
		kills: kills.length,
		met,
		found,
		lost: closed.filter(hasLostRun).map(({ order }) => order.name),
		paidTwice: closed.filter(({ runs }) => runs.length > 1).map(({ order }) => order.name),
		paid: closed.reduce((sum, { runs }) => sum + runs.length, 0),
		served,
		unserved: closed.flatMap(({ order, served: result }) =>
			result.by === 'nothing' ? [`${order.name}: ${result.why}`] : [],
		),
	};
}

/** Whether something went wrong with an order. */
export function isTroubled(closed: Closed): boolean {
	return hasLostRun(closed) || closed.runs.length !== 1 || closed.served.by === 'nothing';
}

function hasLostRun({ runs, served }: Closed): boolean {
	return runs.some(({ id, where }) => {
		const isRecovered = served.by !== 'nothing' && served.runId === id;
		return !isRecovered && (where === undefined || where === 'broken off' || where === 'nowhere');
	});
}
