import { describeAll, keyOf } from './mutant';

const TEXT = 'const a = {\n\tb: 1,\n};\n\treturn a || a;\n';

function at(line: number, column: number, endLine: number, endColumn: number) {
	return { start: { line, column }, end: { line: endLine, column: endColumn } };
}

it('identifies a change by the original code and its first line', () => {
	const planned = [{ id: '7', file: 'a.ts', location: at(0, 10, 2, 1), replacement: '{}' }];
	expect(describeAll(planned, () => TEXT)).toEqual([
		{
			file: 'a.ts',
			line: 'const a = {',
			original: '{\n\tb: 1,\n}',
			replacement: '{}',
			nth: 0,
		},
	]);
});

it('distinguishes changes that differ only in position', () => {
	const planned = [8, 13].map((column, index) => ({
		id: String(index),
		file: 'a.ts',
		location: at(3, column, 3, column + 1),
		replacement: 'b',
	}));
	const [first, second] = describeAll(planned, () => TEXT);
	expect([first, second].map((one) => one?.original)).toEqual(['a', 'a']);
	expect([first?.nth, second?.nth]).toEqual([0, 1]);
});

it('gives a change the same name wherever its line has moved', () => {
	const here = { id: '1', file: 'a.ts', location: at(3, 8, 3, 9), replacement: 'b' };
	const there = { ...here, location: at(4, 8, 4, 9) };
	const [before] = describeAll([here], () => TEXT);
	const [after] = describeAll([there], () => `// new\n${TEXT}`);
	expect(before && keyOf(before)).toBe(after && keyOf(after));
});
