import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { runCommand } from './command';
import { testCredential } from './credentials';
import type { Demo } from './demo';
import { listExecutions, runManually, waitForExecution, type Execution } from './executions';
import { REPOSITORY } from './folders';
import { listOurNodeTypes } from './nodeTypes';
import { OWNER } from './owner';
import { makeTemporaryFolder } from './temporaryFolder';
import { API_KEY, START_TIMEOUT_MS, startTestDemo } from './testDemo';
import { filesWith, linesWith } from './traces';
import {
	activateWorkflow,
	chain,
	createWorkflow,
	listWorkflows,
	node,
	postWhenRegistered,
	updateWorkflow,
	withCredential,
	type WorkflowNode,
} from './workflows';

const TRIGGER = 'When clicking ‘Execute workflow’';
const WRONG_KEY = 'rf_live_Xw9WrongButHidden1313';

/** What has been set up, to be undone in the opposite order. */
const cleanups: (() => Promise<void>)[] = [];
let folder: string;
let demo: Demo;
/** The logs of every n8n that a test has stopped. */
let earlierLogs = '';

beforeAll(async () => {
	const temporary = await makeTemporaryFolder('app');
	cleanups.push(temporary.remove);
	folder = temporary.folder;
	demo = await startTestDemo(folder);
	cleanups.push(async () => {
		await demo.stop();
	});
}, START_TIMEOUT_MS);

afterAll(async () => {
	for (const cleanUp of cleanups.reverse()) await cleanUp();
});

function editImage(prompt: string): WorkflowNode['parameters'] {
	const value = demo.sandbox.sampleUrl('sneaker.png');
	return {
		operation: 'proEdit',
		prompt,
		images: { image: [{ source: { __rl: true, mode: 'url', value } }] },
	};
}

async function runExample(key: string): Promise<Execution> {
	const workflow = demo.workflows[key];
	if (!workflow) throw new Error(`There is no example ${key}.`);
	const id = await runManually(demo.session, workflow.id, TRIGGER);
	return await waitForExecution(demo.session, id);
}

/** The execution, after the assertion that it succeeded; its error is shown when it did not. */
function successful(execution: Execution): Execution {
	const { status, error } = execution;
	expect({ status, error }).toEqual({ status: 'success' });
	return execution;
}

describe('the package in n8n', () => {
	it('is loaded, as a node and as a tool for AI agents', async () => {
		expect(await listOurNodeTypes(demo.session)).toEqual([
			'n8n-nodes-runflow.runflow',
			'n8n-nodes-runflow.runflowTool',
			'n8n-nodes-runflow.runflowTrigger',
			'n8n-nodes-runflow.wan27',
			'n8n-nodes-runflow.wan27Tool',
		]);
	});

	it('says that a right API key works', async () => {
		const data = { apiKey: API_KEY, baseUrl: demo.sandbox.url };
		expect(await testCredential(demo.session, demo.credential, data)).toEqual({
			status: 'OK',
			message: 'Connection successful!',
		});
	});

	it.each<[string, () => string, string]>([
		['without https://', () => 'api.runflow.io', 'Try https://api.runflow.io'],
		['of a closed port', () => 'http://127.0.0.1:9', 'Runflow could not be reached.'],
		['of a web app', () => demo.session.url, 'The Base URL does not lead to the Runflow API.'],
	])('says what to do about a Base URL %s', async (_what, baseUrl, words) => {
		const data = { apiKey: WRONG_KEY, baseUrl: baseUrl() };
		const { status, message } = await testCredential(demo.session, demo.credential, data);
		expect(status).toBe('Error');
		expect(message).toContain(words);
	});

	it('says what to do about a wrong API key', async () => {
		const data = { apiKey: WRONG_KEY, baseUrl: demo.sandbox.url };
		expect(await testCredential(demo.session, demo.credential, data)).toEqual({
			status: 'Error',
			message:
				'Runflow does not know this API key. Copy it again from Settings → API Keys in Runflow.',
		});
	});
});

