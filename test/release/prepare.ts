import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { moveUnreleased } from './changelog';
import { renameTarballs } from './installLines';
import { readManifest } from './manifest';

/**
 * In: the repository's root, a version and today (`2026-01-31`). Gives package.json, package-lock.json, the changelog and
 * the install lines that version; nothing is committed. Throws, before anything is changed, where nothing is unreleased.
 */
export function prepareRelease(root: string, version: string, today: string): void {
	const changelog = join(root, 'CHANGELOG.md');
	const moved = moveUnreleased(readFileSync(changelog, 'utf8'), version, today);
	execFileSync(
		'npm',
		['version', version, '--no-git-tag-version', '--allow-same-version', '--ignore-scripts'],
		{ cwd: root, stdio: 'ignore' },
	);
	writeFileSync(changelog, moved);
	renameTarballs(root, readManifest(root).name, version);
}
