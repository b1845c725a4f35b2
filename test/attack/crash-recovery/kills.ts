import { setTimeout as sleep } from 'node:timers/promises';

import type { Demo } from '../../n8n/demo';
import { ENDED } from '../../n8n/executions';
import { entriesOf, isAtRest, type ExecutionReader, type Entry } from './executionReader';
import { eventually, within } from './eventually';
import type { Moment } from './moments';
import type { Order } from './orders';
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
	readonly orders: readonly Order[];
	readonly moment: Moment;
}

/** One kill as it was. */
export interface Kill {
	readonly moment: Moment;
	/** Whether the moment came; where it did not, n8n was killed without it. */
	readonly inTime: boolean;
	/** How far each order had come that n8n was in the middle of. */
	readonly met: ReadonlyMap<Order, Phase>;
}

/** The longest time between two orders of a batch, in milliseconds. */
const LONGEST_GAP = 400;
/** How long a moment is waited for: n8n is killed without it then. */
const MOMENT_DEADLINE_MS = 45_000;
/** How long all runs may take to end, and all executions to come to rest, in milliseconds. */
const REST_DEADLINE_MS = 240_000;

/**
 * Sends the orders batch by batch and kills n8n in the middle of each, then starts it again on what it has kept.
 * An order that n8n has not taken is sent again with the next batch, as whoever calls a webhook does.
 * Resolves when n8n has taken all orders.
 */
export async function surviveKills(
	target: Target,
	rounds: readonly Round[],
): Promise<{ kills: Kill[]; sentAgain: number }> {
	const { demo } = target;
	const sent: Order[] = [];
	const over = new Set<string>();
	const kills: Kill[] = [];
	let again: Order[] = [];
	let sentAgain = 0;
	for (const { orders, moment } of rounds) {
		const since = Date.now();
		const batch = [...again, ...orders];
		sent.push(...orders);
		const taken = new Set<string>();
		const sending = Promise.allSettled(
			batch.map(async (order, place) => {
				await sendLate(target, order, place);
				taken.add(order.name);
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
		kills.push({ moment, inTime, met: meet(underWay, seen, entries) });
		for (const { order, status } of entries) {
			if (order !== undefined && ENDED.includes(status)) over.add(order);
		}
		again = sent.filter(({ name }) => entriesOf(name, entries).length === 0);
		sentAgain += again.length;
	}
	while (again.length > 0) {
		for (const order of again) await target.workflows.send(order);
		again = await notTaken(target, sent);
		sentAgain += again.length;
	}
	return { kills, sentAgain };
}

/** Waits until nothing happens any more by itself, except that executions wait to be called back. */
export async function comeToRest({ demo, reader }: Target): Promise<Entry[]> {
	await demo.sandbox.idle();
	return await eventually('all executions have ended or wait', REST_DEADLINE_MS, async () => {
		const entries = await reader.list();
		return entries.every(isAtRest) ? entries : undefined;
	});
}

async function sendLate({ workflows, random }: Target, order: Order, place: number): Promise<void> {
	await sleep(place * between(random, 0, LONGEST_GAP));
	await workflows.send(order);
}

/** What is sent before a kill. */
interface Sent {
	batch: readonly Order[];
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
	const orders = batch.filter((order) => order.mode === mode);
	const reached = await within(MOMENT_DEADLINE_MS, async () => {
		// n8n is asked only where the sandbox cannot know.
		const entries = phase === 'suspended' ? await reader.list() : [];
		const seen = seenOf(demo.sandbox, orders, since);
		const there = orders.filter(({ name }) => {
			if (phase === 'before the create request') return taken.has(name);
			const one = seen.get(name);
			return one !== undefined && hasReached(phase, one, latestStatus(name, entries));
		});
		return there.length >= Math.min(count, orders.length) ? there : undefined;
	});
	return reached !== undefined;
}

/**
 * The orders that n8n was in the middle of, each with how far it had come.
 * @param entries how n8n says that it left them
 */
function meet(
	orders: readonly Order[],
	seen: ReadonlyMap<string, Seen>,
	entries: readonly Entry[],
): Map<Order, Phase> {
	const met = new Map<Order, Phase>();
	for (const order of orders) {
		const status = latestStatus(order.name, entries);
		const one = seen.get(order.name);
		if (one === undefined || status === undefined || status === 'success') continue;
		met.set(order, phaseOf(one, status));
	}
	return met;
}

function latestStatus(order: string, entries: readonly Entry[]): string | undefined {
	return entriesOf(order, entries).at(-1)?.status;
}

/** The orders of which n8n knows nothing: it was killed before it had written them down. */
async function notTaken({ reader }: Target, orders: readonly Order[]): Promise<Order[]> {
	const entries = await reader.list();
	return orders.filter(({ name }) => entriesOf(name, entries).length === 0);
}
