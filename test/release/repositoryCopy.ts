import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** What a release reads and writes. */
const FILES = ['package.json', 'package-lock.json', 'CHANGELOG.md', 'README.md', 'docs'];

/** A folder with the files of this repository that a release is about. */
export interface RepositoryCopy {
	root: string;
	read: (file: string) => string;
	/** Replaces all of `from`, which must be there. */
	replace: (file: string, from: string | RegExp, to: string) => void;
	write: (file: string, text: string) => void;
	remove: () => void;
}

/**
 * In: the repository, or a copy of it. Out: a fresh copy, which a test may change.
 */
export function copyRepository(from = ROOT): RepositoryCopy {
	const root = mkdtempSync(join(tmpdir(), 'runflow-release-'));
	for (const file of FILES) cpSync(join(from, file), join(root, file), { recursive: true });
	const read = (file: string) => readFileSync(join(root, file), 'utf8');
	const write = (file: string, text: string) => {
		writeFileSync(join(root, file), text);
	};
	return {
		root,
		read,
		write,
		replace: (file, from, to) => {
			const text = read(file);
			const replaced = text.replace(from, to);
			if (replaced === text) throw new Error(`${file} does not hold ${String(from)}.`);
			write(file, replaced);
		},
		remove: () => {
			rmSync(root, { recursive: true, force: true });
		},
	};
}
