import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { changesOf, unreleasedChanges } from './changelog';

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.10.0] - 2026-02-01

### Added

- Ten.

## [1.1.0] - 2026-01-31

### Fixed

- One.
`;

describe('the section of a version', () => {
	it('is cut out without its heading', () => {
		expect(changesOf(CHANGELOG, '1.10.0')).toBe('### Added\n\n- Ten.');
		expect(changesOf(CHANGELOG, '1.1.0')).toBe('### Fixed\n\n- One.');
	});

	it('contains only this version', () => {
		expect(changesOf(CHANGELOG, '1.1')).toBeUndefined();
		expect(changesOf(CHANGELOG, '111.0')).toBeUndefined();
		expect(changesOf(CHANGELOG, 'Unreleased')).toBeUndefined();
	});

	it('of what is unreleased may be empty', () => {
		expect(unreleasedChanges(CHANGELOG)).toBe('');
		expect(unreleasedChanges('# Changelog\n')).toBeUndefined();
	});
});

describe("this package's changelog", () => {
	const changelog = readFileSync(resolve(__dirname, '../../CHANGELOG.md'), 'utf8');
	const headings = changelog.split('\n').filter((line) => line.startsWith('## '));

	it('begins with what is unreleased; every version below has a date, the newest first', () => {
		const [first, ...versions] = headings;
		expect(first).toBe('## [Unreleased]');
		expect(
			versions.filter((line) => !/^## \[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$/.test(line)),
		).toEqual([]);
		const dates = versions.map((line) => line.slice(-10));
		expect(dates).toEqual([...dates].sort().reverse());
	});

	it("has only Keep a Changelog's kinds of changes", () => {
		const kinds = changelog.split('\n').filter((line) => line.startsWith('### '));
		const known = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
		expect(kinds.length).toBeGreaterThan(0);
		expect(kinds.filter((line) => !known.includes(line.slice(4)))).toEqual([]);
	});
});
