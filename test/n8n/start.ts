import path from 'node:path';
import { parseArgs } from 'node:util';

import { startDemo, type Demo } from './demo';
import { REPOSITORY } from './folders';
import { OWNER } from './owner';
import { formatDuration, printProgress } from './progress';
import { HOT_RELOAD, watchSources } from './watchSources';

/** The addresses that people know, and their neighbours. */
const PORTS = {
	n8n: [5678, 5679, 5680, 5681],
	sandbox: [8787],
	storage: [8788],
};

/** How long a run takes in the demo, in milliseconds: long enough to see that the node waits. */
const RUN_DURATION_MS = 3000;

/** What the sandbox signs callbacks with, so that the demo shows them as they should be. */
const CALLBACK_SECRET = 'whsec_sandbox';

function say(line: string): void {
	console.log(line);
}

function guide({ n8n, sandbox, workflows }: Demo, duration: string): string {
	const examples = Object.values(workflows).map(
		({ id, name }) => `       ${name}\n       ${n8n.url}/workflow/${id}`,
	);
	return `
n8n with the Runflow nodes is ready after ${duration}.

    Address    ${n8n.url}
    Email      ${OWNER.email}
    Password   ${OWNER.password}

What to do
    1. Open ${n8n.url} and sign in. Skip what n8n offers first ("Set up later").
    2. Open an example:
${examples.join('\n')}
       The note in it says what it needs. Examples that use only Runflow run immediately. Slack, Google
       Sheets and OpenAI are not part of this demo: use your own accounts.
    3. Click "Execute workflow" at the bottom. After some seconds every node has a green tick.
    4. Double-click a purple node, such as Edit Photo. Its parameters are in the middle, the finished
       run is on the right. View under Binary shows the file.
    5. Add the nodes to a workflow of your own: click "+" and search for "runflow".

Nothing leaves this machine and nothing is charged: the runs go to a sandbox of the Runflow API at
${sandbox.url}, which accepts the API key ${sandbox.apiKey}. It generates nothing: its pictures and
videos show what you asked for, in the size and length that you asked for. To use Runflow itself,
choose "Create new credential" in a node and give your own API key; the credential "Runflow sandbox"
stays for this sandbox.
`;
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			// Starts, prints and stops again: for tests.
			check: { type: 'boolean', default: false },
			data: { type: 'string', default: path.join(REPOSITORY, '.n8n-app') },
			// Builds again whenever a source file changes, and n8n reloads the nodes.
			watch: { type: 'boolean', default: false },
		},
	});
	const userFolder = path.resolve(values.data);
	const started = Date.now();
	const demo = await startDemo({
		userFolder,
		progress: printProgress(say),
		ports: PORTS,
		sandbox: {
			runDurationMs: RUN_DURATION_MS,
			callbackSecrets: [{ secret: CALLBACK_SECRET, isCurrent: true }],
		},
		env: values.watch ? HOT_RELOAD : {},
	});
	say(guide(demo, formatDuration(Date.now() - started)));
	if (values.watch) watchSources(userFolder, say);
	if (!values.check) {
		say('Ctrl-C stops it. Everything is kept for the next start.');
		await new Promise((resolve) => {
			// Not `once`: npm and tsx may pass the same Ctrl-C on a second time, which must not cut the end short.
			process.on('SIGINT', resolve);
			process.on('SIGTERM', resolve);
		});
		say('\nStopping …');
	}
	await demo.stop();
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
