import {
	isSuccessful,
	isTerminal,
	readFailure,
	readRunId,
	readRunStatus,
} from '../../../../nodes/shared/api/run';

it.each([
	[{ id: 'a' }, 'a'],
	[{ run_id: 'b' }, 'b'],
	[{ id: 'a', run_id: 'b' }, 'a'],
	[{ id: '01J0XYZ' }, '01J0XYZ'],
	[{ id: '' }, undefined],
	[{ id: 7 }, undefined],
	[{ id: '../assets/1' }, undefined],
	// A step up in the path, or no path at all.
	[{ id: '..' }, undefined],
	[{ id: '.' }, undefined],
	[{ id: '\ud800' }, undefined],
	[{ id: '😀' }, '😀'],
	[{}, undefined],
])('reads the id of %j', (run, id) => {
	expect(readRunId(run)).toBe(id);
});

it.each([
	['queued', 'queued', false, false],
	['dispatching', 'dispatching', false, false],
	['running', 'running', false, false],
	['never heard of', 'never heard of', false, false],
	['succeeded', 'succeeded', true, true],
	['completed', 'succeeded', true, true],
	['partial_succeeded', 'partial_succeeded', true, true],
	['failed', 'failed', true, false],
	['errored', 'failed', true, false],
	['canceled', 'cancelled', true, false],
	['cancelled', 'cancelled', true, false],
])('reads the status %s as %s', (status, read, terminal, successful) => {
	expect(readRunStatus({ status_code: status })).toBe(read);
	expect(readRunStatus({ status })).toBe(read);
	expect(isTerminal(read)).toBe(terminal);
	expect(isSuccessful(read)).toBe(successful);
});

it.each([[{}], [{ status: 3 }], [{ status_code: null, status: null }]])(
	'reads no status from %j',
	(run) => {
		expect(readRunStatus(run)).toBe('');
	},
);

it.each([
	[
		{ failure_message: 'm', failure_code: 'c', failure_stage_code: 's' },
		{ message: 'm', code: 'c', stage: 's' },
	],
	[
		{ failure_message: 'm', failure_stage: 's' },
		{ message: 'm', stage: 's' },
	],
	[{ error: { message: 'm', code: 'c' } }, { message: 'm', code: 'c' }],
	[{ failure_message: null, failure_code: '', error: 'x' }, { message: 'x' }],
	[{ failure_message: null, error: '' }, {}],
	[{ error: 7 }, {}],
	[{ failure_message: 'first', error: { message: 'second' } }, { message: 'first' }],
])('reads the failure of %j', (run, failure) => {
	expect(readFailure(run)).toEqual(failure);
});

it('reports so much of the reason, but no whole log', () => {
	const run = { failure_message: 'x'.repeat(1001), failure_code: 'y'.repeat(1000) };
	expect(readFailure(run)).toEqual({ message: `${'x'.repeat(1000)}…`, code: 'y'.repeat(1000) });
});

it.each(['constructor', '__proto__', 'toString'])(
	'reads the status %s as any unknown one',
	(status) => {
		expect(readRunStatus({ status_code: status })).toBe(status);
	},
);

it.each(['', '.', '..', 'a/b', '/', '\ud800', 'a\udc00b'])('does not accept %j as an id', (id) => {
	expect(readRunId({ id })).toBeUndefined();
});

it.each(['...', 'a.b', '01J0', '😀'])('accepts %j as an id', (id) => {
	expect(readRunId({ id })).toBe(id);
});
