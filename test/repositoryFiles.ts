import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The repository's root. */
export const ROOT = resolve(__dirname, '..');

/** What is made, fetched or kept by tools. */
const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', '.git', '.n8n-app']);

function filesBelow(folder: string): string[] {
	return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
		const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
		if (NOT_OURS.has(entry.name)) return [];
		return entry.isDirectory() ? filesBelow(path) : [path];
	});
}

/**
 * Out: every file of the repository, from its root. Needs no git, so that tests also run in an unpacked download.
 */
export function repositoryFiles(): string[] {
	return filesBelow('');
}
