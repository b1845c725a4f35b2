import type { Execution } from '../../n8n/executions';
import { accountOf, isTroubled, type Account, type Closed } from './account';
import { entriesOf } from './executionReader';
import { comeToRest, surviveKills, type Kill, type Round, type Target } from './kills';
import type { Mode, Order } from './orders';
import { recover, runsOf, type Served } from './recover';
import { whereaboutsOf, type Whereabouts } from './whereabouts';

/** What an attack has found. */
export interface Audit {
	readonly kills: readonly Kill[];
	/** Orders that were sent again since n8n had not taken them. */
	readonly sentAgain: number;
	readonly accounts: ReadonlyMap<Mode, Account>;
	/** Of each order with which something went wrong: its executions, and its runs. */
	readonly traces: readonly string[];
}

/** How many orders are set right at the same time. */
const AT_ONCE = 6;

/** Kills n8n in the middle of the orders, looks for every paid run, does what the documents tell to do, and counts. */
export async function attackWith(target: Target, rounds: readonly Round[]): Promise<Audit> {
	const { kills, sentAgain } = await surviveKills(target, rounds);
	const orders = rounds.flatMap((round) => round.orders);
	const found = await findRuns(target, orders);
	const served = await recoverAll(target, orders);
	const runs = target.demo.sandbox.acceptedRuns();
	const closed = orders.map((order): Closed => ({
		order,
		runs: runsOf(runs, order.name).map(({ id }) => ({ id, where: found.get(id) })),
		served: served.get(order) ?? { by: 'nothing', why: 'not looked at' },
	}));
	const modes = [...new Set(orders.map(({ mode }) => mode))];
	const accounts = modes.map((mode) => {
		const own = closed.filter(({ order }) => order.mode === mode);
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
async function findRuns(
	target: Target,
	orders: readonly Order[],
): Promise<Map<string, Whereabouts>> {
	const found = new Map<string, Whereabouts>();
	const entries = await comeToRest(target);
	for (const { name } of orders) {
		const executions: Execution[] = [];
		for (const { id } of entriesOf(name, entries)) executions.push(await target.reader.read(id));
		for (const { id } of runsOf(target.demo.sandbox.acceptedRuns(), name)) {
			found.set(id, whereaboutsOf(id, executions));
		}
	}
	return found;
}

async function recoverAll(target: Target, orders: readonly Order[]): Promise<Map<Order, Served>> {
	const served = new Map<Order, Served>();
	const left = [...orders];
	const work = async () => {
		for (let order = left.shift(); order !== undefined; order = left.shift()) {
			served.set(order, await recover(target, order));
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
	return served;
}

async function trace({ reader }: Target, closed: readonly Closed[]): Promise<string[]> {
	const entries = await reader.list();
	return closed.map(({ order, runs, served }) => {
		const executions = entriesOf(order.name, entries).map(({ id, status }) => `${id} ${status}`);
		const paid = runs.map(({ id, where }) => `run ${id}: ${where ?? 'paid by the recovery'}`);
		return [order.name, ...executions, ...paid, served.by].join('; ');
	});
}
