import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { openEditor, type Editor } from './browser';
import { openChat, say } from './chatActions';
import { findChromium } from './chromium';
import type { Demo } from './demo';
import { openWorkflow } from './editorActions';
import { OWNER } from './owner';
import { ACCOUNTS, saveAccounts, withAccounts } from './services/accounts';
import { standInForOpenAi } from './services/openAi';
import { startStandIns, type StandIns } from './services/standIns';
import { makeTemporaryFolder } from './temporaryFolder';
import { START_TIMEOUT_MS, startTestDemo, testProgress } from './testDemo';
import { createWorkflow } from './workflows';

/** Where the picture of a failure is kept after the test. */
const FAILURES = path.join(tmpdir(), 'n8n-nodes-runflow-failures');

/** What has been set up, to be undone in the opposite order. */
const cleanups: (() => Promise<void>)[] = [];
/** A model that passes on the address and the words that it is given. */
const openAi = standInForOpenAi(ACCOUNTS.openAi, (said) => ({
	prompt: said.replace(/:? https?:\S+/, ''),
	image_url: /https?:\/\/\S+/.exec(said)?.[0],
}));
let standIns: StandIns;
let demo: Demo;
let editor: Editor;

beforeAll(async () => {
	const chromium = await findChromium(testProgress);
	const { folder, remove } = await makeTemporaryFolder('agent');
	cleanups.push(remove);
	standIns = await startStandIns([openAi], folder);
	cleanups.push(standIns.close);
	demo = await startTestDemo(folder, {}, standIns.env);
	cleanups.push(demo.stop);
	editor = await openEditor(chromium, demo.n8n.url, OWNER);
	cleanups.push(editor.close);
}, START_TIMEOUT_MS);

afterAll(async () => {
	for (const cleanUp of cleanups.reverse()) await cleanUp();
});

describe('the AI agent of the example, in the chat of the editor', () => {
	it('edits the requested picture once, and gives its link', async () => {
		const example = demo.workflows['agent-edits-pictures'];
		if (!example) throw new Error('examples/agent-edits-pictures.json is missing.');
		const { name, nodes, connections, settings = {} } = example;
		const accounts = await saveAccounts(demo.session);
		const workflow = await createWorkflow(
			demo.session,
			withAccounts({ name, nodes, connections, settings }, accounts),
		);
		const picture = demo.sandbox.sampleUrl('sneaker.png');
		let answer: string;
		try {
			await openWorkflow(editor, workflow);
			await openChat(editor);
			answer = await say(editor, `Put the sneaker on a beach: ${picture}`);
		} catch (error) {
			await mkdir(FAILURES, { recursive: true });
			const file = path.join(FAILURES, 'agent.png');
			await editor.page.screenshot({ path: file });
			throw new Error(`${String(error)}\nThe editor as it was: ${file}`, { cause: error });
		}

		const [run, ...more] = demo.sandbox.acceptedRuns();
		expect(more).toEqual([]);
		expect(run?.input).toMatchObject({
			prompt: 'Put the sneaker on a beach',
			image_urls: [picture],
		});
		expect(answer).toContain('Here is your picture: ');
		const link = answer.replace('Here is your picture: ', '');
		const response = await fetch(link);
		expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
		await response.arrayBuffer();
		expect(link.startsWith(`${demo.sandbox.storageUrl}/outputs/`)).toBe(true);
		expect(standIns.refused).toEqual([]);
	});
});
