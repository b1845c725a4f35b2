import { scoreOf } from './score';

it('counts what a test has found of what one could find', () => {
	const files = {
		'a.ts': { mutants: ['Killed', 'Timeout', 'Survived', 'Ignored'].map((status) => ({ status })) },
		'b.ts': { mutants: ['NoCoverage', 'CompileError'].map((status) => ({ status })) },
	};
	expect(scoreOf({ files }).rows.map(({ what, value, from }) => [what, value, from])).toEqual([
		['a.ts', 200 / 3, '2 of 3 changes turned a test red'],
		['b.ts', 0, '0 of 1 changes turned a test red'],
		['all of these files', 50, '2 of 4 changes turned a test red'],
	]);
});
