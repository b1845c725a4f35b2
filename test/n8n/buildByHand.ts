import type { Locator } from 'playwright-core';

import type { Editor } from './browser';
import { byTestId } from './editorActions';

/** A text that is the whole of what an element shows. */
function whole(text: string): RegExp {
	return new RegExp(`^\\s*${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}

/** Opens a workflow that does not exist yet. */
export async function openEmptyWorkflow(editor: Editor): Promise<void> {
	await editor.page.goto(`${editor.url}/workflow/new`);
	await byTestId(editor, 'canvas-plus-button').waitFor();
}

/** The entry of that name in the open list of nodes or of a node's actions. */
function listed(editor: Editor, name: string): Locator {
	return byTestId(editor, 'node-creator-item-name').filter({ hasText: whole(name) });
}

/** Types into the open list of nodes and opens what it finds: the node's list of actions. */
export async function findNode(editor: Editor, query: string, node: string): Promise<void> {
	await byTestId(editor, 'node-creator-search-bar').pressSequentially(query);
	await clickListed(editor, node);
}

/** Clicks a node in the open list of nodes. */
export async function clickListed(editor: Editor, node: string): Promise<void> {
	await listed(editor, node).first().click();
}

/** Opens the list of nodes on an empty canvas. */
export async function addFirstStep(editor: Editor): Promise<void> {
	await byTestId(editor, 'canvas-plus-button').click();
	await byTestId(editor, 'node-creator-search-bar').waitFor();
}

/** Chooses an action of the node whose actions are listed; n8n adds the node and opens it. */
export async function chooseAction(editor: Editor, action: string): Promise<void> {
	await listed(editor, action).click();
	await byTestId(editor, 'node-parameters').waitFor();
}

/** Unfolds the actions of the node whose actions are listed: n8n folds them where a workflow has no trigger yet. */
export async function unfoldActions(editor: Editor): Promise<void> {
	await byTestId(editor, 'node-creator-category-item')
		.filter({ hasText: /^Actions/ })
		.click();
}

/** The actions of the node whose actions are listed, its triggers first, once one of them is there. */
export async function listedActions(editor: Editor, awaited: string): Promise<string[]> {
	await listed(editor, awaited).waitFor();
	const names = await byTestId(editor, 'node-creator-item-name').allInnerTexts();
	return names.map((name) => name.trim());
}

/** The open node's control of a parameter, by the parameter's own name. */
export function control(editor: Editor, parameter: string): Locator {
	return byTestId(editor, 'node-parameters').locator(`[data-test-id=parameter-input-${parameter}]`);
}

/** Types into a parameter of text, of a number, or of the address of a file, in place of what is there. */
export async function type(editor: Editor, parameter: string, text: string): Promise<void> {
	const field = control(editor, parameter)
		.locator('textarea, [data-test-id=rlc-input], input')
		.last();
	await field.click();
	await field.press('ControlOrMeta+a');
	await field.press('Backspace');
	await field.pressSequentially(text);
	await leave(field);
}

/** Longer than n8n waits after the last key before it takes a value over, in milliseconds. */
const TAKE_OVER_MS = 500;

/**
 * Leaves a field once n8n has taken its value over, which nothing on the screen shows. Not left to luck: this
 * timer runs in the page, was set after n8n's and is the longer one, so it cannot end first.
 */
export async function leave(field: Locator): Promise<void> {
	await field.press('Tab');
	await field.evaluate(
		async (_, milliseconds) => await new Promise((resolve) => setTimeout(resolve, milliseconds)),
		TAKE_OVER_MS,
	);
}

/** Opens the list of a parameter and chooses by the name that is shown. */
export async function choose(editor: Editor, parameter: string, option: string): Promise<void> {
	await control(editor, parameter).locator('input').click();
	await editor.page.getByRole('option').filter({ hasText: option, visible: true }).click();
}

/** Opens the list of a resource locator. Returns its entries. */
export async function openList(editor: Editor, parameter: string): Promise<Locator[]> {
	await control(editor, parameter).locator('[data-test-id=rlc-input]').click();
	const entries = byTestId(editor, 'rlc-item').filter({ visible: true });
	await entries.first().waitFor();
	return await entries.all();
}

/** Searches the list of a resource locator, and chooses the first entry with that text. Returns the texts of all found. */
export async function chooseFromList(
	editor: Editor,
	parameter: string,
	search: string,
	entry: string,
): Promise<string[]> {
	const last = (await openList(editor, parameter)).at(-1);
	await byTestId(editor, 'rlc-search').filter({ visible: true }).fill(search);
	// The search starts a moment after the last key.
	await last?.waitFor({ state: 'detached' });
	const entries = byTestId(editor, 'rlc-item').filter({ visible: true });
	const chosen = entries.filter({ hasText: entry }).first();
	await chosen.waitFor();
	const found = await entries.allInnerTexts();
	await chosen.click();
	return found.map((text) => text.trim());
}

/** Clicks a parameter of yes and no. */
export async function toggle(editor: Editor, parameter: string): Promise<void> {
	// The switch itself is an invisible box beside what one sees of it.
	await control(editor, parameter).getByRole('switch').locator('..').click();
}

/** Presses Execute step in the open node. */
export async function execute(editor: Editor): Promise<void> {
	await byTestId(editor, 'node-execute-button').click();
}

/** Closes the open node. */
export async function closeNode(editor: Editor): Promise<void> {
	await byTestId(editor, 'ndv-close-button').click();
	await byTestId(editor, 'ndv').waitFor({ state: 'hidden' });
}

/** What the open node shows in its output. */
export function output(editor: Editor): Locator {
	return byTestId(editor, 'output-panel');
}

/** The message and the description of the error that the open node shows. */
export async function shownError(
	editor: Editor,
): Promise<{ message: string; description: string }> {
	const read = async (id: string) =>
		(await output(editor).locator(`[data-test-id=${id}]`).innerText()).trim();
	return {
		message: await read('node-error-message'),
		description: await read('node-error-description'),
	};
}

/** The labels of the parameters that the open node shows, from top to bottom. */
export async function shownLabels(editor: Editor): Promise<string[]> {
	const labels = await byTestId(editor, 'node-parameters')
		.locator('[data-test-id=input-label] label')
		.filter({ visible: true })
		.allInnerTexts();
	// The buttons beside a label are part of it.
	return labels.map((text) => (text.split('\n', 1)[0] ?? '').trim());
}

/** Shows a downloaded file of the output, as "View" does. */
export async function viewFile(editor: Editor): Promise<void> {
	await byTestId(editor, 'ndv-view-binary-data').first().click();
}
