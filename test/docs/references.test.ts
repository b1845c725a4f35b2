import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryFiles, ROOT } from '../repositoryFiles';
import { readPage } from './page';

/** Where a comment can have a `@see`. */
const CODE = /^(credentials|nodes|test)\/.*\.(ts|js|mjs)$/;

/** This file and its own examples of what is not there. */
const SELF = 'test/docs/references.test.ts';

/** A tag with its text, which may continue in further lines of the comment. */
const TAG = /@see ((?:(?!\*\/)[^\n])*(?:\n[ \t]*(?:\*(?!\/)|\/\/)[ \t]+(?!@)(?:(?!\*\/)[^\n])*)*)/g;

/** References that lead out of the repository, to something public. */
const PUBLIC = [
	/^https:\/\/\S+$/,
	/^RFC \d+(, section [\d.]+)?(: .*)?$/,
	/^nodejs\/node issue \d+$/,
	/^ITU-[TR] [A-Z]+\.\d+(, (tables? )?[\d.-]+( and [\d.-]+)?)?(: .*)?$/,
];

interface Reference {
	file: string;
	text: string;
}

/** What follows `@see` in a file, one by one: several are separated by semicolons. */
function referencesIn(file: string, code: string): Reference[] {
	return [...code.matchAll(TAG)].flatMap(([, text = '']) =>
		text
			.replace(/\n[ \t]*(?:\*|\/\/)[ \t]+/g, ' ')
			.split(';')
			.map((one) => ({ file, text: one.trim() })),
	);
}

/**
 * In: a reference such as `docs/page.md, "Heading" and "Another"`, `docs/readings.md, row 3`, or an RFC; after a colon
 * it may say something about it. Out: what of it is not there, or undefined.
 */
function missingFrom(text: string): string | undefined {
	if (PUBLIC.some((form) => form.test(text))) return undefined;
	const [, path = '', place = ''] =
		/^([\w./-]+)((?:,? (?:and )?"[^"]+")*(?:, (?:row|step) \d+|, row by row)?)(?::.*)?$/.exec(
			text,
		) ?? [];
	if (path === '') return 'no file, heading, RFC or public address';
	if (!existsSync(join(ROOT, path))) return `no file ${path}`;
	const quoted = [...place.matchAll(/"([^"]+)"/g)].map(([, heading]) => String(heading));
	const row = /, row (\d+)/.exec(place)?.[1];
	if (!path.endsWith('.md')) {
		const code = readFileSync(join(ROOT, path), 'utf8');
		const absent = quoted.find((words) => !code.includes(words));
		return absent === undefined ? undefined : `no "${absent}" in ${path}`;
	}
	const { headings, tables } = readPage(path);
	const absent = quoted.find((heading) => !headings.has(heading));
	if (absent !== undefined) return `no heading "${absent}" in ${path}`;
	const rows = tables.flat().map(([first]) => first?.text);
	return row === undefined || rows.includes(row) ? undefined : `no row ${row} in ${path}`;
}

const references = repositoryFiles()
	.filter((file) => CODE.test(file) && file !== SELF && !file.includes('/node_modules/'))
	.flatMap((file) => referencesIn(file, readFileSync(join(ROOT, file), 'utf8')));

it('the references are found', () => {
	expect(references.length).toBeGreaterThan(100);
});

it('every @see leads to something that a reader can open', () => {
	const broken = references.flatMap(({ file, text }) => {
		const missing = missingFrom(text);
		return missing === undefined ? [] : [`${file}: ${text}: ${missing}`];
	});
	expect(broken).toEqual([]);
});

it.each([
	'notes.md, "Heading"',
	'docs/runflow-api.md, "A heading that is not there"',
	'docs/runflow-api.md section 5',
	'docs/readings.md, row 99',
	'test/until.ts, "words that are not there"',
	'the documentation',
	'http://example.com/',
])('notices that this leads nowhere: %s', (text) => {
	expect(missingFrom(text)).toBeDefined();
});

it('reads a @see that continues in the next line, and several in one', () => {
	const code =
		'/**\n * Words.\n * @see docs/a.md, "One\n * heading"; RFC 1\n * @returns nothing\n */';
	expect(referencesIn('a.ts', code).map(({ text }) => text)).toEqual([
		'docs/a.md, "One heading"',
		'RFC 1',
	]);
});
