import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { openEditor, type Editor } from '../browser';
import { openEmptyWorkflow } from '../buildByHand';
import { findChromium } from '../chromium';
import { keepOnly } from '../credentials';
import type { Demo } from '../demo';
import { OWNER } from '../owner';
import { makeTemporaryFolder } from '../temporaryFolder';
import { START_TIMEOUT_MS, startTestDemo, testProgress } from '../testDemo';

/** Where what a failed test has left on the screen is kept. */
const FAILURES = path.join(tmpdir(), 'n8n-nodes-runflow-failures');

/** What the tests of the editor share: one n8n, one sandbox, one browser that is signed in. */
export interface EditorSetup {
	/** n8n and the sandbox; there once the tests run. */
	demo: () => Demo;
	/** The editor in its browser; there once the tests run. */
	editor: () => Editor;
	/** A test, on a sandbox that has forgotten the earlier ones. When it fails, the screen is kept. */
	does: (what: string, work: (demo: Demo, editor: Editor) => Promise<void>) => void;
}

function present<T>(thing: T | undefined): T {
	if (thing === undefined) throw new Error('The editor is not set up yet.');
	return thing;
}

/** Keeps a picture and the text of the page. Returns the files' path without their endings. */
async function keepScreen({ page }: Editor, what: string): Promise<string> {
	await mkdir(FAILURES, { recursive: true });
	const file = path.join(FAILURES, what.replaceAll(/[^\w.]+/g, '-').slice(0, 80));
	await page.screenshot({ path: `${file}.png` });
	await writeFile(`${file}.txt`, `${page.url()}\n\n${await page.locator('body').innerText()}`);
	return file;
}

/** An empty workflow, in an n8n with the one right credential: the editor chooses it. */
export async function startAnew({ session, credential }: Demo, editor: Editor): Promise<void> {
	await keepOnly(session, credential);
	await openEmptyWorkflow(editor);
}

/** Starts everything before the tests of the file that calls this, and ends it after them. */
export function setUpEditor(): EditorSetup {
	const cleanups: (() => Promise<void>)[] = [];
	let demo: Demo | undefined;
	let editor: Editor | undefined;

	beforeAll(async () => {
		const chromium = await findChromium(testProgress);
		const { folder, remove } = await makeTemporaryFolder('editor');
		cleanups.push(remove);
		demo = await startTestDemo(folder);
		cleanups.push(demo.stop);
		editor = await testProgress('Open the editor and sign in', async () =>
			openEditor(chromium, present(demo).n8n.url, OWNER),
		);
		cleanups.push(editor.close);
	}, START_TIMEOUT_MS);

	afterAll(async () => {
		for (const cleanUp of cleanups.reverse()) await cleanUp();
	});

	return {
		demo: () => present(demo),
		editor: () => present(editor),
		does: (what, work) => {
			it(what, async () => {
				const [there, open] = [present(demo), present(editor)];
				there.sandbox.reset();
				try {
					await testProgress(what, async () => work(there, open));
				} catch (error) {
					const kept = await keepScreen(open, what);
					throw new Error(`${String(error)}\nThe editor as it was: ${kept}.png and .txt`, {
						cause: error,
					});
				}
			});
		},
	};
}
