import { operations } from '../../../nodes/Wan27/operations';
import {
	addFirstStep,
	chooseAction,
	clickListed,
	closeNode,
	findNode,
	listedActions,
	unfoldActions,
} from '../buildByHand';
import { canvasNode, searchNodes } from '../editorActions';
import { actionOf, runflow, runflowActions, trigger, wan } from './names';
import { startAnew, type EditorSetup } from './setup';

/** How far down the list a user still sees the node without scrolling. */
const VISIBLE = 8;

/** What people may type to find the node. */
const QUERIES = [
	'wan',
	'wan 2.7',
	'video',
	'ai video',
	'video generation',
	'text to video',
	'photo to video',
	'make video',
	'animate',
	'animate photo',
	'image edit',
	'edit picture',
	'image to image',
	'ai image',
	'photo',
	'runflow',
];

/** What n8n calls a trigger in its list. */
export const LISTED_TRIGGER = trigger.displayName.replace(' Trigger', '');

/** Finding the nodes and putting them on the canvas. */
export function nodePanel({ does }: EditorSetup): void {
	describe('the list of nodes', () => {
		does('finds the nodes by what people search for', async (demo, editor) => {
			await startAnew(demo, editor);
			await addFirstStep(editor);
			const found: Record<string, string[]> = {};
			for (const query of QUERIES) {
				const names = await searchNodes(editor, query, wan.displayName);
				found[query] = names.slice(0, VISIBLE);
			}
			for (const names of Object.values(found)) expect(names).toContain(wan.displayName);
			expect(found.runflow).toEqual([runflow.displayName, wan.displayName]);

			// n8n lists a node and its trigger as one.
			expect(LISTED_TRIGGER).toBe(runflow.displayName);
			await clickListed(editor, runflow.displayName);
			await unfoldActions(editor);
			const listed = await listedActions(editor, 'Run model');
			expect(listed).toEqual(expect.arrayContaining(['On run finished', ...runflowActions]));
		});

		for (const { option } of operations) {
			const { value } = option;
			does(`adds Wan 2.7 with the action of ${value}`, async (demo, editor) => {
				await startAnew(demo, editor);
				await addFirstStep(editor);
				await findNode(editor, 'wan', wan.displayName);
				await chooseAction(editor, actionOf(value));
				await closeNode(editor);
				const shown = await canvasNode(editor, wan.displayName).innerText();
				expect(shown.split('\n').filter((line) => line.trim() !== '')).toEqual([
					wan.displayName,
					option.name,
				]);
			});
		}
	});
}
