import { addFirstStep, chooseAction, execute, findNode, type, viewFile } from '../buildByHand';
import { formatDuration } from '../progress';
import { shownVideo } from '../shownFiles';
import { API_KEY, testProgress } from '../testDemo';
import { openNewCredential, saveCredential, typeCredential } from './credentialDialog';
import { actionOf, labelOf, wan } from './names';
import { startAnew, type EditorSetup } from './setup';

/** How much time a new user may need, in milliseconds. */
const MINUTE_MS = 60_000;

/** From nothing to a video. */
export function firstResult({ does }: EditorSetup): void {
	describe('the way from an empty editor to a finished video', () => {
		does('takes nine steps and less than a minute', async (demo, editor) => {
			const { sandbox } = demo;
			await startAnew(demo, editor);
			const steps: [string, () => Promise<void>][] = [
				['Click Add first step', async () => addFirstStep(editor)],
				[
					'Search for "wan" and click Wan 2.7',
					async () => findNode(editor, 'wan', wan.displayName),
				],
				[
					`Click ${actionOf('imageToVideo')}`,
					async () => chooseAction(editor, actionOf('imageToVideo')),
				],
				['Click Create new credential', async () => openNewCredential(editor)],
				[
					'Paste the API key',
					async () => {
						await typeCredential(editor, 'apiKey', API_KEY);
						// This is needed only for the sandbox.
						await typeCredential(editor, 'baseUrl', sandbox.url);
					},
				],
				[
					'Click Save',
					async () => {
						await saveCredential(editor);
						await editor.page
							.locator('[data-test-id=credential-edit-dialog]')
							.waitFor({ state: 'hidden' });
					},
				],
				[
					`Write a ${labelOf('imageToVideo', 'prompt')}`,
					async () => type(editor, 'prompt', 'The shoe turns slowly'),
				],
				[
					`Paste the address of an ${labelOf('imageToVideo', 'image')}`,
					async () => type(editor, 'image', sandbox.sampleUrl('sneaker.png')),
				],
				[
					'Click Execute step, and View',
					async () => {
						await execute(editor);
						await viewFile(editor);
					},
				],
			];
			const started = Date.now();
			for (const [what, step] of steps) await testProgress(what, step);
			expect(await shownVideo(editor)).toEqual({ width: 1920, height: 1080, seconds: 5 });
			const took = Date.now() - started;
			process.stderr.write(`    From empty editor to video: ${formatDuration(took)}\n`);
			expect(steps).toHaveLength(9);
			expect(took).toBeLessThan(MINUTE_MS);
			expect(sandbox.acceptedRuns()).toHaveLength(1);
		});
	});
}
