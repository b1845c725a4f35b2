import type { Measured, Row } from '../../bench/part';
import type { Account } from './account';
import type { Audit } from './audit';
import { PHASES } from './moments';
import type { Mode } from './tasks';

const NONE = { atMost: 0 };

/** The figures of several attacks, as a table and raw. */
export function measured(audits: readonly Audit[]): Measured {
	const accounts = audits.flatMap((audit) => [...audit.accounts]);
	return {
		ranOn: 'n8n',
		rounds: 1,
		rows: accounts.flatMap(([mode, account]) => rowsOf(mode, account)),
		raw: {
			accounts: Object.fromEntries(accounts),
			kills: audits.flatMap(({ kills }) =>
				kills.map(({ moment, inTime, met }) => ({ ...moment, inTime, met: met.size })),
			),
			sentAgain: audits.reduce((sum, one) => sum + one.sentAgain, 0),
			traces: audits.flatMap(({ traces }) => traces),
		},
	};
}

function rowsOf(mode: Mode, account: Account): Row[] {
	const { tasks, kills, met, found, lost, paidTwice, paid, served, unserved } = account;
	const accepted = Object.values(found).reduce((sum, count) => sum + count, 0);
	const phases = PHASES[mode];
	const row = (what: string, value: number, unit: string, from: string): Row => ({
		what: `${mode}: ${what}`,
		value,
		unit,
		from,
	});
	return [
		row('executions', tasks, 'executions', 'each needs one run'),
		row('kills of n8n', kills, 'kills', 'SIGKILL to its process group'),
		{
			...row('phases met', phases.filter((phase) => met[phase]).length, 'phases', listed(met)),
			goal: { atLeast: phases.length },
		},
		row('runs accepted', accepted, 'runs', 'before the recovery step'),
		row('found in an item', found.item, 'runs', 'of an execution that ended well'),
		row('found in an error', found.error, 'runs', ''),
		row('found in a waiting execution', found.waiting, 'runs', ''),
		row('found only by the recovery step', found['broken off'], 'runs', 'n8n says Crashed'),
		{ ...row('found nowhere', found.nowhere, 'runs', 'before the recovery step'), goal: NONE },
		{ ...row('lost', lost.length, 'runs', lost.join(', ')), goal: NONE },
		{
			...row('paid beyond need', paid - tasks, 'runs', paidText(paid, tasks, paidTwice)),
			goal: NONE,
		},
		{
			...row('without a result', unserved.length, 'executions', unserved.join('; ')),
			goal: NONE,
		},
		row('set right by hand', tasks - served.item, 'executions', listed(served)),
	];
}

function paidText(paid: number, tasks: number, paidTwice: readonly string[]): string {
	const all = `${paid} paid, ${tasks} needed, after the recovery step`;
	return paidTwice.length === 0 ? all : `${all}; twice: ${paidTwice.join(', ')}`;
}

function listed(counts: Readonly<Record<string, number>>): string {
	return Object.entries(counts)
		.map(([what, count]) => `${count} ${what}`)
		.join(', ');
}
