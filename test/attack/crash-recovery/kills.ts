import { setTimeout as sleep } from 'node:timers/promises';

import type { Demo } from '../../n8n/demo';
import { ENDED } from '../../n8n/executions';
import { entriesOf, isAtRest, type ExecutionReader, type Entry } from './executionReader';
import { eventually, within } from './eventually';
import type { Moment } from './moments';
import type { Task } from './tasks';
import { hasReached, phaseOf, seenOf, type Phase, type Seen } from './phases';
import { between, type Random } from './random';
import type { LiveWorkflows } from './liveWorkflows';

/** What is attacked. */
export interface Target {
	demo: Demo;
	workflows: LiveWorkflows;
	reader: ExecutionReader;
	random: Random;
}

/** One kill: what is sent before it, and when it comes. */
export interface Round {
	readonly tasks: readonly Task[];
	readonly moment: Moment;
}

/** One kill as it was. */
export interface Kill {
	readonly moment: Moment;
	/** Whether the moment came; where it did not, n8n was killed without it. */
	readonly inTime: boolean;
	/** How far each task had come that n8n was in the middle of. */
	readonly met: ReadonlyMap<Task, Phase>;
}

/** The longest time between two tasks of a batch, in milliseconds. */
const LONGEST_GAP = 400;
/** How long a moment is waited for: n8n is killed without it then. */
const MOMENT_DEADLINE_MS = 45_000;
/** How long all runs may take to end, and all executions to settle, in milliseconds. */
const REST_DEADLINE_MS = 240_000;

/**
 * Sends the tasks batch by batch and kills n8n in the middle of each, then starts it again on what it has kept.
 * A task that n8n has not taken is sent again with the next batch, as callers of webhooks do.
 * Resolves when n8n has taken all tasks.
 */
export async function surviveKills(
	target: Target,
	rounds: readonly Round[],
): Promise<{ kills: Kill[]; sentAgain: number }> {
	const { demo } = target;
	const sent: Task[] = [];
	const over = new Set<string>();
	const kills: Kill[] = [];
	let again: Task[] = [];
	let sentAgain = 0;
	for (const { tasks, moment } of rounds) {
		const since = Date.now();
		const batch = [...again, ...tasks];
		sent.push(...tasks);
		const taken = new Set<string>();
		const sending = Promise.allSettled(
			batch.map(async (task, place) => {
				await sendLate(target, task, place);
				taken.add(task.name);
			}),
		);
		const inTime = await comesTo(moment, target, { batch, taken, since });
		await sleep(moment.delayMs);
		const seen = seenOf(demo.sandbox, sent, since);
		await demo.n8n.kill();
		await sending;
		await demo.startAgain();
		const entries = await target.reader.list();
		const underWay = sent.filter(({ name }) => !over.has(name));
		kills.push({ moment, inTime, met: interruptedTasks(underWay, seen, entries) });
		for (const { task, status } of entries) {
			if (task !== undefined && ENDED.includes(status)) over.add(task);
		}
		again = sent.filter(({ name }) => entriesOf(name, entries).length === 0);
		sentAgain += again.length;
	}
	while (again.length > 0) {
		for (const task of again) await target.workflows.send(task);
		again = await notTaken(target, sent);
		sentAgain += again.length;
	}
	return { kills, sentAgain };
}

/** Waits until nothing happens any more by itself, except that executions wait to be called back. */
export async function waitUntilSettled({ demo, reader }: Target): Promise<Entry[]> {
	await demo.sandbox.idle();
	return await eventually('all executions have ended or wait', REST_DEADLINE_MS, async () => {
		const entries = await reader.list();
		return entries.every(isAtRest) ? entries : undefined;
	});
}

async function sendLate({ workflows, random }: Target, task: Task, place: number): Promise<void> {
	await sleep(place * between(random, 0, LONGEST_GAP));
	await workflows.send(task);
}

/** What is sent before a kill. */
interface Sent {
	batch: readonly Task[];
	/** The names of those that n8n has answered for. */
	taken: ReadonlySet<string>;
	/** When n8n was there for them (ms since 1970). */
	since: number;
}

/** Waits for a moment; says whether it came. */
async function comesTo(
	{ mode, phase, count }: Moment,
	{ demo, reader }: Target,
	{ batch, taken, since }: Sent,
): Promise<boolean> {
	const tasks = batch.filter((task) => task.mode === mode);
	const reached = await within(MOMENT_DEADLINE_MS, async () => {
		// n8n is asked only where the sandbox cannot know.
		const entries = phase === 'suspended' ? await reader.list() : [];
		const seen = seenOf(demo.sandbox, tasks, since);
		const there = tasks.filter(({ name }) => {
			if (phase === 'before the create request') return taken.has(name);
			const one = seen.get(name);
			return one !== undefined && hasReached(phase, one, latestStatus(name, entries));
		});
		return there.length >= Math.min(count, tasks.length) ? there : undefined;
	});
	return reached !== undefined;
}

/**
 * The tasks that n8n was in the middle of, each with how far it had come.
 * @param entries how n8n says that it left them
 */
function interruptedTasks(
	tasks: readonly Task[],
	seen: ReadonlyMap<string, Seen>,
	entries: readonly Entry[],
): Map<Task, Phase> {
	const met = new Map<Task, Phase>();
	for (const task of tasks) {
		const status = latestStatus(task.name, entries);
		const one = seen.get(task.name);
		if (one === undefined || status === undefined || status === 'success') continue;
		met.set(task, phaseOf(one, status));
	}
	return met;
}

function latestStatus(task: string, entries: readonly Entry[]): string | undefined {
	return entriesOf(task, entries).at(-1)?.status;
}

/** The tasks unknown to n8n: it was killed before it had stored them. */
async function notTaken({ reader }: Target, tasks: readonly Task[]): Promise<Task[]> {
	const entries = await reader.list();
	return tasks.filter(({ name }) => entriesOf(name, entries).length === 0);
}
