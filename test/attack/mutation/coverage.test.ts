import { stepsFor, type Coverage } from './coverage';

const COVERAGE: Coverage = {
	of: 'x',
	tests: [
		{ id: 'quick one', file: 'quick.test.ts', ms: 5 },
		{ id: 'quick two', file: 'quick.test.ts', ms: 5 },
		{ id: 'other', file: 'other.test.ts', ms: 3 },
		{ id: 'long', file: 'long.test.ts', ms: 9000 },
		{ id: 'in long', file: 'long.test.ts', ms: 50 },
		{ id: 'slow', file: 'slow.test.ts', ms: 2000 },
	],
	red: [],
	files: {
		'quick.test.ts': 900,
		'other.test.ts': 500,
		'long.test.ts': 12_000,
		'slow.test.ts': 5000,
	},
	byTest: { 'quick two': ['1'], other: ['1', '2'], slow: ['1'], 'in long': ['1'], long: ['3'] },
	byFile: { 'quick.test.ts': ['2'], 'slow.test.ts': ['3'] },
};

it('runs quick files together, then the others by duration, and only tests that run the change', () => {
	expect(stepsFor(COVERAGE, '1')).toEqual([
		{ files: ['quick.test.ts', 'other.test.ts'], tests: ['quick two', 'other'], isQuick: true },
		{ files: ['long.test.ts'], tests: ['in long'], isQuick: false },
		{ files: ['slow.test.ts'], tests: ['slow'], isQuick: false },
	]);
});

it('runs all tests of a file that runs the change outside of tests', () => {
	expect(stepsFor(COVERAGE, '2')).toEqual([
		{
			files: ['quick.test.ts', 'other.test.ts'],
			tests: ['quick one', 'quick two', 'other'],
			isQuick: true,
		},
	]);
	expect(stepsFor(COVERAGE, '3')).toEqual([
		{ files: ['slow.test.ts'], tests: ['slow'], isQuick: false },
		{ files: ['long.test.ts'], tests: ['long'], isQuick: false },
	]);
});

it('runs no test when none runs the change', () => {
	expect(stepsFor(COVERAGE, '4')).toEqual([]);
});
