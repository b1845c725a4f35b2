import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A value that only the owner of the repository knows, and its placeholder until it is set. */
export interface OwnerSetting {
	/** Its name in the list of docs/releasing.md. */
	name: string;
	/** Its file, from the repository's root. */
	file: string;
	placeholder: string;
	/** What the dry run puts in its place, in its own copy. */
	standIn: string;
}

/** What may not be published. docs/releasing.md lists these, and what the owner sets outside of the repository. */
export const OWNER_SETTINGS: readonly OwnerSetting[] = [
	{
		name: 'Repository address',
		file: 'package.json',
		placeholder: 'github.com/OWNER/',
		standIn: 'github.com/example-owner/',
	},
	{
		name: 'Author mail',
		file: 'package.json',
		placeholder: 'maintainers@n8n-nodes-runflow.invalid',
		standIn: 'maintainers@example.com',
	},
];

/** What a placeholder looks like, in any file. */
export const PLACEHOLDER = /\bOWNER\/|[\w.-]+@[\w.-]+\.invalid\b/;

/**
 * In: the repository's root. Out: the settings that are still placeholders.
 */
export function unsetSettings(root: string): OwnerSetting[] {
	return OWNER_SETTINGS.filter(({ file, placeholder }) =>
		readFileSync(join(root, file), 'utf8').includes(placeholder),
	);
}

/**
 * In: the root of a copy of the repository. Puts a stand-in where a setting is not set, so that a dry run can continue.
 */
export function fillInStandIns(root: string): void {
	for (const { file, placeholder, standIn } of unsetSettings(root)) {
		const path = join(root, file);
		writeFileSync(path, readFileSync(path, 'utf8').replaceAll(placeholder, standIn));
	}
}
