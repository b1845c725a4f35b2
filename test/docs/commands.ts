import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readManifest } from '../release/manifest';
import { ROOT } from '../repositoryFiles';
import type { Shell } from './shell';

/** Asserts that a command has done what the document says. */
type Check = (shell: Shell, output: string) => void | Promise<void>;

/** How a command of the documents is executed: by `.ci/run`, or here. */
export type Execution = { kind: 'ci'; isExecuted: () => boolean } | { kind: 'here'; check: Check };

interface Row {
	command: RegExp;
	execution: Execution;
}

const ci = readFileSync(join(ROOT, '.ci/run'), 'utf8');
const manifest = readManifest(ROOT);

const STAGE = /^\s*(?:if )?(?:step|suite) [\w-]+ (.+?)(?: --)?(?:; then)?$/gm;

/** The script that a command runs, if it runs one. */
function scriptOf(command: string): string | undefined {
	return manifest.scripts[/^npm (?:run )?([\w:-]+)$/.exec(command)?.[1] ?? ''];
}

/** Whether `.ci/run` has a stage of this command, of a script that begins with it, or of what it does after the build. */
function isStage(command: string): boolean {
	const stages = [...ci.matchAll(STAGE)].map(([, stage]) => String(stage));
	const afterBuild = scriptOf(command)?.replace('npm run build && ', 'npx ');
	return stages.some(
		(stage) =>
			stage === command ||
			stage === afterBuild ||
			scriptOf(stage)?.startsWith(`${command} && `) === true,
	);
}

/** Whether the tests in the real app, a stage of `.ci/run`, start what `npm start` starts. */
function isStartedInApp(): boolean {
	const appTest = readFileSync(join(ROOT, 'test/n8n/app.test.ts'), 'utf8');
	return (
		manifest.scripts.start === 'npm run build && tsx test/n8n/start.ts' &&
		isStage('npm run test:app') &&
		appTest.includes("path.join(__dirname, 'start.ts'), '--check'")
	);
}

function inCi(command: string): Row {
	const exactly = new RegExp(`^${command.replaceAll('.', '\\.')}$`);
	return { command: exactly, execution: { kind: 'ci', isExecuted: () => isStage(command) } };
}

function here(command: RegExp, check: Check): Row {
	return { command, execution: { kind: 'here', check } };
}

/** The one list of what the documents may ask people to type. A command that is in no row makes the test red. */
const ROWS: Row[] = [
	inCi('npm ci'),
	inCi('npm run build'),
	inCi('npm test'),
	{ command: /^npm start$/, execution: { kind: 'ci', isExecuted: isStartedInApp } },
	{ command: /^bash \.ci\/run$/, execution: { kind: 'ci', isExecuted: () => ci !== '' } },
	here(/^npm pack$/, ({ repository }, output) => {
		expect(existsSync(join(repository, output.trim().split('\n').at(-1) ?? ''))).toBe(true);
	}),
	here(/^mkdir -p ~\/\.n8n\/nodes$/, ({ home }) => {
		expect(existsSync(join(home, '.n8n/nodes'))).toBe(true);
	}),
	here(/^cd ~\/\.n8n\/nodes$/, ({ cwd, home }) => {
		expect(cwd).toBe(join(home, '.n8n/nodes'));
	}),
	here(/^npm install (--[\w=-]+ )*\/path\/to\/n8n-nodes-runflow-[\d.]+\.tgz$/, ({ home }) => {
		const modules = join(home, '.n8n/nodes/node_modules');
		expect(readManifest(join(modules, manifest.name)).version).toBe(manifest.version);
		// n8n has its own. A second one beside the package would be loaded instead, and does not compile on every Node.
		expect(existsSync(join(modules, 'n8n-workflow'))).toBe(false);
	}),
	here(/^curl -X POST https:\/\/api\.runflow\.io\/v1\/callback-secrets /, (_, output) => {
		expect(JSON.parse(output)).toMatchObject({
			plain_secret: expect.stringMatching(/^whsec_./) as string,
		});
	}),
	here(/^npm version \d+\.\d+\.\d+-rc\.\d+ --no-git-tag-version$/, ({ repository }, output) => {
		expect(`v${readManifest(repository).version}`).toBe(output.trim());
	}),
	here(/^npm publish \.\/n8n-nodes-runflow-[\w.-]+\.tgz( --[\w-]+( \w+)?)*$/, (shell, output) => {
		expect(output).toContain(`+ ${manifest.name}@${readManifest(shell.repository).version}`);
	}),
	here(/^git tag v\d+\.\d+\.\d+$/, async (shell) => {
		expect(await shell.ask('git tag --list')).toMatch(/^v\d+\.\d+\.\d+$/);
	}),
	here(/^git push origin v\d+\.\d+\.\d+$/, async (shell) => {
		expect(await shell.ask('git ls-remote --tags origin')).toMatch(/refs\/tags\/v\d+\.\d+\.\d+$/);
	}),
	here(/^git checkout package\.json package-lock\.json$/, async (shell) => {
		expect(await shell.ask('git status --porcelain --untracked-files=no')).toBe('');
	}),
];

/**
 * In: one command of a document, without `&&`. Out: how it is executed; undefined when it is not executed.
 */
export function executionOf(command: string): Execution | undefined {
	return ROWS.find((row) => row.command.test(command))?.execution;
}

/**
 * In: a block of commands. Out: its commands, one by one: continued lines joined, `&&` and comments taken away.
 */
export function commandsOf(block: string): string[] {
	return block
		.replace(/\\\n\s*/g, ' ')
		.split('\n')
		.filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
		.flatMap((line) => line.split(' && '))
		.map((command) => command.trim().replace(/ +/g, ' '));
}
