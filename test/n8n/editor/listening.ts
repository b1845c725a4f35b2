import type { INodeProperties } from 'n8n-workflow';

import { createVideo } from '../../sandbox/testClient';
import {
	addFirstStep,
	chooseAction,
	closeNode,
	control,
	execute,
	findNode,
	listedActions,
	output,
} from '../buildByHand';
import { saveCredential } from '../credentials';
import { byTestId, canvasNode, openNode, openWorkflow } from '../editorActions';
import { chain, createWorkflow, node, withCredential } from '../workflows';
import { LISTED_TRIGGER } from './nodePanel';
import { trigger } from './names';
import { startAnew, type EditorSetup } from './setup';

/** The options of the trigger that are switches. */
const SWITCHES = trigger.properties
	.flatMap(({ options = [] }) => options)
	.filter((option): option is INodeProperties => 'type' in option && option.type === 'boolean');

const NEXT = 'No Operation, do nothing';

/** The trigger: added, connected, and tested with a callback of a run. */
export function listening({ does }: EditorSetup): void {
	describe('Runflow Trigger', () => {
		does(
			'does not listen where nothing could get in, and says what to do',
			async (demo, editor) => {
				const { apiKey, url: baseUrl } = demo.sandbox;
				const unsigned = await saveCredential(demo.session, 'No secret', { apiKey, baseUrl });
				const workflow = chain(
					'Trigger without a secret',
					node(trigger.displayName, 'n8n-nodes-runflow.runflowTrigger', {
						typeVersion: 1.1,
						webhookId: '5a1d2c3b-0000-4000-8000-00000000e001',
					}),
				);
				const stored = await createWorkflow(demo.session, withCredential(workflow, unsigned));
				await openWorkflow(editor, stored);
				await openNode(editor, trigger.displayName);
				await execute(editor);
				const said = editor.page
					.getByRole('alert')
					.filter({ hasText: 'Accept Unsigned Callbacks' });
				expect(await said.innerText()).toContain(
					'Fill in Callback Signing Secrets in the Runflow API credential, or switch on Accept Unsigned Callbacks',
				);
			},
		);

		does('is offered for finished runs first, and batches last', async (demo, editor) => {
			await startAnew(demo, editor);
			await addFirstStep(editor);
			await findNode(editor, 'runflow', LISTED_TRIGGER);
			const listed = await listedActions(editor, 'On run finished');
			expect(listed.filter((name) => name.startsWith('On '))).toEqual([
				'On run finished',
				'On run completed',
				'On run partially succeeded',
				'On run failed',
				'On run cancelled',
				'On batch finished',
			]);

			await chooseAction(editor, 'On run finished');
			await closeNode(editor);
			const shown = await canvasNode(editor, trigger.displayName).innerText();
			expect(shown.split('\n').filter((line) => line.trim() !== '')).toContain('Finished');
		});

		does('has options that are switched on when they are added', async (demo, editor) => {
			await startAnew(demo, editor);
			await addFirstStep(editor);
			await findNode(editor, 'runflow', LISTED_TRIGGER);
			await chooseAction(editor, 'On run finished');
			for (const { name, displayName } of SWITCHES) {
				await byTestId(editor, 'collection-parameter-add').filter({ visible: true }).click();
				await byTestId(editor, 'collection-parameter-option')
					.filter({ hasText: displayName, visible: true })
					.click();
				const added = control(editor, name).getByRole('switch');
				await added.waitFor({ state: 'attached' });
				expect([name, await added.isChecked()]).toEqual([name, true]);
			}
		});

		does('is added, connected, and shows the callback of a test run', async (demo, editor) => {
			await startAnew(demo, editor);
			await addFirstStep(editor);
			await findNode(editor, 'runflow', LISTED_TRIGGER);
			await chooseAction(editor, 'On run completed');
			await byTestId(editor, 'ndv').getByText('Webhook URLs', { exact: true }).click();
			const address = byTestId(editor, 'node-parameters').locator('.webhook-url');
			const testUrl = (await address.innerText()).trim();
			expect(testUrl).toMatch(new RegExp(`^${demo.n8n.url}/webhook-test/[\\w-]+/webhook$`));

			await closeNode(editor);
			await byTestId(editor, 'canvas-handle-plus').click();
			await findNode(editor, 'no operation', NEXT);
			await closeNode(editor);
			const edge = `[data-source-node-name="${trigger.displayName}"][data-target-node-name="${NEXT}"]`;
			// A straight line has no height, so it never counts as visible.
			await editor.page.locator(`g[data-test-id=edge]${edge}`).waitFor({ state: 'attached' });

			await openNode(editor, trigger.displayName);
			await execute(editor);
			await byTestId(editor, 'trigger-listening').waitFor();
			await createVideo(demo.sandbox, { duration: 2 }, { callback_url: testUrl });
			await output(editor).getByText('run.completed', { exact: true }).first().waitFor();
			const [run] = demo.sandbox.acceptedRuns();
			expect(await output(editor).innerText()).toContain(run?.id);
			expect(demo.sandbox.deliveries(run?.id)).toEqual([
				expect.objectContaining({ status: 'delivered' }),
			]);
		});
	});
}
