import type { Kill } from './kills';
import type { Task } from './tasks';
import type { Phase } from './phases';
import type { Served } from './recover';
import type { RunLocation } from './runLocation';

/** A run that was paid for a task. */
export interface PaidRun {
	readonly id: string;
	/** Where it was found before the recovery; undefined where the recovery has started it. */
	readonly where: RunLocation | undefined;
}

/** One task at the end: its runs, and its result. */
export interface Closed {
	readonly task: Task;
	readonly runs: readonly PaidRun[];
	readonly served: Served;
}

/** How the tasks of one mode ended. */
export interface Account {
	readonly tasks: number;
	readonly kills: number;
	/** How many tasks the kills have met in each phase. */
	readonly met: Readonly<Partial<Record<Phase, number>>>;
	/** Where each run was found that was paid before the recovery. */
	readonly found: Readonly<Record<RunLocation, number>>;
	/** Runs that are neither in n8n nor were found by the recovery, by the names of their tasks. */
	readonly lost: readonly string[];
	/** Tasks with more than one run afterwards. */
	readonly paidTwice: readonly string[];
	/** Runs paid in all, afterwards. */
	readonly paid: number;
	readonly served: Readonly<Record<Served['by'], number>>;
	/** Tasks without a result afterwards, and why. */
	readonly unserved: readonly string[];
}

/** Adds up what the kills have met, and how the tasks of one mode have ended. */
export function accountOf(closed: readonly Closed[], kills: readonly Kill[]): Account {
	const found = { item: 0, error: 0, waiting: 0, 'broken off': 0, nowhere: 0 };
	const served = { item: 0, 'callback sent again': 0, retry: 0, nothing: 0 };
	const met: Partial<Record<Phase, number>> = {};
	const names = new Set(closed.map(({ task }) => task.name));
	for (const [task, phase] of kills.flatMap((kill) => [...kill.met])) {
		if (names.has(task.name)) met[phase] = (met[phase] ?? 0) + 1;
	}
	for (const { runs, served: result } of closed) {
		served[result.by] += 1;
		for (const { where } of runs) if (where !== undefined) found[where] += 1;
	}
	return {
		tasks: closed.length,
		kills: kills.length,
		met,
		found,
		lost: closed.filter(hasLostRun).map(({ task }) => task.name),
		paidTwice: closed.filter(({ runs }) => runs.length > 1).map(({ task }) => task.name),
		paid: closed.reduce((sum, { runs }) => sum + runs.length, 0),
		served,
		unserved: closed.flatMap(({ task, served: result }) =>
			result.by === 'nothing' ? [`${task.name}: ${result.why}`] : [],
		),
	};
}

/** Whether something went wrong with a task. */
export function isTroubled(closed: Closed): boolean {
	return hasLostRun(closed) || closed.runs.length !== 1 || closed.served.by === 'nothing';
}

function hasLostRun({ runs, served }: Closed): boolean {
	return runs.some(({ id, where }) => {
		const isRecovered = served.by !== 'nothing' && served.runId === id;
		return !isRecovered && (where === undefined || where === 'broken off' || where === 'nowhere');
	});
}
