import type { Status } from './outcomes';
import { scoreOf, survivorsOf, type Explained, type TestedMutant } from './score';

function tested(file: string, ...statuses: (Status | undefined)[]): TestedMutant[] {
	return statuses.map((status, index) => ({
		id: `${file}${index}`,
		at: index + 1,
		mutant: { file, line: `line ${index}`, original: 'true', replacement: 'false', nth: 0 },
		status,
	}));
}

const ALL = [
	...tested('b.ts', 'NoCoverage', undefined),
	...tested('c.ts', undefined),
	...tested('a.ts', 'Killed', 'Timeout', 'Survived'),
];

function figures(explained: Explained[]): unknown[] {
	return scoreOf(ALL, explained, { name: 'all of these files', goal: 90 }).rows.map(
		({ what, value, from }) => [what, value, from],
	);
}

it('counts the found changes among those that a test can find', () => {
	expect(figures([])).toEqual([
		['a.ts', 200 / 3, '2 of 3 changes turned a test red'],
		['b.ts', 0, '0 of 1 changes turned a test red'],
		['all of these files', 50, '2 of 4 changes turned a test red'],
		['changes that no test finds and nobody has explained', 2, 'of 6'],
		['changes that were not tried', 2, 'of 6'],
	]);
});

it('leaves explained changes out of the count', () => {
	const mutant = {
		file: 'a.ts',
		line: 'line 2',
		original: 'true',
		replacement: 'false',
		nth: 0,
		why: 'It is the same to n8n',
	};
	const other = { ...mutant, line: 'line 3' };
	expect(figures([mutant, other]).slice(0, 3)).toEqual([
		['a.ts', 100, '2 of 2 changes turned a test red, 1 more are explained'],
		['b.ts', 0, '0 of 1 changes turned a test red'],
		['all of these files', 200 / 3, '2 of 3 changes turned a test red, 1 more are explained'],
	]);
	expect(survivorsOf(ALL, [mutant]).map(({ id }) => id)).toEqual(['b.ts0']);
});
