import { startSandbox, type Sandbox } from '../sandbox';
import { commandsOf, executionOf } from './commands';
import { readPages } from './page';
import { openShell, type Shell } from './shell';

/** npm may have to ask its registry. */
const TIMEOUT_MS = 120_000;

const blocks = readPages().flatMap(({ file, blocks: all }) =>
	all
		.filter(({ language }) => ['sh', 'bash', 'shell', 'console'].includes(language))
		.map(({ text }) => ({ file, commands: commandsOf(text) })),
);
const executed: string[] = [];

let sandbox: Sandbox;
let shell: Shell;

beforeAll(async () => {
	sandbox = await startSandbox();
});

beforeEach(() => {
	shell = openShell(sandbox);
});

afterEach(() => {
	shell.remove();
});

afterAll(async () => {
	await sandbox.close();
	for (const [name, ofPage] of [
		['README', blocks.filter(({ file }) => file === 'README.md')],
		['All documents', blocks],
	] as const) {
		const all = ofPage.flatMap(({ file, commands }) => commands.map((each) => `${file}: ${each}`));
		const done = all.filter((each) => executed.includes(each));
		process.stdout.write(`${name} commands executed: ${done.length} of ${all.length}\n`);
	}
});

/** In: a command. Throws unless `.ci/run` executes it, or it does here what the document says. */
async function execute(command: string): Promise<void> {
	const execution = executionOf(command);
	if (!execution) {
		throw new Error(`Not executed: "${command}": give it a row in test/docs/commands.ts.`);
	}
	if (execution.kind === 'ci') {
		expect([command, execution.isExecuted()]).toEqual([command, true]);
		return;
	}
	await execution.check(shell, await shell.run(command));
}

describe('the commands of the documents', () => {
	it('are found', () => {
		expect(blocks.filter(({ file }) => file === 'README.md').length).toBeGreaterThan(2);
	});

	it.each(blocks)(
		'$file: $commands',
		async ({ file, commands }) => {
			for (const command of commands) {
				await execute(command);
				executed.push(`${file}: ${command}`);
			}
		},
		TIMEOUT_MS,
	);

	it('that are not executed are noticed', async () => {
		for (const command of [
			'npm cl',
			'rm -rf ~/.n8n',
			'npm run start:sandbox',
			'npm ci; npm test',
		]) {
			await expect(execute(command)).rejects.toThrow('Not executed');
		}
	});
});

describe('a block', () => {
	it('is taken apart into its commands', () => {
		expect(
			commandsOf('# first\nnpm ci && npm test\n\ncurl -X POST \\\n  https://a \\\n  -d 1\n'),
		).toEqual(['npm ci', 'npm test', 'curl -X POST https://a -d 1']);
	});
});
