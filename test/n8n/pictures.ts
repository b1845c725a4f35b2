import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { imageToVideo } from '../../nodes/Wan27/operations/imageToVideo';
import { openEditor } from './browser';
import {
	addFirstStep,
	chooseAction,
	clickListed,
	control,
	execute,
	openEmptyWorkflow,
	shownError,
	type,
	viewFile,
} from './buildByHand';
import { findChromium } from './chromium';
import { startDemo, type Demo } from './demo';
import {
	byTestId,
	executeNode,
	openNode,
	openTestedCredential,
	openWorkflow,
	searchNodes,
} from './editorActions';
import { REPOSITORY } from './folders';
import { OWNER } from './owner';
import { inWindowOf, PICTURES, take, VIEWPORT, type Round } from './pictures/round';
import { takeModelRun, takeOtherResources } from './pictures/runflow';
import { printProgress } from './progress';
import { rewindVideo, shownPicture, shownVideo } from './shownFiles';
import { makeTemporaryFolder } from './temporaryFolder';
import { createWorkflow, type StoredWorkflow } from './workflows';

const WAN = 'Wan 2.7';

/** What the node shows while it waits. */
const WAITS = 'Waiting for Runflow. The execution resumes automatically.';

/** The addresses that people know, if they are free: they are in the pictures. */
const PORTS = { n8n: [5678], sandbox: [8787], storage: [8788] };

/** n8n shows itself in either; the dark version of a picture has `-dark` in its name. */
const SCHEMES = ['light', 'dark'] as const;

function exampleOf({ workflows }: Demo, key: string): StoredWorkflow {
	const workflow = workflows[key];
	if (!workflow) throw new Error(`examples/${key}.json is missing.`);
	return workflow;
}

/** An edited photo, as its node shows it. */
async function takeEditedPhoto(round: Round): Promise<void> {
	const { demo, editor } = round;
	await openWorkflow(editor, exampleOf(demo, 'edit-product-photo'));
	await openNode(editor, 'Edit Photo');
	await execute(editor);
	await viewFile(editor);
	await shownPicture(editor);
	await take(round, 'pro-edit');
}

/** The video example on callback, while it waits: the run ends by nothing but the end of the sandbox. */
async function takeWaiting(round: Round): Promise<void> {
	const { demo, editor } = round;
	const example = exampleOf(demo, 'product-photo-to-video');
	demo.sandbox.configure({ manual: true });
	const nodes = example.nodes.map((node) =>
		node.name === 'Make Video'
			? { ...node, parameters: { ...node.parameters, completion: 'callback' } }
			: node,
	);
	const { connections, settings } = example;
	const content = { name: 'On callback', nodes, connections, ...(settings && { settings }) };
	const workflow = await createWorkflow(demo.session, content);
	await openWorkflow(editor, workflow);
	await openNode(editor, 'Make Video');
	await executeNode(editor, WAITS);
	await take(round, 'on-callback');
	demo.sandbox.configure({ manual: false });
}

/** "First result" of the README: from the empty canvas to the video, and what a missing image looks like. */
async function takeFirstResult(round: Round): Promise<void> {
	const { editor } = round;
	await openEmptyWorkflow(editor);
	await addFirstStep(editor);
	await searchNodes(editor, 'runflow', WAN);
	await inWindowOf(round, 480, async () => take(round, 'node-panel'));
	await clickListed(editor, WAN);
	await chooseAction(editor, imageToVideo.option.action ?? '');
	await type(editor, 'prompt', 'The shoe turns slowly on a pedestal, soft studio light');
	await type(editor, 'image', 'https://public.runflow.io/images/models/_base/product-sneaker.png');
	await control(editor, 'operation').scrollIntoViewIfNeeded();
	await take(round, 'first-result-filled');
	await execute(editor);
	await viewFile(editor);
	await shownVideo(editor);
	await rewindVideo(editor);
	await control(editor, 'operation').scrollIntoViewIfNeeded();
	await take(round, 'first-result-video');
	await type(editor, 'image', '');
	await execute(editor);
	await shownError(editor);
	await byTestId(editor, 'node-execute-button').getByText('Execute step').waitFor();
	await control(editor, 'operation').scrollIntoViewIfNeeded();
	await take(round, 'refused');
}

async function takeTrigger(round: Round): Promise<void> {
	const { demo, editor } = round;
	await openWorkflow(editor, exampleOf(demo, 'runflow-trigger'));
	await openNode(editor, 'Runflow Trigger');
	await take(round, 'trigger');
}

async function takeCredential(round: Round): Promise<void> {
	const { demo, editor } = round;
	await openTestedCredential(editor, demo.credential);
	await take(round, 'credential', editor.page.locator('.el-dialog').filter({ visible: true }));
}

async function takeAll(round: Round): Promise<void> {
	await takeFirstResult(round);
	await takeEditedPhoto(round);
	await takeModelRun(round);
	await takeOtherResources(round);
	await takeTrigger(round);
	await takeWaiting(round);
	await takeCredential(round);
}

async function main(): Promise<void> {
	const progress = printProgress((line) => {
		console.log(line);
	});
	const chromium = await findChromium(progress);
	const { folder, remove } = await makeTemporaryFolder('pictures');
	try {
		const demo = await startDemo({ userFolder: folder, progress, ports: PORTS });
		try {
			await mkdir(PICTURES, { recursive: true });
			await progress(`Take the pictures into ${path.relative(REPOSITORY, PICTURES)}`, async () => {
				for (const colorScheme of SCHEMES) {
					const appearance = { colorScheme, viewport: VIEWPORT, isStill: true };
					const editor = await openEditor(chromium, demo.n8n.url, OWNER, appearance);
					try {
						const suffix = colorScheme === 'dark' ? '-dark' : '';
						await takeAll({ demo, editor, suffix });
					} finally {
						await editor.close();
					}
				}
			});
		} finally {
			await demo.stop();
		}
	} finally {
		await remove();
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
