import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the README says as long as nothing is released. @see docs/releasing.md, "The first release" */
const SENTENCES = ['The package is not on npm yet', 'was not tried on the real Runflow yet'];

/** The README may break a line anywhere. */
const asWritten = (sentence: string) => new RegExp(sentence.replaceAll(' ', '\\s+'), 'g');

/**
 * In: the repository's root. Out: the sentences of the README that a released package must not carry.
 */
export function notYetSentences(root: string): string[] {
	const readme = readFileSync(join(root, 'README.md'), 'utf8');
	return SENTENCES.filter((sentence) => readme.search(asWritten(sentence)) >= 0);
}

/**
 * In: the root of a copy of the repository. Takes these sentences out, so that a dry run can continue.
 */
export function dropNotYet(root: string): void {
	const path = join(root, 'README.md');
	const readme = readFileSync(path, 'utf8');
	writeFileSync(
		path,
		SENTENCES.reduce((text, sentence) => text.replace(asWritten(sentence), ''), readme),
	);
}
