import type { Demo } from '../demo';
import type { Editor } from '../browser';
import { execute, shownError, type } from '../buildByHand';
import { saveCredential, type StoredCredential } from '../credentials';
import { openNode, openWorkflow } from '../editorActions';
import { chain, createWorkflow, node, withCredential, type WorkflowNode } from '../workflows';
import { labelOf, optionOf, trigger, wan } from './names';
import type { Stage } from './stage';

type Parameters = WorkflowNode['parameters'];

function byUrl(value: string): unknown {
	return { __rl: true, mode: 'url', value };
}

/** Opens Wan 2.7 in a workflow of its own, filled in already. */
async function openFilledIn(
	demo: Demo,
	editor: Editor,
	parameters: Parameters,
	credential: StoredCredential = demo.credential,
): Promise<void> {
	const workflow = chain(
		'Refusal',
		node('Start', 'n8n-nodes-base.manualTrigger', {}),
		node(wan.displayName, 'n8n-nodes-runflow.wan27', { position: [300, 0], parameters }),
	);
	const stored = await createWorkflow(demo.session, withCredential(workflow, credential));
	await openWorkflow(editor, stored);
	await openNode(editor, wan.displayName);
}

interface Refusal {
	/** What is wrong, and what is filled in. */
	case: string;
	parameters: (image: string) => Parameters;
	message: string;
	description: string;
}

const goodEdit = (image: string): Parameters => ({
	operation: 'proEdit',
	prompt: 'Put it on a beach',
	images: { image: [{ source: byUrl(image) }] },
});

const promptLabel = labelOf('proEdit', 'prompt');
const imageLabel = labelOf('imageToVideo', 'image');
const videoLabel = labelOf('imageToVideo', 'video');

/** What the node itself refuses: nothing is sent. */
const REFUSALS: Refusal[] = [
	{
		case: 'a prompt whose expression finds nothing',
		parameters: (image) => ({ ...goodEdit(image), prompt: '={{ $json.missing }}' }),
		message: `${promptLabel} is empty [item 0]`,
		description: 'Say what to change in the images.',
	},
	{
		case: 'no image to edit',
		parameters: () => ({ operation: 'proEdit', prompt: 'Put it on a beach' }),
		message: `${labelOf('proEdit', 'images')} needs 1 to 4 images, but has none [item 0]`,
		description:
			'Add an image and give its URL or binary field. If you used an expression, check that it finds something.',
	},
	{
		case: 'no image and no video to start from',
		parameters: () => ({ operation: 'imageToVideo', prompt: 'It turns' }),
		message: `${imageLabel} is empty, and so is ${videoLabel} [item 0]`,
		description: 'Give the image that the video starts from, or a video to continue.',
	},
	{
		case: 'an image and a video',
		parameters: (image) => ({
			operation: 'imageToVideo',
			image: byUrl(image),
			video: byUrl('https://example.com/clip.mp4'),
		}),
		message: `${imageLabel} and ${videoLabel} are both given [item 0]`,
		description:
			'Leave one of them empty: a video either starts from an image or continues another video.',
	},
	{
		case: 'a custom image that is too small',
		parameters: (image) => ({
			...goodEdit(image),
			imageSize: 'custom',
			imageWidth: '={{ 500 }}',
		}),
		message: `${labelOf('proEdit', 'imageWidth')} must be a whole number from 768 to 2048, but is 500 [item 0]`,
		description: 'Correct the number, or the expression that gives it.',
	},
];

