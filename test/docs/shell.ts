import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { environmentOfAUser } from '../environmentOfAUser';
import { ROOT } from '../repositoryFiles';
import type { Sandbox } from '../sandbox';

/** What is packed, and what npm reads meanwhile. dist is as last built. */
const PACKED = ['package.json', 'package-lock.json', '.npmrc', 'index.js', 'README.md', 'LICENSE'];

/** A person's shell, in a copy of the repository, with its own home. */
export interface Shell {
	/** The copy, a git repository with an `origin`. */
	repository: string;
	home: string;
	/** Where the shell is now. */
	cwd: string;
	/** Runs a command of a document. Out: its standard output. Throws with all that it said when it fails. */
	run: (command: string) => Promise<string>;
	/** Runs a command that changes nothing. Out: its standard output, trimmed. */
	ask: (command: string) => Promise<string>;
	remove: () => void;
}

function makeRepository(repository: string, origin: string): void {
	mkdirSync(repository);
	for (const file of PACKED) cpSync(join(ROOT, file), join(repository, file));
	cpSync(join(ROOT, 'dist'), join(repository, 'dist'), { recursive: true });
	const git = (...args: string[]) => execFileSync('git', args, { cwd: repository });
	git('init', '--quiet');
	git('init', '--quiet', '--bare', origin);
	git('remote', 'add', 'origin', origin);
	git('add', '--force', 'package.json', 'package-lock.json');
	const committer = ['-c', 'user.name=Reader', '-c', 'user.email=reader@example.com'];
	git(...committer, 'commit', '--quiet', '-m', 'As it is');
}

/**
 * In: a sandbox that stands for Runflow. Out: a shell as a reader of the documents has it: n8n has made its folder, the
 * repository is cloned, and what the documents leave open is filled in (path, key, the address of Runflow's API). npm is
 * set to publish as a dry run.
 */
export function openShell(sandbox: Sandbox): Shell {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'runflow-docs-')));
	const repository = join(folder, 'repository');
	const home = join(folder, 'home');
	makeRepository(repository, join(folder, 'origin.git'));
	mkdirSync(join(home, '.n8n/nodes'), { recursive: true });

	const given = environmentOfAUser();
	const env = {
		...given,
		HOME: home,
		// Which registry to ask is the machine's business, also with another home.
		npm_config_userconfig: given.npm_config_userconfig ?? join(homedir(), '.npmrc'),
		npm_config_cache: given.npm_config_cache ?? join(homedir(), '.npm'),
		npm_config_update_notifier: 'false',
	};
	// Not synchronously: the sandbox answers in this very process.
	const bash = async (command: string, cwd: string, more: NodeJS.ProcessEnv = {}) => {
		const options = { cwd, env: { ...env, ...more } };
		const { stdout } = await promisify(execFile)('bash', ['-e', '-c', command], options);
		return stdout;
	};

	const shell: Shell = {
		repository,
		home,
		cwd: repository,
		run: async (command) => {
			const filledIn = command
				.replace('/path/to/', `${repository}/`)
				.replace('https://api.runflow.io', sandbox.url)
				.replace('YOUR_API_KEY', sandbox.apiKey);
			const dry = command.startsWith('npm publish ') ? { npm_config_dry_run: 'true' } : {};
			const where = join(folder, 'cwd');
			const output = await bash(`${filledIn}\npwd > ${where}`, shell.cwd, dry);
			shell.cwd = readFileSync(where, 'utf8').trim();
			return output;
		},
		ask: async (command) => (await bash(command, shell.cwd)).trim(),
		remove: () => {
			rmSync(folder, { recursive: true, force: true });
		},
	};
	return shell;
}
