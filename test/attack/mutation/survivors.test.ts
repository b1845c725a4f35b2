import type { TestedMutant } from './score';
import { survivorsPage } from './survivors';

function tested(id: string, original: string, replacement: string): TestedMutant {
	const mutant = { file: 'nodes/a.ts', line: original, original, replacement, nth: 0 };
	return { id, at: 7, mutant, status: 'Survived' };
}

it('lists the place, the original and the changed code, and what was not run', () => {
	const survivors = [
		tested('1', 'a > b', 'a >= b'),
		{ ...tested('2', '{\n\ta: `x`,\n}', '{}'), status: 'NoCoverage' as const },
		tested('3', "''", '"Stryker was here!"'),
	];
	expect(survivorsPage(survivors, new Map([['3', ['test/slow.test.ts']]])).split('\n')).toEqual([
		'# Changes that no test has found',
		'',
		'- nodes/a.ts:7: `a > b` → `a >= b`',
		'- nodes/a.ts:7: `` { a: `x`, } `` → `{}` (no test runs it)',
		'- nodes/a.ts:7: `\'\'` → `"Stryker was here!"` (time was up before test/slow.test.ts)',
		'',
	]);
});
