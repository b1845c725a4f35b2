import { queueFigures, SETUPS, type QueueRound } from './queueFigures';

/** A round of 200 executions in which all is well. */
function round(index: number, more: Partial<QueueRound>): QueueRound {
	return {
		workers: 0,
		places: 0,
		...SETUPS[index],
		seconds: 50,
		perSecond: 4,
		workersCpuMs: 100,
		executionsSent: 200,
		executionsStarted: 200,
		executionsSucceeded: 200,
		runsNeeded: 200,
		runsPaid: 200,
		runsExpected: 200,
		runsReported: 200,
		...more,
	};
}

const WELL = [
	round(0, { perSecond: 3, workersCpuMs: 80 }),
	round(1, { perSecond: 5 }),
	round(2, { perSecond: 6, workersCpuMs: 70 }),
	round(2, { perSecond: 7 }),
	round(1, { perSecond: 5 }),
	round(0, { perSecond: 2 }),
];

it('sets the medians of the setups beside each other', () => {
	const { rows, rounds } = queueFigures(WELL, 1.7);
	expect(rounds).toBe(2);
	expect(rows.slice(0, 4)).toEqual([
		{
			what: 'executions a second, 2 workers with 10 places each / 1 worker with 10 places',
			value: 2.6,
			unit: '×',
			goal: { atLeast: 1.7 },
			from: '6.50/s / 2.50/s, 200 executions a round',
		},
		{
			what: 'executions a second, 1 worker with 20 places / 1 worker with 10 places',
			value: 2,
			unit: '×',
			from: '5.00/s / 2.50/s, 200 executions a round',
		},
		{
			what: 'executions a second, 2 workers with 10 places each / 1 worker with 20 places',
			value: 1.3,
			unit: '×',
			from: '6.50/s / 5.00/s, 200 executions a round',
		},
		{
			what: 'CPU time of the workers for an execution, 2 workers with 10 places each',
			value: 85,
			unit: 'ms',
			from: '1 worker with 10 places: 90.0 ms',
		},
	]);
});

it('has no goal for a comparison', () => {
	expect(queueFigures(WELL, undefined).rows[0]?.goal).toBeUndefined();
});

it('finds nothing amiss where all is well', () => {
	expect(queueFigures(WELL, 1.7).rows.slice(4)).toEqual([
		{
			what: 'executions that were sent and did not end well',
			value: 0,
			unit: '',
			goal: { atMost: 0 },
			from: '1200 sent, 1200 started, 1200 ended well',
		},
		{
			what: 'runs that were paid and not needed, or needed and not paid',
			value: 0,
			unit: '',
			goal: { atMost: 0 },
			from: '1200 needed, 1200 paid',
		},
		{
			what: 'runs that must be reported and are not, by one item each',
			value: 0,
			unit: '',
			goal: { atMost: 0 },
			from: '1200 reported',
		},
	]);
});

it('counts what is amiss, and does not set a run too many off against one too few', () => {
	const rounds = [
		round(0, { executionsSucceeded: 198, runsPaid: 199, runsExpected: 199, runsReported: 198 }),
		round(1, { runsPaid: 201, runsExpected: 201, runsReported: 200 }),
		round(2, {}),
	];
	expect(
		queueFigures(rounds, 1.7)
			.rows.slice(4)
			.map(({ value }) => value),
	).toEqual([2, 2, 2]);
});
