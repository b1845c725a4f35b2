import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { signCallback } from '../sandbox';
import { saveCredential, type StoredCredential } from './credentials';
import type { Demo } from './demo';
import {
	listExecutions,
	readExecution,
	runManually,
	waitForExecution,
	type Item,
} from './executions';
import { startN8n } from './instance';
import { isRestError } from './session';
import { makeTemporaryFolder } from './temporaryFolder';
import { START_TIMEOUT_MS, startTestDemo } from './testDemo';
import {
	activateWorkflow,
	createWorkflow,
	withCredential,
	type StoredWorkflow,
	type WorkflowFile,
	type WorkflowNode,
} from './workflows';

const SECRET = 'whsec_TheAppsOwnSecret4711';
const TRIGGER = 'Runflow Trigger';
const START = 'When clicking ‘Execute workflow’';

/** How long to wait for a condition, in milliseconds. */
const DEADLINE_MS = 90_000;

/** What has been set up, to be undone in the opposite order. */
const cleanups: (() => Promise<void>)[] = [];
let folder: string;
let demo: Demo;
let signed: StoredCredential;
let unsigned: StoredCredential;

beforeAll(async () => {
	const temporary = await makeTemporaryFolder('trigger');
	cleanups.push(temporary.remove);
	folder = temporary.folder;
	demo = await startTestDemo(folder);
	cleanups.push(async () => {
		await demo.n8n.stop();
		await demo.stop();
	});
	const { apiKey, url: baseUrl } = demo.sandbox;
	const data = { apiKey, baseUrl };
	signed = await saveCredential(demo.session, 'Signed', { ...data, callbackSecrets: SECRET });
	unsigned = await saveCredential(demo.session, 'Unsigned', data);
}, START_TIMEOUT_MS);

beforeEach(() => {
	demo.sandbox.reset();
	demo.sandbox.configure({ callbackSecrets: [{ secret: SECRET, isCurrent: true }] });
});

afterAll(async () => {
	for (const cleanUp of cleanups.reverse()) await cleanUp();
});

let webhooks = 0;

