import { sleep } from 'n8n-workflow';

import { whenAborted } from './pause';
import type { Signal } from './signal';

/** Where the items of a company meet, each with something that the others are to know. */
interface Room<Brought> {
	brought: Map<number, Brought>;
	open: boolean;
	/** The first of the items, once the room is open. */
	first: number;
	opened: Promise<void>;
	unlock(): void;
}

/** The items of one try of the node. */
export interface Company<Shared, Brought> {
	/** What the first item has brought along for all. */
	readonly shared: Shared;
	readonly come: Set<number>;
	/** Items that meet nobody any more. */
	readonly gone: Set<number>;
	/** No further item is expected. */
	settled: boolean;
	/** Another try has begun: nobody waits for this one any more. */
	superseded: boolean;
	lastCame: number;
	/** Which items may be sent, and when all have said so. */
	readonly inOrder: Map<number, boolean>;
	gate?: Promise<void>;
	/** The gate has been decided: who comes now belongs to the next try. */
	closed: boolean;
	readonly rooms: Map<string, Room<Brought>>;
}

/** One item, as n8n hands it over. */
export interface Comer {
	/** What is the same for all items of this run of the node, and for its other tries. */
	key: object;
	itemIndex: number;
	/** How many items there are. */
	items: number;
	/**
	 * How long no further item has to come until none is expected any more, in milliseconds: an item whose
	 * expressions fail never comes, since n8n makes an error of it by itself. Infinity where it ends the node. Asked
	 * of the first item.
	 */
	patience: () => number;
}

/** Brings the items of each try together. */
export interface Companies<Shared, Brought> {
	/** To be called before anything is awaited: by the next turn of the event loop all have joined that ever will. */
	join(comer: Comer, shared: () => Shared): Company<Shared, Brought>;
}

/** Makes the companies of all executions. */
export function companies<Shared, Brought>(): Companies<Shared, Brought> {
	const known = new WeakMap<object, Company<Shared, Brought>>();
	return {
		join: (comer, shared) => {
			let company = known.get(comer.key);
			// An item that comes a second time belongs to the next try, and so does one that comes too late.
			if (company === undefined || company.closed || company.come.has(comer.itemIndex)) {
				if (company !== undefined) supersede(company);
				company = found(shared());
				known.set(comer.key, company);
				void settleAfter(company, comer.patience());
			}
			company.come.add(comer.itemIndex);
			company.lastCame = Date.now();
			if (company.come.size >= comer.items) settle(company);
			return company;
		},
	};
}

/**
 * Lets the items of a node be sent only when every one of them is in order. n8n throws the first
 * failure and drops the runs of all other items, so one bad item must stop them before they are paid for.
 *
 * n8n starts all items in one go, and an item awaits nothing between joining and this. So by the next turn of the
 * event loop all have come here that ever will: an item whose expressions fail makes n8n give up at once, and leaves
 * one too few here.
 *
 * @param items how many there are
 * @param inOrder whether this item is in order
 * @returns whether all items are here and in order, so that this one may be sent
 * @see n8n-engine.md section 2 (1, 2)
 */
export async function allInOrder(
	company: Company<unknown, unknown>,
	{ itemIndex, items, inOrder }: Pick<Comer, 'itemIndex' | 'items'> & { inOrder: boolean },
): Promise<boolean> {
	const all = company.inOrder.set(itemIndex, inOrder);
	await (company.gate ??= sleep(0));
	company.closed = true;
	return !company.superseded && all.size >= items && ![...all.values()].includes(false);
}

/** What an item finds when all have met. */
export interface Met<Brought> {
	/** What each has brought, by its index. An item that comes late finds it so too. */
	all: ReadonlyMap<number, Brought>;
	/** Whether this item is the one to act for all: the first, or one that came when the others had met. */
	acts: boolean;
}

/**
 * Waits until every item of the company has come to this place, or has left.
 *
 * @param over aborted when nobody waits for the items any more; the same for all
 * @returns undefined where nobody waits for the items any more
 */
export async function meet<Brought>(
	company: Company<unknown, Brought>,
	place: string,
	{ itemIndex, over, brings }: { itemIndex: number; over: Signal; brings: Brought },
): Promise<Met<Brought> | undefined> {
	const room = company.rooms.get(place) ?? build<Brought>(over);
	company.rooms.set(place, room);
	const late = room.open;
	room.brought.set(itemIndex, brings);
	openRooms(company);
	await room.opened;
	if (over.aborted || company.superseded) return undefined;
	return { all: room.brought, acts: late || room.first === itemIndex };
}

/** Lets the others go on without an item. */
export function leave(company: Company<unknown, unknown>, itemIndex: number): void {
	company.gone.add(itemIndex);
	openRooms(company);
}

function found<Shared, Brought>(shared: Shared): Company<Shared, Brought> {
	return {
		shared,
		come: new Set(),
		gone: new Set(),
		settled: false,
		superseded: false,
		lastCame: Date.now(),
		inOrder: new Map(),
		closed: false,
		rooms: new Map(),
	};
}

function build<Brought>(over: Signal): Room<Brought> {
	let unlock: () => void = () => undefined;
	const opened = new Promise<void>((resolve) => {
		unlock = resolve;
	});
	// One listener for all of them.
	void whenAborted(over).then(unlock);
	return { brought: new Map(), open: false, first: Infinity, opened, unlock };
}

async function settleAfter(company: Company<unknown, unknown>, patience: number): Promise<void> {
	if (patience === Infinity) return;
	do {
		await sleep(Math.max(0, company.lastCame + patience - Date.now()));
	} while (Date.now() < company.lastCame + patience);
	settle(company);
}

function settle(company: Company<unknown, unknown>): void {
	company.settled = true;
	openRooms(company);
}

function supersede(company: Company<unknown, unknown>): void {
	company.superseded = true;
	for (const room of company.rooms.values()) room.unlock();
}

function openRooms({ settled, come, gone, rooms }: Company<unknown, unknown>): void {
	if (!settled) return;
	for (const room of rooms.values()) {
		if (room.open || room.brought.size + gone.size < come.size) continue;
		if (![...come].every((itemIndex) => room.brought.has(itemIndex) || gone.has(itemIndex)))
			continue;
		room.open = true;
		for (const itemIndex of room.brought.keys()) room.first = Math.min(room.first, itemIndex);
		room.unlock();
	}
}
