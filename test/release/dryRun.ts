import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { formatDuration } from '../n8n/progress';
import { makeTemporaryFolder } from '../n8n/temporaryFolder';
import { changesOf } from './changelog';
import { releaseProblems } from './check';
import { runJobs } from './localRunner';
import { readManifest } from './manifest';
import { dropNotYet } from './notYet';
import { fillInStandIns, unsetSettings } from './ownerSettings';
import { prepareRelease } from './prepare';
import { readWorkflow } from './workflow';

export type Say = (line: string) => void;

/** What takes minutes and says nothing of the release; the gate stays, which also builds. */
const TESTS = ['npm test', 'npm run lint'];

/** Whose name the commit and the tag in the clone bear. */
const COMMITTER = ['-c', 'user.name=Dry Run', '-c', 'user.email=dry-run@example.com'];

function git(root: string, ...args: string[]): string {
	return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}

function clone(root: string, to: string, say: Say): void {
	git(root, 'clone', '--quiet', '--no-local', root, to);
	say(`Cloned ${git(to, 'rev-parse', '--short', 'HEAD')}.`);
	if (git(root, 'status', '--porcelain') !== '') {
		say('Changes that are not committed are not part of this.');
	}
}

/** Does to the clone what the owner and docs/releasing.md have still to do, says what, and tags it. */
function makeReleasable(root: string, tag: string, say: Say): void {
	const missing = releaseProblems(root, tag);
	if (missing.length > 0) {
		say(`\nNot ready for ${tag}; the real workflow would stop at "npm run release check":`);
		for (const problem of missing) say(`- ${problem}`);
		say('This copy continues with stand-ins.');
	}
	if (unsetSettings(root).length > 0) fillInStandIns(root);
	dropNotYet(root);
	const { version } = readManifest(root);
	const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
	if (changesOf(changelog, version) === undefined) {
		prepareRelease(root, version, new Date().toISOString().slice(0, 10));
	}
	git(root, ...COMMITTER, 'commit', '--quiet', '--all', '--allow-empty', '-m', `Release ${tag}`);
	git(root, 'tag', '--force', tag);
}

/**
 * In: the repository's root, whether to leave the tests out, and where to say what happens. Runs each step of publish.yml as
 * it stands there, in its order, on a clean clone of the last commit, as if the version of package.json had been tagged.
 * Nothing is uploaded: npm gets the setting of a dry run, and `gh` only prints its arguments. Throws at the first step
 * that fails.
 */
export async function dryRun(root: string, isQuick: boolean, say: Say): Promise<void> {
	const started = Date.now();
	const temporary = await makeTemporaryFolder('release');
	try {
		const source = join(temporary.folder, 'clone');
		clone(root, source, say);
		const tag = `v${readManifest(source).version}`;
		makeReleasable(source, tag, say);

		const workflow = readWorkflow(join(source, '.github/workflows/publish.yml'));
		const steps = runJobs(workflow, {
			folder: temporary.folder,
			tag,
			repository: 'example-owner/n8n-nodes-runflow',
			say,
			leftOut: isQuick ? TESTS : [],
			checkOut: (workspace) => {
				cpSync(source, workspace, { recursive: true });
			},
		});
		const duration = formatDuration(Date.now() - started);
		const count = `${steps.filter((ran) => ran).length} of ${steps.length} steps`;
		say(`\nDry run of ${tag}: ${count} in ${duration}; nothing was uploaded.`);
	} finally {
		await temporary.remove();
	}
}
