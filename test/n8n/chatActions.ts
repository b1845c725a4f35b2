import type { Locator } from 'playwright-core';

import type { Editor } from './browser';

/** How long an answer may take, in milliseconds. */
const ANSWER_DEADLINE_MS = 60_000;

function chat({ page }: Editor): Locator {
	return page.locator('[data-test-id=canvas-chat]');
}

/** Opens the chat of the workflow that is shown. */
export async function openChat(editor: Editor): Promise<void> {
	await editor.page.locator('[data-test-id=workflow-chat-button]').click();
	await chat(editor).locator('textarea').waitFor();
}

/** Says something in the open chat and returns the answer to it. */
export async function say(editor: Editor, words: string): Promise<string> {
	const answers = chat(editor).locator('.chat-message-from-bot:not(.chat-message-typing)');
	const before = await answers.count();
	const input = chat(editor).locator('textarea');
	await input.fill(words);
	await input.press('Enter');
	const answer = answers.nth(before);
	await answer.waitFor({ timeout: ANSWER_DEADLINE_MS });
	return (await answer.innerText()).trim();
}
