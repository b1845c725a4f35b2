import { kept, median, none, shown } from '../../bench/figures';
import type { Measured, Row } from '../../bench/part';
import type { FuzzReport } from './fuzz';
import type { Findings } from './findings';
import type { Plan } from './plan';

/** How much the heap may grow over an attack, in MiB. It includes the sandbox, which keeps every request. */
const MAX_GROWTH_MIB = 64;
/** How many requests to the API a request may cost on average where there is no secret to verify with. */
const MAX_API_REQUESTS = 1;
/** How long 99 of 100 refusals may take, in milliseconds. */
const MAX_REFUSAL_MS = 250;
/** And 99 of 100 requests that open nothing otherwise: for some of them the API is read three times. */
const MAX_IDLE_MS = 2000;

/** What an attack has found, as figures. */
export function figuresOf(report: FuzzReport, plan: Plan): Measured {
	const { found, crashes, polluted, grownMiB } = report;
	const all = Object.values(found);
	const sum = (of: (findings: Findings) => number): number =>
		all.reduce((total, findings) => total + of(findings), 0);
	const sent = sum((findings) => findings.sent);
	const rows: Row[] = [
		{
			what: 'requests',
			value: sent,
			unit: '',
			goal: { atLeast: plan.requests },
			from: `seed ${plan.seed}; ${Object.entries(found)
				.map(([name, findings]) => `${name}: ${findings.sent}`)
				.join('; ')}`,
		},
		{
			what: 'true callbacks that have started or resumed an execution',
			value: sum(({ opened }) => opened),
			unit: '',
			from: Object.entries(found)
				.map(([name, { opened }]) => `${name}: ${opened}`)
				.join('; '),
		},
		none(
			'accepted wrongly',
			sum((f) => f.acceptedWrongly.length),
			'by an oracle of its own',
		),
		none(
			'true callbacks refused',
			sum((f) => f.refusedWrongly.length),
			'by an oracle of its own',
		),
		none(
			'answers 5xx that the documents do not name',
			sum((f) => f.faults.length),
			'',
		),
		none(
			'without an answer',
			sum((f) => f.hung.length),
			'within 20 s; closed connections too, but for what is no HTTP',
		),
		none('crashes', crashes.length + polluted.length, 'thrown where nobody catches it; prototypes'),
		none(
			'API requests for anything but to read a run',
			sum((f) => f.strayed.length),
			'runs started above all',
		),
		...Object.entries(found).flatMap(([name, findings]) => timesOf(name, findings)),
		...Object.entries(found).map(([name, findings]): Row => {
			const { apiRequests, apiRequestsFor: count } = findings;
			// It includes the node's own reads, some seconds after it was suspended.
			const atMost = name.endsWith('with secrets') ? 0.02 : MAX_API_REQUESTS;
			return {
				what: `API requests for each request, ${name}`,
				value: kept(apiRequests / Math.max(1, count)),
				unit: '',
				goal: { atMost },
				from: `${apiRequests} for ${count}${name.startsWith('suspended') ? ', sent while the run goes on' : ''}`,
			};
		}),
		...Object.entries(grownMiB).map(([endpoint, grown]): Row => ({
			what: `growth of the heap, ${endpoint}`,
			value: kept(grown),
			unit: 'MiB',
			goal: { atMost: MAX_GROWTH_MIB },
			from: 'after the first fifth of the requests, and at the end',
		})),
	];
	const answers = Object.fromEntries(Object.entries(found).map(([name, f]) => [name, f.answers]));
	return { ranOn: 'n8n-core', rounds: 1, rows, raw: { answers } };
}

/** Fewer requests give no reliable figure. */
const ENOUGH = 20;

/** How long refusals take, beside what opens in the same setup; and what opens nothing, but is not a refusal. */
function timesOf(name: string, { refusedMs, acceptedMs, idleMs }: Findings): Row[] {
	const isOpened = acceptedMs.length >= ENOUGH;
	// Where nothing is verified, a refusal is as much work as an acceptance.
	const hasGoal = isOpened && name.endsWith('with secrets');
	const opening = isOpened ? `; of those that open: ${shown(percentile(acceptedMs, 0.99))} ms` : '';
	return [
		...(isOpened && refusedMs.length >= ENOUGH
			? [comparison(name, median(refusedMs), median(acceptedMs), hasGoal)]
			: []),
		...longestOf(
			`refused requests are answered within, ${name}`,
			refusedMs,
			MAX_REFUSAL_MS,
			opening,
		),
		...longestOf(`requests that are taken and open nothing, ${name}`, idleMs, MAX_IDLE_MS, opening),
	];
}

function longestOf(what: string, ms: readonly number[], atMost: number, more: string): Row[] {
	if (ms.length < ENOUGH) return [];
	return [
		{
			what: `99 of 100 ${what}`,
			value: kept(percentile(ms, 0.99)),
			unit: 'ms',
			goal: { atMost: kept(atMost) },
			from: `${ms.length} requests, the longest took ${shown(Math.max(...ms))} ms${more}`,
		},
	];
}

function comparison(name: string, refused: number, accepted: number, hasGoal: boolean): Row {
	return {
		what: `time of a refused request / of one that opens, ${name}`,
		value: kept(refused / accepted),
		unit: '×',
		...(hasGoal ? { goal: { atMost: 1 } } : {}),
		from: `medians ${shown(refused)} ms / ${shown(accepted)} ms, 16 at once${hasGoal ? '' : '; no goal, since nothing is verified'}`,
	};
}

function percentile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
