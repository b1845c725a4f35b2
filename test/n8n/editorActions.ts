import type { Locator } from 'playwright-core';

import type { Editor } from './browser';
import type { StoredCredential } from './credentials';
import type { StoredWorkflow } from './workflows';

/** How long the editor may take to show what a search finds, in milliseconds. */
const SEARCH_DEADLINE_MS = 10_000;

/** What carries one of n8n's own test ids. */
export function byTestId({ page }: Editor, id: string): Locator {
	return page.locator(`[data-test-id="${id}"]`);
}

/**
 * Opens a page of the editor as a click on a link does: loading the whole editor again takes the browser several
 * seconds. By way of the list of workflows, so that nothing is left of the workflow that was open.
 */
async function follow(editor: Editor, path: string): Promise<void> {
	await goTo(editor, '/home/workflows');
	const list = byTestId(editor, 'resources-list-wrapper');
	const discard = editor.page.getByRole('button', { name: 'Leave without saving' });
	await list.or(discard).first().waitFor();
	if (await discard.isVisible()) await discard.click();
	await list.waitFor();
	await goTo(editor, path);
}

async function goTo({ page }: Editor, path: string): Promise<void> {
	await page.evaluate((address) => {
		history.pushState({}, '', address);
		dispatchEvent(new PopStateEvent('popstate', { state: {} }));
	}, path);
}

/** Opens a workflow and waits until its nodes are drawn. */
export async function openWorkflow(
	editor: Editor,
	{ id, nodes }: Pick<StoredWorkflow, 'id' | 'nodes'>,
): Promise<void> {
	await follow(editor, `/workflow/${id}`);
	for (const { name, type } of nodes) {
		if (type !== 'n8n-nodes-base.stickyNote') await canvasNode(editor, name).waitFor();
	}
}

/** A node on the canvas. */
export function canvasNode({ page }: Editor, name: string): Locator {
	return page.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`);
}

/** Opens a node of the workflow that is shown. */
export async function openNode(editor: Editor, name: string): Promise<void> {
	await canvasNode(editor, name).dblclick();
	await byTestId(editor, 'node-parameters').waitFor();
}

/** Executes the open node, and the ones before it, and waits for a text in its output. */
export async function executeNode(editor: Editor, awaited: string): Promise<void> {
	await byTestId(editor, 'node-execute-button').click();
	await byTestId(editor, 'output-panel').getByText(awaited, { exact: true }).waitFor();
}

/** Shows the open node's output as a list of its fields. */
export async function showOutputAsSchema(editor: Editor): Promise<void> {
	const output = byTestId(editor, 'output-panel');
	await output.locator('[data-test-id=radio-button-schema]').click();
	await output.locator('[data-test-id=run-data-schema-item]').first().waitFor();
}

/** Opens the list of nodes to add. */
export async function openNodeCreator(editor: Editor): Promise<void> {
	await byTestId(editor, 'node-creator-plus-button').click();
	await byTestId(editor, 'node-creator-search-bar').waitFor();
}

/** Searches the open list of nodes and waits until it shows a node. Returns the names in their order. */
export async function searchNodes(
	editor: Editor,
	query: string,
	awaited: string,
): Promise<string[]> {
	const search = byTestId(editor, 'node-creator-search-bar');
	const names = byTestId(editor, 'node-creator-item-name');
	const found = names.filter({ hasText: awaited });
	// An empty search first: what an earlier search found must not be taken for what this one finds.
	await search.fill('');
	await found.first().waitFor({ state: 'detached' });
	await search.fill(query);
	await found.first().waitFor({ timeout: SEARCH_DEADLINE_MS });
	return await names.allInnerTexts();
}

/** Opens a credential and waits until n8n has tested it with success. */
export async function openTestedCredential(
	editor: Editor,
	{ id }: StoredCredential,
): Promise<void> {
	await editor.page.goto(`${editor.url}/home/credentials/${id}`);
	await byTestId(editor, 'credentials-config-container-test-success').waitFor();
}

/** Takes pointer and focus off everything, so that nothing is lit up. */
export async function letGo({ page }: Editor): Promise<void> {
	await page.mouse.move(0, 0);
	await page.evaluate(() => {
		if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
	});
}
