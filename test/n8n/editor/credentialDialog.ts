import type { Locator } from 'playwright-core';

import { KEY_REFUSED } from '../../../nodes/shared/credential/testCredential';
import type { Editor } from '../browser';
import { addFirstStep, chooseAction, findNode, leave } from '../buildByHand';
import { byTestId } from '../editorActions';
import { API_KEY } from '../testDemo';
import { actionOf, wan } from './names';
import { startAnew, type EditorSetup } from './setup';

function dialog(editor: Editor): Locator {
	return byTestId(editor, 'credential-edit-dialog');
}

/** Opens the dialog of a new credential from the selector of the open node. */
export async function openNewCredential(editor: Editor): Promise<void> {
	await byTestId(editor, 'node-credentials-select').click();
	await byTestId(editor, 'node-credentials-select-item-new').click();
	await dialog(editor).waitFor();
}

/** Types into a field of the open credential. */
export async function typeCredential(editor: Editor, field: string, text: string): Promise<void> {
	const input = dialog(editor).locator(`[data-test-id=parameter-input-${field}] input`);
	await input.click();
	await input.press('ControlOrMeta+a');
	await input.pressSequentially(text);
	await leave(input);
}

/** Saves the open credential, which tests it. */
export async function saveCredential(editor: Editor): Promise<void> {
	await byTestId(editor, 'credential-save-button').click();
}

/** Making the credential where it is needed. */
export function credentialDialog({ does }: EditorSetup): void {
	describe('the credential', () => {
		does(
			'is made from the node, and shows whether a key is right or wrong',
			async (demo, editor) => {
				await startAnew(demo, editor);
				await addFirstStep(editor);
				await findNode(editor, 'wan', wan.displayName);
				await chooseAction(editor, actionOf('proEdit'));
				await openNewCredential(editor);
				await typeCredential(editor, 'apiKey', 'rf_live_of_nobody');
				await typeCredential(editor, 'baseUrl', demo.sandbox.url);
				await saveCredential(editor);
				await dialog(editor).getByText('Couldn’t connect with these settings').waitFor();
				await dialog(editor).getByText('More details').click();
				await dialog(editor).getByText(KEY_REFUSED, { exact: true }).waitFor();

				// n8n closes the dialog when the test passes.
				await typeCredential(editor, 'apiKey', API_KEY);
				await saveCredential(editor);
				await dialog(editor).waitFor({ state: 'hidden' });
				const select = byTestId(editor, 'node-credentials-select').locator('input').first();
				expect(await select.inputValue()).toMatch(/^Runflow account/);

				await byTestId(editor, 'credential-edit-button').click();
				const passed = byTestId(editor, 'credentials-config-container-test-success');
				expect(await passed.innerText()).toContain('Connection tested successfully');
				// The test asks for nothing that costs.
				expect(demo.sandbox.posts()).toEqual([]);
			},
		);
	});
}
