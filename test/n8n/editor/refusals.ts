import type { Editor } from '../browser';
import { control, execute, shownError, type } from '../buildByHand';
import { CREDENTIAL_TYPE, saveCredential, type RunflowCredential } from '../credentials';
import type { Demo } from '../demo';
import { openNode, openWorkflow } from '../editorActions';
import { createWorkflow, node, type StoredWorkflow, type WorkflowNode } from '../workflows';
import { labelOf, optionOf } from './names';
import type { EditorSetup } from './setup';

const START = 'Start';

type Parameters = WorkflowNode['parameters'];

function byUrl(value: string): unknown {
	return { __rl: true, mode: 'url', value };
}

/** What a person reads of one node that is filled in already. */
interface Refusal {
	/** What is wrong; the node's name on the canvas. */
	what: string;
	/** @param image the address of a picture that Runflow would take */
	parameters: (image: string) => Parameters;
	/** The credential, where it is not the right one. */
	credential?: RunflowCredential;
}

/** A refusal by the node itself: nothing is sent. */
interface LocalRefusal extends Refusal {
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

const LOCAL: LocalRefusal[] = [
	{
		what: 'a prompt whose expression finds nothing',
		parameters: (image) => ({ ...goodEdit(image), prompt: '={{ $json.missing }}' }),
		message: `The expression for ${promptLabel} found nothing [item 0]`,
		description: 'Check the field name.',
	},
	{
		what: 'no image to edit',
		parameters: () => ({ operation: 'proEdit', prompt: 'Put it on a beach' }),
		message: `${labelOf('proEdit', 'images')} needs 1 to 4 images, but has none [item 0]`,
		description:
			'Add an image and give its URL or binary field. If you used an expression, check that it finds something.',
	},
	{
		what: 'no image and no video to start from',
		parameters: () => ({ operation: 'imageToVideo', prompt: 'It turns' }),
		message: `${imageLabel} is empty, and so is ${videoLabel} [item 0]`,
		description: 'Give the image that the video starts from, or a video to continue.',
	},
	{
		what: 'an image and a video',
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
		what: 'a custom image that is too small',
		parameters: (image) => ({
			...goodEdit(image),
			imageSize: 'custom',
			imageWidth: '={{ 500 }}',
		}),
		message: `${labelOf('proEdit', 'imageWidth')} must be a whole number from 768 to 2048, but is 500 [item 0]`,
		description: 'Correct the number, or the expression that gives it.',
	},
];

const LEFT_EMPTY: Refusal = {
	what: 'a prompt that is left empty: n8n itself does not start',
	parameters: (image) => ({ ...goodEdit(image), prompt: '' }),
};

const TYPED_TOO_SMALL: Refusal = {
	what: 'a side of an image that is typed too small: n8n corrects it',
	parameters: (image) => ({ ...goodEdit(image), imageSize: 'custom' }),
};

const WRONG_KEY: Refusal = {
	what: 'an API key that Runflow does not know',
	parameters: goodEdit,
	credential: { apiKey: 'rf_live_of_nobody', baseUrl: '' },
};

const NO_CREDIT: Refusal = { what: 'credit that is used up', parameters: goodEdit };

const FAILED_RUN: Refusal = { what: 'a run that failed', parameters: goodEdit };

const OUT_OF_REACH: Refusal = {
	what: 'on callback, where Runflow cannot reach n8n',
	parameters: () => ({ ...goodEdit('https://example.com/shoe.png'), completion: 'callback' }),
	// The public Runflow, which cannot reach this n8n: nothing is sent.
	credential: { apiKey: 'rf_live_of_nobody', baseUrl: 'https://api.runflow.io' },
};

const ALL: Refusal[] = [
	...LOCAL,
	LEFT_EMPTY,
	TYPED_TOO_SMALL,
	WRONG_KEY,
	NO_CREDIT,
	FAILED_RUN,
	OUT_OF_REACH,
];

/** One workflow with a node for each of them. */
async function createRefusals({ session, sandbox, credential }: Demo): Promise<StoredWorkflow> {
	const image = sandbox.sampleUrl('sneaker.png');
	const nodes = [node(START, 'n8n-nodes-base.manualTrigger', {})];
	for (const [index, { what, parameters, credential: other }] of ALL.entries()) {
		const { id, name } =
			other === undefined
				? credential
				: await saveCredential(session, what, {
						...other,
						baseUrl: other.baseUrl === '' ? sandbox.url : other.baseUrl,
					});
		nodes.push(
			node(what, 'n8n-nodes-runflow.wan27', {
				position: [300 + 250 * (index % 4), 250 * Math.floor(index / 4)],
				parameters: parameters(image),
				credentials: { [CREDENTIAL_TYPE]: { id, name } },
			}),
		);
	}
	const behind = ALL.map(({ what }) => ({ node: what, type: 'main' as const, index: 0 }));
	return await createWorkflow(session, {
		name: 'Refusals',
		nodes,
		connections: { [START]: { main: [behind] } },
	});
}

/** What a person reads when something is refused or fails. */
export function refusals({ demo: getDemo, does }: EditorSetup): void {
	describe('a refusal is shown with what to do', () => {
		let workflow: StoredWorkflow;

		beforeAll(async () => {
			workflow = await createRefusals(getDemo());
		});

		/**
		 * Opens the node of a refusal. The workflow is opened again for each: after an execution that failed, n8n may
		 * refuse to execute another node ("Cannot read properties of null").
		 */
		async function open(editor: Editor, { what }: Refusal): Promise<void> {
			await openWorkflow(editor, workflow);
			await openNode(editor, what);
		}

		for (const refusal of LOCAL) {
			does(refusal.what, async ({ sandbox }, editor) => {
				await open(editor, refusal);
				await execute(editor);
				const { message, description } = refusal;
				expect(await shownError(editor)).toEqual({ message, description });
				expect(sandbox.requests).toEqual([]);
			});
		}

		does(LEFT_EMPTY.what, async ({ sandbox }, editor) => {
			await open(editor, LEFT_EMPTY);
			await execute(editor);
			const said = editor.page.getByRole('alert').filter({ hasText: LEFT_EMPTY.what });
			expect(await said.innerText()).toContain(`Parameter "${promptLabel}" is required.`);
			expect(sandbox.requests).toEqual([]);
		});

		does(TYPED_TOO_SMALL.what, async (_, editor) => {
			await open(editor, TYPED_TOO_SMALL);
			await type(editor, 'imageWidth', '500');
			expect(await control(editor, 'imageWidth').locator('input').inputValue()).toBe('768');
		});

		does(WRONG_KEY.what, async ({ sandbox }, editor) => {
			await open(editor, WRONG_KEY);
			await execute(editor);
			const { message, description } = await shownError(editor);
			expect(sandbox.posts()).toEqual([expect.objectContaining({ status: 401 })]);
			expect(message).toMatch(/^\S.* \[item 0\]$/);
			expect(description).toContain(
				'The API key was not accepted. Open the Runflow API credential and paste a valid key. No run was started.',
			);
			expect(description).toContain('Code: UNAUTHORIZED');
		});

		does(NO_CREDIT.what, async ({ sandbox }, editor) => {
			sandbox.addFault({
				kind: 'status',
				status: 402,
				body: { code: 'INSUFFICIENT_CREDIT', message: 'Not enough credit.', errors: null },
				match: { method: 'POST' },
			});
			await open(editor, NO_CREDIT);
			await execute(editor);
			const { message, description } = await shownError(editor);
			expect(message).toBe('Not enough credit. [item 0]');
			expect(description).toContain(
				'The credit of your Runflow organization is used up. Add credit in Runflow, then run again. No run was started.',
			);
			expect(description).toContain('Code: INSUFFICIENT_CREDIT');
			expect(sandbox.acceptedRuns()).toEqual([]);
		});

		does(FAILED_RUN.what, async ({ sandbox }, editor) => {
			sandbox.configure({ outcome: 'failed' });
			await open(editor, FAILED_RUN);
			await execute(editor);
			const { message, description } = await shownError(editor);
			const [run] = sandbox.acceptedRuns();
			expect(message).toBe('The provider could not read image 1. [item 0]');
			expect(description).toContain('Runflow does not charge for failed runs.');
			expect(description).toContain('Code: INPUT_VALIDATION_FAILED');
			expect(description).toContain(`Run ID: ${run?.id ?? ''}`);
		});

		does(OUT_OF_REACH.what, async ({ n8n }, editor) => {
			await open(editor, OUT_OF_REACH);
			await execute(editor);
			const onCallback = optionOf('proEdit', 'completion', 'callback');
			expect(await shownError(editor)).toEqual({
				message: `${labelOf('proEdit', 'completion')} "${onCallback}" needs an n8n that Runflow can reach, but the address of this one is ${n8n.url} [item 0]`,
				description: `Set the environment variable WEBHOOK_URL of n8n to its public address (or that of a tunnel), or choose ${optionOf('proEdit', 'completion', 'polling')}.`,
			});
		});
	});
}
