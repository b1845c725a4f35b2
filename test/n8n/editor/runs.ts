import type { Editor } from '../browser';
import type { Demo } from '../demo';
import {
	addFirstStep,
	chooseAction,
	execute,
	findNode,
	output,
	type,
	viewFile,
} from '../buildByHand';
import { showOutputAsSchema } from '../editorActions';
import { shownPicture, shownVideo } from '../shownFiles';
import { actionOf, wan } from './names';
import { startAnew, type EditorSetup } from './setup';

async function addToEmptyWorkflow(demo: Demo, editor: Editor, operation: string): Promise<void> {
	await startAnew(demo, editor);
	await addFirstStep(editor);
	await findNode(editor, 'wan', wan.displayName);
	await chooseAction(editor, actionOf(operation));
}

/** Filling the operations in, executing them, and viewing their outputs. */
export function runs({ does }: EditorSetup): void {
	describe('an operation that is filled in by hand', () => {
		does('edits an image, which is then seen in the output', async (demo, editor) => {
			const image = demo.sandbox.sampleUrl('sneaker.png');
			await addToEmptyWorkflow(demo, editor, 'proEdit');
			await type(editor, 'prompt', 'Put the shoe on a beach');
			await type(editor, 'source', image);
			await execute(editor);
			await viewFile(editor);
			const [run, ...more] = demo.sandbox.acceptedRuns();
			expect(more).toEqual([]);
			expect(run?.input).toEqual({
				prompt: 'Put the shoe on a beach',
				image_urls: [image],
				num_images: 1,
			});
			const { width, height } = run?.artifacts[0] ?? {};
			expect(await shownPicture(editor)).toEqual({ width, height });
		});

		does('turns an image into a video, which is then seen in the output', async (demo, editor) => {
			const image = demo.sandbox.sampleUrl('sneaker.png');
			await addToEmptyWorkflow(demo, editor, 'imageToVideo');
			await type(editor, 'prompt', 'The shoe turns slowly');
			await type(editor, 'image', image);
			await type(editor, 'duration', '3');
			await execute(editor);
			await viewFile(editor);
			expect(await shownVideo(editor)).toEqual({ width: 1920, height: 1080, seconds: 3 });
			const [run, ...more] = demo.sandbox.acceptedRuns();
			expect(more).toEqual([]);
			expect(run?.input).toEqual({
				prompt: 'The shoe turns slowly',
				image_url: image,
				duration: 3,
			});

			await showOutputAsSchema(editor);
			await output(editor).getByText('succeeded', { exact: true }).waitFor();
			expect(await output(editor).innerText()).toContain(run?.id);
		});
	});
}