/** What a person reads when something is refused or fails. */
export function refusals({ does }: Stage): void {
	describe('a refusal is shown with what to do', () => {
		for (const { case: what, parameters, message, description } of REFUSALS) {
			does(what, async (demo, editor) => {
				await openFilledIn(demo, editor, parameters(demo.sandbox.sampleUrl('sneaker.png')));
				await execute(editor);
				expect(await shownError(editor)).toEqual({ message, description });
				expect(demo.sandbox.requests).toEqual([]);
			});
		}

		does('a prompt that is left empty: n8n itself does not start', async (demo, editor) => {
			const image = demo.sandbox.sampleUrl('sneaker.png');
			await openFilledIn(demo, editor, { ...goodEdit(image), prompt: '' });
			await execute(editor);
			const said = editor.page.getByRole('alert').filter({ hasText: wan.displayName });
			expect(await said.innerText()).toContain(`Parameter "${promptLabel}" is required.`);
			expect(demo.sandbox.requests).toEqual([]);
		});

		does('a side of an image that is typed too small: n8n corrects it', async (demo, editor) => {
			const image = demo.sandbox.sampleUrl('sneaker.png');
			await openFilledIn(demo, editor, { ...goodEdit(image), imageSize: 'custom' });
			await type(editor, 'imageWidth', '500');
			const width = editor.page.locator('[data-test-id=parameter-input-imageWidth] input');
			expect(await width.inputValue()).toBe('768');
		});

		does('an API key that Runflow does not know', async (demo, editor) => {
			const wrong = await saveCredential(demo.session, 'Wrong key', {
				apiKey: 'rf_live_of_nobody',
				baseUrl: demo.sandbox.url,
			});
			await openFilledIn(demo, editor, goodEdit(demo.sandbox.sampleUrl('sneaker.png')), wrong);
			await execute(editor);
			const { message, description } = await shownError(editor);
			const [answered] = demo.sandbox.posts();
			expect(answered).toEqual(expect.objectContaining({ status: 401 }));
			expect(message).toMatch(/^\S.* \[item 0\]$/);
			expect(description).toContain(
				'The API key was not accepted. Open the Runflow API credential and paste a valid key. No run was started.',
			);
			expect(description).toContain('Code: UNAUTHORIZED');
		});

		does('credit that is used up, in Runflow’s own words', async (demo, editor) => {
			demo.sandbox.addFault({
				kind: 'status',
				status: 402,
				body: { code: 'INSUFFICIENT_CREDIT', message: 'Not enough credit.', errors: null },
				match: { method: 'POST' },
			});
			await openFilledIn(demo, editor, goodEdit(demo.sandbox.sampleUrl('sneaker.png')));
			await execute(editor);
			const { message, description } = await shownError(editor);
			expect(message).toBe('Not enough credit. [item 0]');
			expect(description).toContain(
				'The credit of your Runflow organization is used up. Add credit in Runflow, then run again. No run was started.',
			);
			expect(description).toContain('Code: INSUFFICIENT_CREDIT');
			expect(demo.sandbox.acceptedRuns()).toEqual([]);
		});

		does('a run that failed, with Runflow’s reason', async (demo, editor) => {
			demo.sandbox.configure({ outcome: 'failed' });
			await openFilledIn(demo, editor, goodEdit(demo.sandbox.sampleUrl('sneaker.png')));
			await execute(editor);
			const { message, description } = await shownError(editor);
			const [run] = demo.sandbox.acceptedRuns();
			expect(message).toBe('The provider could not read image 1. [item 0]');
			expect(description).toContain('Runflow does not charge for failed runs.');
			expect(description).toContain('Code: INPUT_VALIDATION_FAILED');
			expect(description).toContain(`Run ID: ${run?.id ?? ''}`);
		});

		does('on callback, where Runflow cannot reach n8n', async (demo, editor) => {
			// The public Runflow: what is refused is refused before anything is sent.
			const real = await saveCredential(demo.session, 'The real Runflow', {
				apiKey: 'rf_live_of_nobody',
				baseUrl: 'https://api.runflow.io',
			});
			const parameters = {
				...goodEdit(demo.sandbox.sampleUrl('sneaker.png')),
				completion: 'callback',
			};
			await openFilledIn(demo, editor, parameters, real);
			await execute(editor);
			const onCallback = optionOf('proEdit', 'completion', 'callback');
			expect(await shownError(editor)).toEqual({
				message: `${labelOf('proEdit', 'completion')} "${onCallback}" needs an n8n that Runflow can reach, and this one calls itself ${demo.n8n.url} [item 0]`,
				description: `Set the environment variable WEBHOOK_URL of n8n to its public address (or that of a tunnel), or choose ${optionOf('proEdit', 'completion', 'polling')}.`,
			});
		});

		does('a trigger that nothing could get into', async (demo, editor) => {
			const unsigned = await saveCredential(demo.session, 'No secret', {
				apiKey: demo.sandbox.apiKey,
				baseUrl: demo.sandbox.url,
			});
			const name = trigger.displayName;
			const workflow = chain(
				'Trigger without a secret',
				node(name, 'n8n-nodes-runflow.runflowTrigger', {
					typeVersion: 1.1,
					webhookId: '5a1d2c3b-0000-4000-8000-00000000e001',
				}),
			);
			const stored = await createWorkflow(demo.session, withCredential(workflow, unsigned));
			await openWorkflow(editor, stored);
			await openNode(editor, name);
			await execute(editor);
			const said = editor.page.getByRole('alert').filter({ hasText: 'Accept Unsigned Callbacks' });
			expect(await said.innerText()).toContain(
				'Fill in Callback Signing Secrets in the Runflow API credential, or switch on Accept Unsigned Callbacks',
			);
		});
	});
}
