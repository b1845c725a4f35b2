import {
	addFirstStep,
	choose,
	chooseAction,
	chooseFromList,
	execute,
	findNode,
	openEmptyWorkflow,
	openList,
	output,
	type,
	unfoldActions,
	viewFile,
} from '../buildByHand';
import { openNode, openWorkflow, showOutputAsSchema } from '../editorActions';
import { shownPicture } from '../shownFiles';
import {
	createWorkflow,
	node,
	withCredential,
	type StoredWorkflow,
	type WorkflowNode,
} from '../workflows';
import { inWindowOf, take, type Round } from './round';

const RUNFLOW = 'Runflow';

/** Model → Run: a model from the list, its form, and the picture that it has made. */
export async function takeModelRun(round: Round): Promise<void> {
	const { editor } = round;
	await openEmptyWorkflow(editor);
	await addFirstStep(editor);
	await findNode(editor, 'runflow', RUNFLOW);
	await unfoldActions(editor);
	await chooseAction(editor, 'Run model');
	await chooseFromList(editor, 'model', 'text image', 'Text to Image');
	await type(editor, 'prompt', 'A red shoe on a beach, evening light');
	await choose(editor, 'style', 'drawing');
	await execute(editor);
	await viewFile(editor);
	await shownPicture(editor);
	await take(round, 'runflow-model');
}

/** One workflow with a node for each of the other resources. */
async function createRunflowWorkflow({ session, credential, sandbox }: Round['demo']) {
	const start = node('When clicking ‘Execute workflow’', 'n8n-nodes-base.manualTrigger', {});
	const photo = node('Get Photo', 'n8n-nodes-base.httpRequest', {
		typeVersion: 4.2,
		position: [250, 0],
		parameters: { url: sandbox.sampleUrl('sneaker.png'), options: {} },
	});
	const runflow = (name: string, parameters: object, position: WorkflowNode['position']) =>
		node(name, 'n8n-nodes-runflow.runflow', { parameters: { ...parameters }, position });
	const upload = runflow('Upload Photo', { resource: 'asset', operation: 'upload' }, [500, 0]);
	const run = runflow('Get Run', { resource: 'run', operation: 'get' }, [250, 200]);
	const balance = runflow(
		'Get Balance',
		{ resource: 'account', operation: 'getBalance' },
		[250, 400],
	);
	const to = ({ name }: WorkflowNode) => ({ node: name, type: 'main' as const, index: 0 });
	const workflow = {
		name: 'Runflow',
		nodes: [start, photo, upload, run, balance],
		connections: {
			[start.name]: { main: [[photo, run, balance].map(to)] },
			[photo.name]: { main: [[to(upload)]] },
		},
		settings: { executionOrder: 'v1' },
	};
	return await createWorkflow(session, withCredential(workflow, credential));
}

/** A node of the workflow, after its execution: its output as a list of its fields. */
async function takeFields(
	round: Round,
	workflow: StoredWorkflow,
	{ name, field, picture }: { name: string; field: string; picture: string },
): Promise<void> {
	const { editor } = round;
	await openWorkflow(editor, workflow);
	await openNode(editor, name);
	await execute(editor);
	await output(editor).locator('[data-test-id=node-run-status-success]').waitFor();
	await showOutputAsSchema(editor);
	await output(editor).getByText(field, { exact: true }).first().waitFor();
	await take(round, picture);
}

/** Run → Get: the picture of a run from the list, and the list. */
async function takeRunGet(round: Round, workflow: StoredWorkflow): Promise<void> {
	const { editor } = round;
	await openWorkflow(editor, workflow);
	await openNode(editor, 'Get Run');
	const [newest] = await openList(editor, 'runId');
	await newest?.click();
	await execute(editor);
	await viewFile(editor);
	await shownPicture(editor);
	await openList(editor, 'runId');
	await take(round, 'runflow-run');
}

/** The other resources, in a window as high as they need. */
export async function takeOtherResources(round: Round): Promise<void> {
	const workflow = await createRunflowWorkflow(round.demo);
	await inWindowOf(round, 760, async () => takeRunGet(round, workflow));
	await inWindowOf(round, 560, async () => {
		const upload = { name: 'Upload Photo', field: 'reference', picture: 'runflow-asset' };
		await takeFields(round, workflow, upload);
		const balance = { name: 'Get Balance', field: 'balance', picture: 'runflow-balance' };
		await takeFields(round, workflow, balance);
	});
}
