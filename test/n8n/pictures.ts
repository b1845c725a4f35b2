import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { openEditor, type Editor } from './browser';
import { findChromium } from './chromium';
import { startDemo, type Demo } from './demo';
import {
	executeNode,
	letGo,
	openNode,
	openNodeCreator,
	openTestedCredential,
	openWorkflow,
	searchNodes,
	showOutputAsSchema,
} from './editorActions';
import { REPOSITORY } from './folders';
import { OWNER } from './owner';
import { printProgress } from './progress';
import { makeTemporaryFolder } from './temporaryFolder';
import { createWorkflow, type StoredWorkflow } from './workflows';

const PICTURES = path.join(REPOSITORY, 'docs/pictures');

/** The addresses that people know, if they are free: they are in the pictures. */
const PORTS = { n8n: [5678], sandbox: [8787], storage: [8788] };

async function take(editor: Editor, name: string): Promise<void> {
	await letGo(editor);
	await editor.page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
}

function exampleOf({ workflows }: Demo, key: string): StoredWorkflow {
	const workflow = workflows[key];
	if (!workflow) throw new Error(`examples/${key}.json is missing.`);
	return workflow;
}

async function takeFinishedNode(
	editor: Editor,
	workflow: StoredWorkflow,
	node: string,
	name: string,
): Promise<void> {
	await openWorkflow(editor, workflow);
	await openNode(editor, node);
	await executeNode(editor, 'succeeded');
	await showOutputAsSchema(editor);
	await take(editor, name);
}

/** What the node shows while it waits. */
const WAITS =
	'The run goes on at Runflow. This execution continues by itself when Runflow reports its end.';

/** The video example on callback, while it waits: the run ends by nothing but the end of the sandbox. */
async function takeWaiting(demo: Demo, editor: Editor, example: StoredWorkflow): Promise<void> {
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
	await take(editor, 'on-callback');
	demo.sandbox.configure({ manual: false });
}

async function takeAll(demo: Demo, editor: Editor): Promise<void> {
	const edit = exampleOf(demo, 'edit-product-photo');
	const video = exampleOf(demo, 'product-photo-to-video');
	await openWorkflow(editor, edit);
	await openNodeCreator(editor);
	await searchNodes(editor, 'wan', 'Wan 2.7');
	await take(editor, 'node-panel');
	await takeFinishedNode(editor, edit, 'Edit Photo', 'pro-edit');
	await takeFinishedNode(editor, video, 'Make Video', 'image-to-video');
	await openWorkflow(editor, exampleOf(demo, 'runflow-trigger'));
	await openNode(editor, 'Runflow Trigger');
	await take(editor, 'trigger');
	await takeWaiting(demo, editor, video);
	await openTestedCredential(editor, demo.credential);
	await take(editor, 'credential');
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
				const editor = await openEditor(chromium, demo.n8n.url, OWNER);
				try {
					await takeAll(demo, editor);
				} finally {
					await editor.close();
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
