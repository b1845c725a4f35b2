import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

import { ROOT } from '../repositoryFiles';
import { readPage, readPages, type Page } from './page';

const pages = readPages();

/** Links to places of this repository: with a file, an anchor, or both. */
function ownLinks({ links }: Page): string[] {
	return links.filter((link) => !/^[a-z]+:/i.test(link)).map(decodeURIComponent);
}

function fileOf(page: Page, link: string): string {
	const [path = ''] = link.split('#');
	return path === '' ? page.file : normalize(join(dirname(page.file), path));
}

function anchorIsThere(page: Page, link: string): boolean {
	const [, anchor] = link.split('#');
	if (anchor === undefined) return true;
	const file = fileOf(page, link);
	const target = file === page.file ? page : readPage(file);
	return target.anchors.has(anchor);
}

it('the pages are found', () => {
	expect(pages.map(({ file }) => file)).toEqual(
		expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/releasing.md']),
	);
	expect(pages.flatMap(ownLinks).length).toBeGreaterThan(10);
});

describe.each(pages)('$file', (page) => {
	it('links to existing files and pictures', () => {
		const missing = ownLinks(page).filter((link) => !existsSync(join(ROOT, fileOf(page, link))));
		expect(missing).toEqual([]);
	});

	it('links to existing headings', () => {
		const there = ownLinks(page).filter((link) => existsSync(join(ROOT, fileOf(page, link))));
		expect(there.filter((link) => !anchorIsThere(page, link))).toEqual([]);
	});

	it('has tables whose rows have as many cells as their heading', () => {
		const rows = page.text.split('\n').map((line) => line.replaceAll('\\|', ''));
		const crooked = rows.filter((row, index) => {
			const isBody = row.startsWith('|') && rows[index - 1]?.startsWith('|');
			return isBody && row.split('|').length !== rows[index - 1]?.split('|').length;
		});
		expect(crooked).toEqual([]);
	});
});
