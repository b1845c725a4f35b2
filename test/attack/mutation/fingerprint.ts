import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { hash } from '../../n8n/packageTree';
import { REPOSITORY } from '../../n8n/folders';
import type { Job } from './choice';

const CODE = ['nodes', 'credentials', 'gulpfile.js', 'package.json'];
const TESTS = ['test', 'jest.config.js', 'package-lock.json'];
/** What no test of the nodes runs. */
const BESIDE = ['n8n', 'queue', 'compat', 'release', 'docs', 'bench', 'attack'].map(
	(folder) => `:!test/${folder}`,
);

/** What the code is now, and what code and tests are, of the kind that is run. */
export function fingerprints(tests: Job['tests']): { code: string; all: string } {
	const code = hashOf(CODE);
	return { code, all: hash(code, tests, hashOf([...TESTS, ...BESIDE])).slice(0, 16) };
}

function hashOf(where: string[]): string {
	const args = ['ls-files', '-z', '-co', '--exclude-standard', '--', ...where];
	const listed = execFileSync('git', args, { cwd: REPOSITORY, encoding: 'utf8' });
	const files = listed.split('\0').filter((file) => file !== '');
	const parts = files.flatMap((file) => [file, readFileSync(path.join(REPOSITORY, file))]);
	return hash(...parts).slice(0, 16);
}
