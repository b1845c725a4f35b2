import type { Execution } from '../../n8n/executions';
import { accountOf, isTroubled, type Account, type Closed } from './account';
import { entriesOf } from './executionReader';
import { waitUntilSettled, surviveKills, type Kill, type Round, type Target } from './kills';
import type { Mode, Task } from './tasks';
import { recover, runsOf, type Served } from './recover';
import { locationOf, type RunLocation } from './runLocation';

/** What an attack has found. */
export interface Audit {
	readonly kills: readonly Kill[];
	/** Tasks that were sent again since n8n had not taken them. */
	readonly sentAgain: number;
	readonly accounts: ReadonlyMap<Mode, Account>;
	/** Of each task with which something went wrong: its executions, and its runs. */
	readonly traces: readonly string[];
}

/** How many tasks are set right at the same time. */
const AT_ONCE = 6;

/** Kills n8n in the middle of the tasks, looks for every paid run, takes the steps that the documents give, and counts. */
export async function attackWith(target: Target, rounds: readonly Round[]): Promise<Audit> {
	const { kills, sentAgain } = await surviveKills(target, rounds);
	const tasks = rounds.flatMap((round) => round.tasks);
	const found = await findRuns(target, tasks);
	const served = await recoverAll(target, tasks);
	const runs = target.demo.sandbox.acceptedRuns();
	const closed = tasks.map((task): Closed => ({
		task,
		runs: runsOf(runs, task.name).map(({ id }) => ({ id, where: found.get(id) })),
		served: served.get(task) ?? { by: 'nothing', why: 'not looked at' },
	}));
	const modes = [...new Set(tasks.map(({ mode }) => mode))];
	const accounts = modes.map((mode) => {
		const own = closed.filter(({ task }) => task.mode === mode);
		return [mode, accountOf(own, kills)] as const;
	});
	return {
		kills,
		sentAgain,
		accounts: new Map(accounts),
		traces: await trace(target, closed.filter(isTroubled)),
	};
}

/** Where each paid run is, before anybody does anything about it. */
async function findRuns(target: Target, tasks: readonly Task[]): Promise<Map<string, RunLocation>> {
	const found = new Map<string, RunLocation>();
	const entries = await waitUntilSettled(target);
	for (const { name } of tasks) {
		const executions: Execution[] = [];
		for (const { id } of entriesOf(name, entries)) executions.push(await target.reader.read(id));
		for (const { id } of runsOf(target.demo.sandbox.acceptedRuns(), name)) {
			found.set(id, locationOf(id, executions));
		}
	}
	return found;
}

async function recoverAll(target: Target, tasks: readonly Task[]): Promise<Map<Task, Served>> {
	const served = new Map<Task, Served>();
	const left = [...tasks];
	const work = async () => {
		for (let task = left.shift(); task !== undefined; task = left.shift()) {
			served.set(task, await recover(target, task));
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
	return served;
}

async function trace({ reader }: Target, closed: readonly Closed[]): Promise<string[]> {
	const entries = await reader.list();
	return closed.map(({ task, runs, served }) => {
		const executions = entriesOf(task.name, entries).map(({ id, status }) => `${id} ${status}`);
		const paid = runs.map(({ id, where }) => `run ${id}: ${where ?? 'paid by the recovery'}`);
		return [task.name, ...executions, ...paid, served.by].join('; ');
	});
}
