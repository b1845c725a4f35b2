import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The pages that may name the tarball to install. */
function pages(root: string): string[] {
	const docs = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
	return ['README.md', ...docs.map((file) => `docs/${file}`)];
}

function tarballsOf(name: string): RegExp {
	return new RegExp(`${name}-\\d+\\.\\d+\\.\\d+\\.tgz`, 'g');
}

/**
 * In: the repository's root and the package's name. Out: each tarball that a page names, and which page.
 */
export function tarballNames(root: string, name: string): { file: string; tarball: string }[] {
	return pages(root).flatMap((file) =>
		[...readFileSync(join(root, file), 'utf8').matchAll(tarballsOf(name))].map(([tarball]) => ({
			file,
			tarball,
		})),
	);
}

/**
 * In: the repository's root, the package's name and a version. Makes every page name the tarball of that version.
 */
export function renameTarballs(root: string, name: string, version: string): void {
	for (const file of new Set(tarballNames(root, name).map((found) => found.file))) {
		const path = join(root, file);
		const text = readFileSync(path, 'utf8');
		writeFileSync(path, text.replace(tarballsOf(name), `${name}-${version}.tgz`));
	}
}
