import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { moveUnreleased } from './changelog';
import { renameTarballs } from './installLines';
import { readManifest } from './manifest';

const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;

/** Why a version cannot be the next release, if there is a reason: its form, or that it is lower than the present one. */
function refusalOfVersion(version: string, present: string): string | undefined {
	const wanted = VERSION.exec(version)?.slice(1).map(Number);
	if (wanted === undefined)
		return `${version} is not of the form 1.2.3 (without v, without a suffix).`;
	const now = VERSION.exec(present)?.slice(1).map(Number) ?? [];
	const differs = wanted.findIndex((part, index) => part !== now[index]);
	return differs >= 0 && (wanted[differs] ?? 0) < (now[differs] ?? 0)
		? `${version} is lower than the present version, ${present}.`
		: undefined;
}

/**
 * In: the repository's root, a version and today (`2026-01-31`). Gives package.json, package-lock.json, the changelog and
 * the install lines that version; nothing is committed. Throws, before anything is changed, where nothing is unreleased.
 */
export function prepareRelease(root: string, version: string, today: string): void {
	const refusal = refusalOfVersion(version, readManifest(root).version);
	if (refusal !== undefined) throw new Error(refusal);
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
