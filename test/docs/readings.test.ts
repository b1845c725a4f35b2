import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../repositoryFiles';
import { readPage } from './page';

const [table = []] = readPage('docs/readings.md').tables;
const rows = table.slice(1).map((cells) => ({ row: cells[0]?.text, proof: cells.at(-1) }));

/** Whether a test of the file has a title that begins so, in the code or in a row of a table. */
function holds(file: string, title: string): boolean {
	const text = readFileSync(join(ROOT, 'docs', file), 'utf8');
	return ["'", '"', '`'].some((quote) => text.includes(quote + title));
}

it('every row of the description is there', () => {
	expect(rows.map(({ row }) => row)).toEqual(
		Array.from({ length: 25 }, (_, index) => `${index + 1}`),
	);
});

it.each(rows)('row $row names existing tests', ({ proof }) => {
	const { links = [], italics = [] } = proof ?? {};
	expect(links.length).toBeGreaterThan(0);
	expect(italics.filter((title) => !links.some((file) => holds(file, title)))).toEqual([]);
	expect(links.filter((file) => !italics.some((title) => holds(file, title)))).toEqual([]);
});
