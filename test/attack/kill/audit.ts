import type { Measured, Row } from '../../bench/part';
import type { Execution } from '../../n8n/executions';
import { entriesOf } from './books';
import { comeToRest, surviveKills, type Met, type Round, type Target } from './kills';
import { PHASES } from './moments';
import type { Mode, Order } from './orders';
import type { Phase } from './phases';
import { recover, runsOf, type Served } from './recover';
import { whereaboutsOf, type Whereabouts } from './whereabouts';

/** What became of the orders of one mode. */
export interface Account {
	readonly orders: number;
	readonly kills: number;
	/** How many orders the kills have met in each phase. */
	readonly met: Readonly<Partial<Record<Phase, number>>>;
	/** Where each run was found that was paid before the recovery step. */
	readonly found: Readonly<Record<Whereabouts, number>>;
	/** Runs that neither stand in n8n nor were looked up afterwards. */
	readonly lost: readonly string[];
	/** Orders with more than one run afterwards. */
	readonly paidTwice: readonly string[];
	/** Runs paid in all, afterwards. */
	readonly paid: number;
	readonly served: Readonly<Record<Served['by'], number>>;
	/** Orders without a result afterwards, and why. */
	readonly unserved: readonly string[];
	/** Of each of these orders: its executions and runs. */
	readonly traces: readonly string[];
}

/** How many orders are set right at the same time. */
const AT_ONCE = 6;

/** Kills n8n in the middle of the orders, has the user recover, and counts. */
export async function attackWith(
	target: Target,
	rounds: readonly Round[],
): Promise<{ met: Met; accounts: Map<Mode, Account> }> {
	const met = await surviveKills(target, rounds);
	const orders = rounds.flatMap((round) => round.orders);
	const { sandbox } = target.demo;
	const before = new Map<string, Whereabouts>();
	const entries = await comeToRest(target);
	for (const { name } of orders) {
		const executions: Execution[] = [];
		for (const { id } of entriesOf(name, entries)) executions.push(await target.books.read(id));
		for (const { id } of runsOf(sandbox.acceptedRuns(), name)) {
			before.set(id, whereaboutsOf(id, executions));
		}
	}
	const served = await recoverAll(target, orders);
	const after = await target.books.look();
	const traceOf = ({ name }: Order): string => {
		const executions = entriesOf(name, after).map(({ id, status }) => `${id} ${status}`);
		const runs = runsOf(sandbox.acceptedRuns(), name).map(
			({ id, createdAtMs, status }) =>
				`${id} of ${new Date(createdAtMs).toISOString()} ${status}, ${before.get(id) ?? 'paid by the recovery'}`,
		);
		return [name, ...executions, ...runs].join('; ');
	};
	const modes = [...new Set(orders.map(({ mode }) => mode))];
	const accounts = modes.map((mode) => {
		const own = orders.filter((order) => order.mode === mode);
		return [mode, accountOf(target, { mode, orders: own, met, before, served, traceOf })] as const;
	});
	return { met, accounts: new Map(accounts) };
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

function accountOf(
	{ demo: { sandbox } }: Target,
	{
		mode,
		orders,
		met,
		before,
		served,
		traceOf,
	}: {
		mode: Mode;
		orders: readonly Order[];
		met: Met;
		before: ReadonlyMap<string, Whereabouts>;
		served: ReadonlyMap<Order, Served>;
		traceOf: (order: Order) => string;
	},
): Account {
	const troubled = new Set<Order>();
	const runs = orders.map((order) => ({ order, runs: runsOf(sandbox.acceptedRuns(), order.name) }));
	const found = { item: 0, error: 0, waiting: 0, 'broken off': 0, nowhere: 0 };
	const lost: string[] = [];
	for (const { order, runs: own } of runs) {
		const result = served.get(order);
		if (own.length > 1 || result?.by === 'nothing') troubled.add(order);
		for (const { id } of own) {
			const where = before.get(id);
			if (where !== undefined) found[where] += 1;
			const isRecovered = result !== undefined && result.by !== 'nothing' && result.runId === id;
			const isFound = where !== undefined && where !== 'nowhere' && where !== 'broken off';
			if (isFound || isRecovered) continue;
			lost.push(`${order.name}: ${id}`);
			troubled.add(order);
		}
	}
	const by = { item: 0, 'callback sent again': 0, retry: 0, 'look-up': 0, nothing: 0 };
	const unserved: string[] = [];
	for (const order of orders) {
		const result = served.get(order);
		if (result === undefined) continue;
		by[result.by] += 1;
		if (result.by === 'nothing')
			unserved.push(`${order.name} (${order.precaution}): ${result.why}`);
	}
	const phases: Partial<Record<Phase, number>> = {};
	for (const kill of met.kills) {
		for (const [order, phase] of kill.met) {
			if (order.mode === mode) phases[phase] = (phases[phase] ?? 0) + 1;
		}
	}
	return {
		orders: orders.length,
		kills: met.kills.length,
		met: phases,
		found,
		lost,
		paidTwice: runs.filter((one) => one.runs.length > 1).map(({ order }) => order.name),
		paid: runs.reduce((sum, one) => sum + one.runs.length, 0),
		served: by,
		unserved,
		traces: [...troubled].map(traceOf),
	};
}

/** The figures of one mode. */
export function rowsOf(mode: Mode, account: Account): Row[] {
	const { orders, kills, met, found, lost, paidTwice, paid, served, unserved } = account;
	const accepted = Object.values(found).reduce((sum, count) => sum + count, 0);
	const phases = PHASES[mode].filter((phase) => (met[phase] ?? 0) > 0);
	const row = (
		what: string,
		value: number,
		unit: string,
		from: string,
		goal?: Row['goal'],
	): Row => ({
		what: `${mode}: ${what}`,
		value,
		unit,
		from,
		...(goal === undefined ? {} : { goal }),
	});
	const none = { atMost: 0 };
	return [
		row('executions', orders, 'executions', 'one run needed by each'),
		row(
			'phases in which kills met an execution',
			phases.length,
			`of ${PHASES[mode].length}`,
			listed(met),
			{
				atLeast: PHASES[mode].length,
			},
		),
		row('kills of n8n', kills, 'kills', 'SIGKILL to its process group'),
		row('runs accepted before the recovery', accepted, 'runs', 'by the sandbox'),
		row('found in an item', found.item, 'runs', 'of an execution that ended well'),
		row('found in an error', found.error, 'runs', ''),
		row('found in a waiting execution', found.waiting, 'runs', ''),
		row(
			'found only by the recovery',
			found['broken off'],
			'runs',
			'n8n marks the execution as crashed',
		),
		row('lost', lost.length, 'runs', lost.join('; ') || 'not found after the recovery', none),
		row(
			'paid beyond need after the recovery',
			paid - orders,
			'runs',
			`${paid} paid, ${orders} needed; ${paidTwice.join(', ') || 'none twice'}`,
			none,
		),
		row(
			'without a result after the recovery',
			unserved.length,
			'executions',
			unserved.join('; ') || listed(served),
			none,
		),
	];
}

function listed(counts: Readonly<Record<string, number>>): string {
	return Object.entries(counts)
		.map(([what, count]) => `${count} ${what}`)
		.join(', ');
}

/** The figures of several modes. */
export function measured(accounts: ReadonlyMap<Mode, Account>): Measured {
	return {
		rounds: 1,
		rows: [...accounts].flatMap(([mode, account]) => rowsOf(mode, account)),
		raw: Object.fromEntries(accounts),
	};
}
