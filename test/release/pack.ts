import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { changesOf } from './changelog';
import { contentProblems, readPacked, type Packed } from './contents';
import { readManifest } from './manifest';

/**
 * In: the repository's root, built, a tag and a folder. Puts the tarball, its SHA256SUMS and notes.md (the changelog's words
 * on this version) into the folder. Out: the tarball. Throws with all that is wrong with its contents.
 */
export function packRelease(root: string, tag: string, folder: string): Packed {
	mkdirSync(folder, { recursive: true });
	const output = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
		cwd: root,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const packed = readPacked(output);
	const problems = contentProblems(packed, readManifest(root));
	if (problems.length > 0) throw new Error(problems.join('\n'));

	const notes = changesOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), tag.replace(/^v/, ''));
	if (!notes) throw new Error(`CHANGELOG.md says nothing of ${tag}.`);
	const hash = createHash('sha256')
		.update(readFileSync(join(folder, packed.filename)))
		.digest('hex');
	writeFileSync(join(folder, 'SHA256SUMS'), `${hash}  ${packed.filename}\n`);
	writeFileSync(join(folder, 'notes.md'), `${notes}\n`);
	return packed;
}
