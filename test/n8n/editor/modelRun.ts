import {
	addFirstStep,
	choose,
	chooseAction,
	chooseFromList,
	control,
	execute,
	findNode,
	shownLabels,
	type,
	unfoldActions,
	viewFile,
} from '../buildByHand';
import { shownPicture } from '../shownFiles';
import { runflow } from './names';
import { startAnew, type EditorSetup } from './setup';

/** Any other model, from the list of nodes to its result. */
export function modelRun({ does }: EditorSetup): void {
	describe('Model → Run', () => {
		does(
			'runs a model that is chosen from the list, by its own form, and shows the picture',
			async (demo, editor) => {
				await startAnew(demo, editor);
				await addFirstStep(editor);
				await findNode(editor, 'runflow', runflow.displayName);
				await unfoldActions(editor);
				await chooseAction(editor, 'Run model');

				const found = await chooseFromList(editor, 'model', 'text image $0.02', 'Text to Image');
				expect(found).toEqual([
					'Text to Image · $0.02 per image · text-to-image',
					'Unavailable Model · not available now · $0.02 per image · text-to-image',
				]);
				await control(editor, 'prompt').waitFor();
				// Required fields and those that Runflow shows first; the others can be added.
				expect(await shownLabels(editor)).toEqual([
					'Resource',
					'Operation',
					'Model',
					'Input',
					'Input Fields',
					'Prompt: What the picture shows',
					'Style',
					'Completion',
					'Download Outputs',
					'Simplify',
					'Options',
				]);

				await type(editor, 'prompt', 'A red shoe on a beach');
				await choose(editor, 'style', 'drawing');
				await execute(editor);
				await viewFile(editor);
				const [run, ...more] = demo.sandbox.acceptedRuns();
				expect(more).toEqual([]);
				expect(run).toMatchObject({
					model: { id: 'sandbox/text-to-image/v1' },
					input: { prompt: 'A red shoe on a beach', style: 'drawing' },
				});
				const { width, height } = run?.artifacts[0] ?? {};
				expect(await shownPicture(editor)).toEqual({ width, height });
			},
		);
	});
}
