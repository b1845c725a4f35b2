import { createVideo } from '../../sandbox/testClient';
import {
	addFirstStep,
	chooseAction,
	closeNode,
	execute,
	findNode,
	openEmptyWorkflow,
	output,
} from '../buildByHand';
import { byTestId, openNode } from '../editorActions';
import { LISTED_TRIGGER } from './nodePanel';
import { trigger } from './names';
import type { Stage } from './stage';

const NEXT = 'No Operation, do nothing';

/** The trigger: added, connected, and tested with a callback of a run. */
export function listening({ does }: Stage): void {
	describe('Runflow Trigger', () => {
		does('is added, connected, and shows the callback of a test run', async (demo, editor) => {
			await openEmptyWorkflow(editor);
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
			await editor.page.locator(`g[data-test-id=edge]${edge}`).waitFor();

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
