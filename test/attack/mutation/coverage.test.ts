import { stepsFor, type Coverage } from './coverage';

const COVERAGE: Coverage = {
	of: 'x',
	tests: [
		{ id: 'quick one', file: 'quick.test.ts', ms: 5 },
		{ id: 'quick two', file: 'quick.test.ts', ms: 5 },
		{ id: 'other', file: 'other.test.ts', ms: 3 },
		{ id: 'wide', file: 'test/descriptions/wide.test.ts', ms: 40_000 },
		{ id: 'long', file: 'test/engine-tests/long.test.ts', ms: 9000 },
		{ id: 'in long', file: 'test/engine-tests/long.test.ts', ms: 50 },
		{ id: 'slow', file: 'test/engine-tests/slow.test.ts', ms: 2000 },
	],
	red: [],
	files: {
		'quick.test.ts': 900,
		'other.test.ts': 500,
		'test/descriptions/wide.test.ts': 41_000,
		'test/engine-tests/long.test.ts': 12_000,
		'test/engine-tests/slow.test.ts': 5000,
	},
	byTest: {
		'quick two': ['1'],
		other: ['1', '2'],
		wide: ['1'],
		slow: ['1'],
		'in long': ['1'],
		long: ['3'],
	},
	byFile: { 'quick.test.ts': ['2'], 'test/engine-tests/slow.test.ts': ['3'] },
};

it('runs short files without the engine together, then the others by duration, and only tests that run the change', () => {
	expect(stepsFor(COVERAGE, '1')).toEqual([
		{
			files: ['quick.test.ts', 'other.test.ts'],
			tests: ['quick two', 'other'],
			withoutEngine: true,
		},
		{ files: ['test/engine-tests/long.test.ts'], tests: ['in long'], withoutEngine: false },
		{ files: ['test/engine-tests/slow.test.ts'], tests: ['slow'], withoutEngine: false },
		{ files: ['test/descriptions/wide.test.ts'], tests: ['wide'], withoutEngine: true },
	]);
});

it('begins the engine tests with the files that found the most changes of the same source', () => {
	const found = new Map([['test/engine-tests/slow.test.ts', 1]]);
	expect(stepsFor(COVERAGE, '1', found).map(({ files }) => files)).toEqual([
		['quick.test.ts', 'other.test.ts'],
		['test/engine-tests/slow.test.ts'],
		['test/engine-tests/long.test.ts'],
		['test/descriptions/wide.test.ts'],
	]);
});

it('runs all tests of a file that runs the change outside of tests', () => {
	expect(stepsFor(COVERAGE, '2')).toEqual([
		{
			files: ['quick.test.ts', 'other.test.ts'],
			tests: ['quick one', 'quick two', 'other'],
			withoutEngine: true,
		},
	]);
	expect(stepsFor(COVERAGE, '3')).toEqual([
		{ files: ['test/engine-tests/slow.test.ts'], tests: ['slow'], withoutEngine: false },
		{ files: ['test/engine-tests/long.test.ts'], tests: ['long'], withoutEngine: false },
	]);
});

it('runs no test when none runs the change', () => {
	expect(stepsFor(COVERAGE, '4')).toEqual([]);
});
