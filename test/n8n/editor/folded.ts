import type { INodeProperties } from 'n8n-workflow';

import type { Editor } from '../browser';
import {
	addFirstStep,
	choose,
	chooseAction,
	control,
	findNode,
	shownLabels,
	toggle,
} from '../buildByHand';
import { byTestId } from '../editorActions';
import { actionOf, labelOf, operation, optionOf, wan } from './names';
import { startAnew, type EditorSetup } from './setup';

const AFTER_FIELDS = ['completion', 'downloadOutputs', 'simplify', 'options'];

function isShownAtFirst({ displayOptions, type }: INodeProperties): boolean {
	return displayOptions?.show === undefined && type !== 'notice';
}

/** What is seen of an operation that was just added; inside a list of media, one entry. */
function firstLabels(value: string): string[] {
	const fields = operation(value).fields.filter(isShownAtFirst);
	const labels = fields.flatMap(({ name, displayName }) =>
		name === 'images' ? [displayName, labelOf(value, 'source')] : [displayName],
	);
	return ['Operation', ...labels, ...AFTER_FIELDS.map((name) => labelOf(value, name))];
}

/** Opens the list of Add Option. (The node's settings have one as well, out of sight.) */
async function openOptions(editor: Editor): Promise<void> {
	await byTestId(editor, 'collection-parameter-add').filter({ visible: true }).click();
}

/** The entries of the open node's Add Option, in their order. */
async function offeredOptions(editor: Editor): Promise<string[]> {
	await openOptions(editor);
	const entries = byTestId(editor, 'collection-parameter-option').filter({ visible: true });
	await entries.first().waitFor();
	const names = await entries.allInnerTexts();
	await editor.page.keyboard.press('Escape');
	await entries.first().waitFor({ state: 'hidden' });
	return names.map((name) => name.trim());
}

/** What is hidden until it is needed. */
export function folded({ does }: EditorSetup): void {
	describe('what is rarely needed', () => {
		does(
			'is folded under Options, and notices stand only where they belong',
			async (demo, editor) => {
				const label = (name: string) => labelOf('proEdit', name);
				await startAnew(demo, editor);
				await addFirstStep(editor);
				await findNode(editor, 'wan', wan.displayName);
				await chooseAction(editor, actionOf('proEdit'));
				// n8n loads the part that shows Images when it is first needed.
				await control(editor, 'source').waitFor();
				expect(await shownLabels(editor)).toEqual(firstLabels('proEdit'));

				const first = await offeredOptions(editor);
				expect(first).toEqual([...first].sort((a, b) => a.localeCompare(b)));
				expect(first).toEqual(
					expect.arrayContaining(
						['seed', 'callbackUrl', 'outputPropertyName', 'pollingInterval'].map(label),
					),
				);

				await openOptions(editor);
				await byTestId(editor, 'collection-parameter-option')
					.filter({ hasText: label('seed'), visible: true })
					.click();
				await control(editor, 'seed').waitFor();
				expect(await shownLabels(editor)).toEqual([...firstLabels('proEdit'), label('seed')]);

				await choose(editor, 'imageSize', optionOf('proEdit', 'imageSize', 'custom'));
				await control(editor, 'imageWidth').waitFor();
				await control(editor, 'imageHeight').waitFor();

				const notice = byTestId(editor, 'node-parameters').getByText('WEBHOOK_URL');
				expect(await notice.count()).toBe(0);
				await choose(editor, 'completion', optionOf('proEdit', 'completion', 'callback'));
				await notice.waitFor();
				await toggle(editor, 'downloadOutputs');
				const onCallback = await offeredOptions(editor);
				expect(onCallback).not.toContain(label('outputPropertyName'));
				expect(onCallback).not.toContain(label('callbackUrl'));
				expect(onCallback).not.toContain(label('pollingInterval'));

				await choose(editor, 'completion', optionOf('proEdit', 'completion', 'immediately'));
				await notice.waitFor({ state: 'detached' });
				await control(editor, 'downloadOutputs').waitFor({ state: 'detached' });
				const atOnce = await offeredOptions(editor);
				expect(atOnce).toContain(label('callbackUrl'));
				expect(atOnce).not.toContain(label('maximumWait'));

				await choose(editor, 'operation', operation('imageToVideo').option.name);
				await control(editor, 'duration').waitFor();
				await byTestId(editor, 'node-parameters')
					.getByText(labelOf('imageToVideo', 'mediaNotice'))
					.waitFor();
			},
		);
	});
}
