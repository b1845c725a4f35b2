import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { openEditor, type Editor } from './browser';
import { findChromium } from './chromium';
import { openNodeCreator, openWorkflow, searchNodes } from './editorActions';
import { OWNER } from './owner';
import { makeTemporaryFolder } from './temporaryFolder';
import { START_TIMEOUT_MS, startTestDemo, testProgress } from './testDemo';

/** Where the picture of a failure is kept after the test. */
const FAILURES = path.join(tmpdir(), 'n8n-nodes-runflow-failures');

/** How far down the list a user still sees the node without scrolling. */
const VISIBLE = 8;

/** What has been set up, to be undone in the opposite order. */
const cleanups: (() => Promise<void>)[] = [];
let editor: Editor;

beforeAll(async () => {
	const chromium = await findChromium(testProgress);
	const { folder, remove } = await makeTemporaryFolder('search');
	cleanups.push(remove);
	const demo = await startTestDemo(folder);
	cleanups.push(demo.stop);
	editor = await openEditor(chromium, demo.n8n.url, OWNER);
	cleanups.push(editor.close);
	const [example] = Object.values(demo.workflows);
	if (!example) throw new Error('There is no example.');
	await openWorkflow(editor, example);
	await openNodeCreator(editor);
}, START_TIMEOUT_MS);

afterAll(async () => {
	for (const cleanUp of cleanups.reverse()) await cleanUp();
});

/** Does something in the editor; when it fails, a picture of the editor is kept and named. */
async function pictured<T>(name: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		await mkdir(FAILURES, { recursive: true });
		const file = path.join(FAILURES, `${name.replaceAll(' ', '-')}.png`);
		await editor.page.screenshot({ path: file });
		throw new Error(`${String(error)}\nThe editor as it was: ${file}`, { cause: error });
	}
}

describe("the editor's search", () => {
	it.each(['wan', 'video', 'runflow', 'image edit'])('finds the node by "%s"', async (query) => {
		const names = await pictured(query, async () => await searchNodes(editor, query, 'Wan 2.7'));
		expect(names.slice(0, VISIBLE)).toContain('Wan 2.7');
	});
});