describe('the node in a workflow', () => {
	it('sends what fails to the error output and everything else on, each paid once', async () => {
		demo.sandbox.reset();
		const workflow = chain(
			'Error output',
			node('Start', 'n8n-nodes-base.manualTrigger', {}),
			node('Edit', 'n8n-nodes-runflow.wan27', {
				parameters: editImage('={{ $json.prompt }}'),
				onError: 'continueErrorOutput',
			}),
		);
		const prompts = ['first', '', 'third'];
		const pinData = { Start: prompts.map((prompt) => ({ json: { prompt } })) };
		const stored = await createWorkflow(demo.session, {
			...withCredential(workflow, demo.credential),
			pinData,
		});
		const id = await runManually(demo.session, stored.id, 'Start');
		const { nodes } = successful(await waitForExecution(demo.session, id));
		const [good, bad] = nodes.Edit?.outputs ?? [];
		expect(good?.map(({ json, pairedItem }) => [json.status, pairedItem])).toEqual([
			['succeeded', { item: 0 }],
			['succeeded', { item: 2 }],
		]);
		expect(bad?.map(({ json, pairedItem }) => [json.error, pairedItem])).toEqual([
			[expect.objectContaining({ message: 'Prompt is empty [item 1]' }), { item: 1 }],
		]);
		const sent = demo.sandbox.acceptedRuns().map(({ input }) => input.prompt);
		expect(sent.sort()).toEqual(['first', 'third']);
		expect(demo.sandbox.posts()).toHaveLength(2);
	});

	it('stops with an error that names the parameter when the node does not continue on errors', async () => {
		demo.sandbox.reset();
		const workflow = chain(
			'Stops',
			node('Start', 'n8n-nodes-base.manualTrigger', {}),
			node('Edit', 'n8n-nodes-runflow.wan27', { parameters: editImage('={{ $json.prompt }}') }),
		);
		const stored = await createWorkflow(demo.session, withCredential(workflow, demo.credential));
		const id = await runManually(demo.session, stored.id, 'Start');
		const { status, nodes, error } = await waitForExecution(demo.session, id);
		expect(status).toBe('error');
		expect(nodes.Edit?.error?.message).toContain('Prompt');
		expect(error?.message).toBe(nodes.Edit?.error?.message);
		expect(demo.sandbox.posts()).toEqual([]);
	});

	it('runs in an active workflow that a webhook starts', async () => {
		demo.sandbox.reset();
		const workflow = chain(
			'Webhook',
			node('Webhook', 'n8n-nodes-base.webhook', {
				typeVersion: 2,
				parameters: { path: 'edit', httpMethod: 'POST', responseMode: 'lastNode', options: {} },
				webhookId: '4f1d2c3b-0000-4000-8000-000000000001',
			}),
			node('Edit', 'n8n-nodes-runflow.wan27', {
				parameters: editImage('={{ $json.body.prompt }}'),
			}),
		);
		const stored = await createWorkflow(demo.session, withCredential(workflow, demo.credential));
		await activateWorkflow(demo.session, stored);
		const answer = await postWhenRegistered(`${demo.n8n.url}/webhook/edit`, {
			prompt: 'by webhook',
		});
		expect(answer).toMatchObject({ status: 'succeeded', outputs: [{ type: 'image' }] });
		expect(demo.sandbox.acceptedRuns().map(({ input }) => input.prompt)).toEqual(['by webhook']);
		const executions = await listExecutions(demo.session, stored.id);
		expect(executions.map(({ status }) => status)).toEqual(['success']);
	});
});

describe('a second start', () => {
	it('keeps existing data and the changes of the user', async () => {
		const { credential, workflows } = demo;
		successful(await runExample('edit-product-photo'));
		const video = workflows['product-photo-to-video'];
		if (!video) throw new Error('The video example is missing.');
		const changed = await updateWorkflow(demo.session, video, { ...video, name: 'Mine now' });
		workflows['product-photo-to-video'] = changed;
		const before = await listWorkflows(demo.session);
		earlierLogs += demo.n8n.logs();
		await demo.stop();
		demo = await startTestDemo(folder);

		expect(demo.credential.id).toBe(credential.id);
		expect(demo.workflows).toMatchObject(
			Object.fromEntries(
				Object.entries(workflows).map(([key, { id, name, versionId }]) => [
					key,
					// This one names the address of the sandbox, which is another one now.
					key === 'make-signing-secret' ? { id, name } : { id, name, versionId },
				]),
			),
		);
		const after = await listWorkflows(demo.session);
		expect(after.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
		const executed = workflows['edit-product-photo']?.id ?? '';
		expect(await listExecutions(demo.session, executed)).toHaveLength(1);

		// The sandbox has another address now, and the credential must know it.
		successful(await runExample('edit-product-photo'));
		expect(demo.sandbox.acceptedRuns()).toHaveLength(1);
	});

	it('is what npm start does: it says where n8n is and how to sign in', async () => {
		earlierLogs += demo.n8n.logs();
		await demo.stop();
		const args = [path.join(__dirname, 'start.ts'), '--check', '--data', folder];
		const tsx = path.join(REPOSITORY, 'node_modules/tsx/dist/cli.mjs');
		const output = await runCommand(process.execPath, [tsx, ...args], { cwd: REPOSITORY });
		const url = /Address +(\S+)/.exec(output)?.[1] ?? 'no address';
		expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
		expect(output).toContain(OWNER.email);
		expect(output).toContain(OWNER.password);
		for (const { id } of Object.values(demo.workflows)) {
			expect(output).toContain(`${url}/workflow/${id}`);
		}
		await expect(fetch(url)).rejects.toThrow(); // it has stopped again
		earlierLogs += await readFile(path.join(folder, 'n8n.log'), 'utf8');
	});
});

describe('the API key', () => {
	it('is not in a log', () => {
		// What is searched for would be found: the logs speak of the node.
		expect(linesWith(earlierLogs, 'Edit Photo')).not.toEqual([]);
		expect(linesWith(earlierLogs, API_KEY)).toEqual([]);
		expect(linesWith(earlierLogs, WRONG_KEY)).toEqual([]);
	});

	it('is not in a file that n8n keeps', async () => {
		// What is searched for would be found: the prompt is in the database.
		expect(await filesWith(folder, 'by webhook')).not.toEqual([]);
		expect(await filesWith(folder, API_KEY)).toEqual([]);
		expect(await filesWith(folder, WRONG_KEY)).toEqual([]);
	});
});
