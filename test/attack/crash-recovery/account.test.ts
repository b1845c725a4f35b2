import type { Execution } from '../../n8n/executions';
import { accountOf, isTroubled, type Closed, type PaidRun } from './account';
import { drawMoments, PHASES } from './moments';
import { makeTasks, type Task } from './tasks';
import { seeded } from './random';
import type { Served } from './recover';
import { locationOf } from './runLocation';

const [task = {} as Task] = makeTasks('polling', 1);

function closed(runs: PaidRun[], served: Served): Closed {
	return { task, runs, served };
}

const RETRIED: Served = { by: 'retry', runId: 'r' };
const NOTHING: Served = { by: 'nothing', why: 'crashed' };

describe('a task', () => {
	it.each<[string, Closed]>([
		['in an item', closed([{ id: 'r', where: 'item' }], { by: 'item', runId: 'r' })],
		['found by the recovery', closed([{ id: 'r', where: 'broken off' }], RETRIED)],
		['started by the recovery', closed([{ id: 'r', where: undefined }], RETRIED)],
	])('is in order with one run, %s', (_where, one) => {
		expect(isTroubled(one)).toBe(false);
		expect(accountOf([one], [])).toMatchObject({ lost: [], paidTwice: [], unserved: [], paid: 1 });
	});

	it.each<[string, Closed, object]>([
		[
			'a run that was not found',
			closed([{ id: 'r', where: 'broken off' }], NOTHING),
			{ lost: [task.name], unserved: [`${task.name}: crashed`] },
		],
		[
			'a second run beside the one in an item',
			closed(
				[
					{ id: 's', where: 'item' },
					{ id: 'r', where: undefined },
				],
				RETRIED,
			),
			{ paidTwice: [task.name], paid: 2, lost: [] },
		],
		[
			'a second run since the first one was not found',
			closed(
				[
					{ id: 's', where: 'broken off' },
					{ id: 'r', where: undefined },
				],
				RETRIED,
			),
			{ paidTwice: [task.name], lost: [task.name] },
		],
		['no run', closed([], NOTHING), { lost: [], paid: 0 }],
	])('is in trouble with %s', (_what, one, expected) => {
		expect(isTroubled(one)).toBe(true);
		expect(accountOf([one], [])).toMatchObject(expected);
	});
});

describe('a paid run', () => {
	const item = { json: { id: 'r' } };
	const error = { message: 'It broke off', description: 'Run ID: r' };

	function execution(status: string, more: Partial<Execution> = {}): Execution {
		return { id: '1', status, mode: 'webhook', nodes: {}, text: 'r', ...more };
	}

	it.each<[string, Execution[]]>([
		[
			'item',
			[
				execution('crashed'),
				execution('success', { nodes: { Edit: { runs: 1, outputs: [[item]] } } }),
			],
		],
		['error', [execution('error', { error })]],
		['waiting', [execution('crashed'), execution('waiting')]],
		// What n8n keeps of it, such as the context of the node, is not shown to users.
		['broken off', [execution('crashed')]],
		['broken off', [execution('crashed', { nodes: { Edit: { runs: 1, outputs: [[item]] } } })]],
		['nowhere', [execution('success')]],
		['nowhere', []],
	])('is found: %s', (where, executions) => {
		expect(locationOf('r', executions)).toBe(where);
	});
});

it('draws the same moments for the same seed, each phase as often as the others', () => {
	const draw = (seed: number) => drawMoments('callback', 14, 16, seeded(seed));
	expect(draw(1)).toEqual(draw(1));
	expect(draw(1)).not.toEqual(draw(2));
	for (const phase of PHASES.callback) {
		expect(draw(1).filter((moment) => moment.phase === phase)).toHaveLength(2);
	}
});
