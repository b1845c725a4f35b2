import { NodeOperationError } from 'n8n-workflow';

import { FailureReport, type Outcome } from '../../../../../nodes/shared/run/nodeRun/failureReport';
import { node } from '../node';

const OTHERS =
	'Runs of the other items. If you retry this execution, they are not started again, unless their input changes:';

function failureOf(itemIndex: number): NodeOperationError {
	return new NodeOperationError(node, 'Refused', { itemIndex, description: 'Do this.' });
}

const nothing: Outcome = { runId: undefined, unconfirmed: undefined, failure: undefined };

function report(items: number, outcomes: Partial<Outcome>[]): FailureReport {
	const made = new FailureReport(items);
	for (const [itemIndex, outcome] of outcomes.entries()) {
		made.add(itemIndex, { ...nothing, ...outcome });
	}
	return made;
}

it('adds the runs of the others to each error, once all are done', () => {
	const [first, third] = [failureOf(0), failureOf(2)];
	const outcomes = [{ failure: first, runId: 'run-0' }, { runId: 'run-1' }, { failure: third }];
	const made = report(4, outcomes);
	expect(first.description).toBe('Do this.');
	made.add(3, { ...nothing, unconfirmed: 'n8n-3' });
	const unconfirmed =
		'• item 3: not known whether it was started, look for the Client Reference n8n-3 under Runs in Runflow';
	expect(first.description?.split('\n')).toEqual([
		'Do this.',
		OTHERS,
		'• item 1: run-1',
		unconfirmed,
	]);
	expect(third.description?.split('\n')).toEqual([
		'Do this.',
		OTHERS,
		'• item 0: run-0',
		'• item 1: run-1',
		unconfirmed,
	]);
	expect(first.context.startedRuns).toEqual({ 0: 'run-0', 1: 'run-1' });
	expect(third.context.startedRuns).toEqual({ 0: 'run-0', 1: 'run-1' });
});

it('lists them in the order of the items, whichever was done first', () => {
	const failure = failureOf(0);
	const made = new FailureReport(3);
	made.add(2, { ...nothing, runId: 'run-2' });
	made.add(1, { ...nothing, runId: 'run-1' });
	made.add(0, { ...nothing, failure });
	expect(failure.description).toContain('• item 1: run-1\n• item 2: run-2');
});

it('adds nothing where no other item has a run', () => {
	const failure = failureOf(0);
	report(2, [{ failure, runId: 'run-0' }, {}]);
	expect(failure.description).toBe('Do this.');
	expect(failure.context).not.toHaveProperty('startedRuns');
});

it.each([
	[51, 50, undefined],
	[53, 50, '• and 2 more, listed under Runs in Runflow'],
])('of %d items lists %d others', (items, listed, more) => {
	const failure = failureOf(0);
	report(items, [
		{ failure },
		...Array.from({ length: items - 1 }, (_, index) => ({ runId: `run-${index + 1}` })),
	]);
	const lines = (failure.description ?? '').split('\n');
	expect(lines.filter((line) => line.startsWith('• item'))).toHaveLength(listed);
	expect(lines.find((line) => line.startsWith('• and'))).toBe(more);
});