/** A workflow of a trigger and a node behind it, and the address that n8n gives it. */
function triggerWorkflow(
	parameters: WorkflowNode['parameters'] = {},
	credential = signed,
): { workflow: WorkflowFile; path: string } {
	webhooks += 1;
	const webhookId = `5a1d2c3b-0000-4000-8000-${String(webhooks).padStart(12, '0')}`;
	const workflow: WorkflowFile = {
		name: `Trigger ${webhooks}`,
		nodes: [
			{
				id: webhookId,
				name: TRIGGER,
				type: 'n8n-nodes-runflow.runflowTrigger',
				typeVersion: 1.1,
				position: [0, 0],
				parameters,
				webhookId,
			},
			{
				name: 'Next',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [200, 0],
				parameters: {},
			},
		],
		connections: { [TRIGGER]: { main: [[{ node: 'Next', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
	return { workflow: withCredential(workflow, credential), path: `${webhookId}/webhook` };
}

/** Starts Wan 2.7 once for each prompt, with that Callback URL. */
async function startRuns(callbackUrl: string, prompts: string[]): Promise<string[]> {
	const workflow: WorkflowFile = {
		name: 'Starts runs',
		nodes: [
			{
				name: START,
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				name: 'Edit',
				type: 'n8n-nodes-runflow.wan27',
				typeVersion: 1,
				position: [200, 0],
				parameters: {
					operation: 'proEdit',
					prompt: '={{ $json.prompt }}',
					images: {
						image: [
							{
								source: { __rl: true, mode: 'url', value: demo.sandbox.sampleUrl('sneaker.png') },
							},
						],
					},
					completion: 'immediately',
					options: { callbackUrl },
				},
			},
		],
		connections: { [START]: { main: [[{ node: 'Edit', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
		pinData: { [START]: prompts.map((prompt) => ({ json: { prompt } })) },
	};
	const stored = await createWorkflow(demo.session, withCredential(workflow, signed));
	const id = await runManually(demo.session, stored.id, START);
	const { status, error, nodes } = await waitForExecution(demo.session, id);
	expect({ status, error }).toEqual({ status: 'success', error: undefined });
	return (nodes.Edit?.outputs[0] ?? []).map(({ json }) => String(json.id));
}

async function until<Value>(what: string, check: () => Promise<Value | undefined>): Promise<Value> {
	const deadline = Date.now() + DEADLINE_MS;
	for (;;) {
		const found = await check();
		if (found !== undefined) return found;
		if (Date.now() > deadline) throw new Error(`Not within ${DEADLINE_MS} ms: ${what}`);
		await sleep(100);
	}
}

/** Posts a body as it is. */
async function post(url: string, body: string, secret = SECRET): Promise<number> {
	const response = await fetch(url, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			'Runflow-Signature': signCallback(body, secret),
		},
		body,
	});
	await response.text();
	return response.status;
}

/** n8n registers a webhook a moment after it has activated the workflow, and answers 404 until then. */
async function untilRegistered(url: string): Promise<void> {
	await until(`${url} is registered`, async () =>
		(await post(url, '{}', 'whsec_wrong')) === 401 ? true : undefined,
	);
}

/** Nor does it forget it at once. */
async function untilGone(url: string): Promise<void> {
	await until(`${url} is gone`, async () =>
		(await post(url, '{}', 'whsec_wrong')) === 404 ? true : undefined,
	);
}

async function goLive(
	parameters: WorkflowNode['parameters'] = {},
): Promise<{ stored: StoredWorkflow; url: string; path: string }> {
	const { workflow, path } = triggerWorkflow(parameters);
	const stored = await createWorkflow(demo.session, workflow);
	await activateWorkflow(demo.session, stored);
	const url = `${demo.n8n.url}/webhook/${path}`;
	await untilRegistered(url);
	return { stored, url, path };
}

/** The ids of all ended executions of a workflow; undefined while one is still under way. */
async function endedExecutions(workflowId: string): Promise<string[] | undefined> {
	const executions = await listExecutions(demo.session, workflowId);
	// A full page would hide older ones.
	expect(executions.length).toBeLessThan(100);
	const isUnderWay = executions.some(({ status }) => ['new', 'running'].includes(status));
	return isUnderWay ? undefined : executions.map(({ id }) => id);
}

/** The output of the executions of a workflow, once all are over. */
async function outputItems(workflowId: string): Promise<Item[]> {
	// n8n asks its database twice for a list, for what runs and for what has run: an execution that ends
	// in between is in neither. So two reads in a row must agree.
	let before: string | undefined;
	const ids = await until('all executions have ended', async () => {
		const ended = await endedExecutions(workflowId);
		const agrees = ended !== undefined && ended.join() === before;
		before = ended?.join();
		return agrees ? ended : undefined;
	});
	const items: Item[] = [];
	for (const id of ids) {
		const { status, nodes } = await readExecution(demo.session, id);
		expect(status).toBe('success');
		items.push(...(nodes.Next?.outputs[0] ?? []));
	}
	return items;
}

/**
 * A way to n8n that loses every third answer, once n8n has given it: for the sender the delivery has failed.
 */
async function startLossyWay(to: string): Promise<{ url: string; close: () => Promise<void> }> {
	let count = 0;
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const headers = new Headers({ 'content-type': 'application/json' });
			const signature = request.headers['runflow-signature'];
			if (typeof signature === 'string') headers.set('runflow-signature', signature);
			void fetch(to, { method: 'POST', headers, body: Buffer.concat(chunks) })
				.then(async (answer) => {
					const text = await answer.text();
					count += 1;
					if (count % 3 === 0) request.socket.destroy();
					else response.writeHead(answer.status).end(text);
				})
				.catch(() => request.socket.destroy());
		});
	});
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/`,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function delivered(): Promise<void> {
	await demo.sandbox.idle();
}

describe('the whole circle', () => {
	it('gives each of 50 runs exactly one execution, with doubled and repeated deliveries', async () => {
		const { stored, url } = await goLive();
		const way = await startLossyWay(url);
		cleanups.push(way.close);
		demo.sandbox.configure({
			callbackCopies: 2,
			callbackRetryDelaysMs: [100, 200],
			runDurationMs: ({ index }) => 200 + index * 50,
		});
		const prompts = Array.from({ length: 50 }, (_, index) => `Picture ${index}`);
		const runIds = await startRuns(way.url, prompts);
		expect(new Set(runIds).size).toBe(50);
		await delivered();

		const deliveries = demo.sandbox.deliveries();
		const results = deliveries.flatMap(({ attempts }) => attempts.map(({ result }) => result));
		const answered = results.flatMap((result) => (result.kind === 'answered' ? [result] : []));
		expect(deliveries).toHaveLength(100);
		expect(results.length).toBeGreaterThan(130);
		expect(new Set(answered.map(({ status }) => status))).toEqual(new Set([200]));
		const items = await outputItems(stored.id);
		console.log(
			`50 runs, ${deliveries.length} deliveries, ${results.length} attempts, ` +
				`${results.length - answered.length} answers lost, ${items.length} executions`,
		);
		expect(items.map(({ json }) => json.run_id).sort()).toEqual([...runIds].sort());
		for (const { json } of items) {
			const [sent] = demo.sandbox.deliveries(String(json.run_id));
			expect(json).toEqual(JSON.parse(sent?.body.toString() ?? '{}'));
		}
	});

	it('starts nothing when n8n was restarted between a delivery and its repeat', async () => {
		const { stored, url } = await goLive({ events: ['run.completed', 'run.failed'] });
		await startRuns(url, ['First', 'Second', 'Third']);
		await delivered();
		expect(await outputItems(stored.id)).toHaveLength(3);
		demo.sandbox.configure({ outcome: 'failed' });
		const [failed = ''] = await startRuns(url, ['Fourth']);
		await delivered();
		expect(await outputItems(stored.id)).toHaveLength(4);

		const { port } = demo.n8n;
		await demo.n8n.stop();
		demo.n8n = await startN8n({ userFolder: folder, port, env: { N8N_LOG_LEVEL: 'debug' } });
		await untilRegistered(url);
		for (const { body } of demo.sandbox.deliveries()) {
			expect(await post(url, body.toString())).toBe(200);
		}
		expect(await outputItems(stored.id)).toHaveLength(4);

		// A person asks for it once more: the very bytes, and yet an execution.
		const path = `/v1/runs/${failed}/callback-redeliveries`;
		const authorization = `Bearer ${demo.sandbox.apiKey}`;
		const response = await fetch(demo.sandbox.url + path, {
			method: 'POST',
			headers: { authorization },
		});
		expect(response.status).toBe(201);
		await delivered();
		const attempts = demo.sandbox
			.deliveries(failed)
			.at(-1)
			?.attempts.map(({ result }) => result);
		expect(attempts).toEqual([
			expect.objectContaining({ status: 200, body: '{"message":"Workflow was started"}' }),
		]);
		const items = await outputItems(stored.id);
		expect(items).toHaveLength(5);
		expect(items.filter(({ json }) => json.run_id === failed)).toHaveLength(2);
	});
});

describe('listening for a test event', () => {
	async function listen(stored: StoredWorkflow): Promise<unknown> {
		return await demo.session.rest('POST', `/rest/workflows/${stored.id}/run`, {
			triggerToStartFrom: { name: TRIGGER },
		});
	}

	it('takes a real callback of a run, one each time, and writes nothing', async () => {
		const { workflow, path } = triggerWorkflow({
			options: { fullRun: true, downloadOutputs: true },
		});
		const stored = await createWorkflow(demo.session, workflow);
		const url = `${demo.n8n.url}/webhook-test/${path}`;
		demo.sandbox.configure({ callbackCopies: 2 });
		for (let time = 1; time <= 2; time++) {
			expect(await listen(stored)).toEqual({ waitingForWebhook: true });
			const [runId] = await startRuns(url, ['Test']);
			await delivered();
			const items = await outputItems(stored.id);
			expect(items).toHaveLength(time);
			expect(items.filter(({ json }) => json.run_id === runId)).toEqual([
				{
					json: expect.objectContaining({
						event: 'run.completed',
						run: expect.objectContaining({ id: runId, cost: '0.0750' }) as unknown,
					}) as unknown,
					binary: { data: expect.objectContaining({ mimeType: 'image/png' }) as unknown },
					pairedItem: { item: 0 },
				},
			]);
			expect(await post(url, '{}')).toBe(404);
		}
	});

	it('takes the same delivery each time that the user listens', async () => {
		const { workflow, path } = triggerWorkflow();
		const stored = await createWorkflow(demo.session, workflow);
		const url = `${demo.n8n.url}/webhook-test/${path}`;
		for (let time = 1; time <= 2; time++) {
			await listen(stored);
			expect(await post(url, '{"event":"run.completed","run_id":"r1"}')).toBe(200);
			expect(await outputItems(stored.id)).toHaveLength(time);
		}
	});

	it('continues after a callback that is refused', async () => {
		const { workflow, path } = triggerWorkflow();
		const stored = await createWorkflow(demo.session, workflow);
		const url = `${demo.n8n.url}/webhook-test/${path}`;
		await listen(stored);
		expect(await post(url, '{"event":"run.completed"}', 'whsec_wrong')).toBe(401);
		expect(await post(url, '{"event":"run.failed"}')).toBe(200);
		expect(await outputItems(stored.id)).toEqual([]);
		expect(await post(url, '{"event":"run.completed"}')).toBe(200);
		expect(await outputItems(stored.id)).toHaveLength(1);
	});

	it('is refused without a secret, and says what to do', async () => {
		const stored = await createWorkflow(demo.session, triggerWorkflow({}, unsigned).workflow);
		await expect(listen(stored)).rejects.toThrow('Fill in Callback Signing Secrets');
	});
});

describe('a live workflow', () => {
	it('is refused without a secret, says what to do, and leaves no address', async () => {
		const { workflow, path } = triggerWorkflow({}, unsigned);
		const stored = await createWorkflow(demo.session, workflow);
		await activateWorkflow(demo.session, stored);
		// n8n makes it live in the background, and shows what came of it at the workflow.
		await until('the refusal is shown', async () => {
			const status = await demo.session.rest(
				'GET',
				`/rest/workflows/${stored.id}/publication-status`,
			);
			return JSON.stringify(status).includes('Fill in Callback Signing Secrets') || undefined;
		});
		expect(await post(`${demo.n8n.url}/webhook/${path}`, '{"event":"run.completed"}')).toBe(404);
	});

	it('goes live without a secret once the user says so', async () => {
		const { workflow, path } = triggerWorkflow({ acceptUnsigned: true }, unsigned);
		const stored = await createWorkflow(demo.session, workflow);
		await activateWorkflow(demo.session, stored);
		const url = `${demo.n8n.url}/webhook/${path}`;
		const send = async () =>
			(
				await fetch(url, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: '{"event":"run.completed","run_id":"1"}',
				})
			).status;
		await until('registered', async () => ((await send()) === 200 ? true : undefined));
		expect(await outputItems(stored.id)).toHaveLength(1);
	});

	it('answers refusals in one line, and n8n’s log has the reason', async () => {
		const { stored, url } = await goLive();
		const answer = await fetch(url, { method: 'POST', body: '{"event":"run.completed"}' });
		expect(answer.status).toBe(401);
		expect(await answer.json()).toEqual({ message: 'Runflow-Signature is missing' });
		expect(demo.n8n.logs()).toContain(
			'"Runflow Trigger" refused a callback with 401: Runflow-Signature is missing',
		);
		expect(demo.n8n.logs()).not.toContain(SECRET);
		expect(await outputItems(stored.id)).toEqual([]);
	});

	it('has no address left after it was switched off, and a separate one after duplication', async () => {
		const { stored, url } = await goLive();
		const { id, versionId } = stored;
		await demo.session.rest('POST', `/rest/workflows/${id}/deactivate`, { versionId });
		await untilGone(url);

		const { workflow: copy, path } = triggerWorkflow();
		const duplicate = await createWorkflow(demo.session, copy);
		await activateWorkflow(demo.session, duplicate);
		await untilRegistered(`${demo.n8n.url}/webhook/${path}`);
		expect(await post(url, '{"event":"run.completed"}')).toBe(404);
	});

	it('has no address left after it was deleted', async () => {
		const { stored, url } = await goLive();
		await demo.session.rest('POST', `/rest/workflows/${stored.id}/archive`, {});
		await untilGone(url);
		await until('the workflow may be deleted', async () => {
			try {
				await demo.session.rest('DELETE', `/rest/workflows/${stored.id}`);
				return true;
			} catch (error) {
				if (isRestError(error, 409)) return undefined; // still being switched off
				throw error;
			}
		});
		expect(await post(url, '{"event":"run.completed"}')).toBe(404);
	});
});
