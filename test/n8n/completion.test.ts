import { setTimeout as sleep } from 'node:timers/promises';

import {
	DEFAULT_SWITCHES,
	signCallback,
	type LoggedRequest,
	type Outcome,
	type SandboxRun,
} from '../sandbox';
import { until } from '../until';
import type { Demo } from './demo';
import {
	ENDED,
	listExecutions,
	readExecution,
	retryExecution,
	runManually,
	stopExecution,
	waitForExecution,
	type Execution,
	type Item,
} from './executions';
import { makeTemporaryFolder } from './temporaryFolder';
import { API_KEY, CALLBACK_SECRET, START_TIMEOUT_MS, startTestDemo } from './testDemo';
import { filesWith, linesWith } from './traces';
import {
	activateWorkflow,
	chain,
	createWorkflow,
	node,
	postWhenRegistered,
	withCredential,
	type StoredWorkflow,
	type WorkflowNode,
} from './workflows';

/** The node that is tested; the name needs care wherever it is put into an expression. */
const EDIT = `Edit "it"`;

/** What has been set up, to be undone in the opposite order. */
const cleanups: (() => Promise<void>)[] = [];
let folder: string;
let demo: Demo;
/** The logs of every n8n that has been ended. */
let earlierLogs = '';
/** Called with every request that the sandbox has answered. */
let onRequest: (request: LoggedRequest) => void = () => undefined;

beforeAll(async () => {
	const temporary = await makeTemporaryFolder('completion');
	cleanups.push(temporary.remove);
	folder = temporary.folder;
	demo = await startTestDemo(folder, {
		manual: true,
		onRequest: (request) => {
			onRequest(request);
		},
	});
	cleanups.push(async () => {
		await demo.stop();
	});
	await startTheShortWait();
}, START_TIMEOUT_MS);

afterEach(() => {
	onRequest = () => undefined;
});

afterAll(async () => {
	for (const cleanUp of cleanups.reverse()) await cleanUp();
});

/** A live workflow around the node, started by hand or by a webhook. */
interface Flow {
	workflow: StoredWorkflow;
	byHand: () => Promise<string>;
	/** Returns the execution's id. */
	byWebhook: () => Promise<string>;
	/** Only posts; returns what n8n answers. */
	post: (prompts?: string[]) => Promise<unknown>;
}

let flows = 0;

function editNode(
	parameters: WorkflowNode['parameters'],
	settings: Partial<WorkflowNode> = {},
): WorkflowNode {
	const value = demo.sandbox.sampleUrl('sneaker.png');
	return node(EDIT, 'n8n-nodes-runflow.wan27', {
		parameters: {
			operation: 'proEdit',
			prompt: '={{ $json.prompt }}',
			images: { image: [{ source: { __rl: true, mode: 'url', value } }] },
			// Only the tests of files are about them.
			downloadOutputs: false,
			...parameters,
		},
		...settings,
	});
}

/**
 * Start (by hand) or Webhook → Before (an item for each prompt) → the nodes given → After, which looks
 * back at Before.
 */
async function makeFlow(prompts: string[], ...nodes: WorkflowNode[]): Promise<Flow> {
	// n8n answers before the workflow runs.
	return await makeAnsweringFlow('onReceived', prompts, ...nodes);
}

/** A flow whose webhook answers at another time. */
async function makeAnsweringFlow(
	responseMode: 'onReceived' | 'lastNode',
	prompts: string[],
	...nodes: WorkflowNode[]
): Promise<Flow> {
	flows += 1;
	const path = `completion-${flows}`;
	const workflow = chain(
		`Completion ${flows}`,
		node('Webhook', 'n8n-nodes-base.webhook', {
			typeVersion: 2,
			parameters: { path, httpMethod: 'POST', responseMode, options: {} },
			webhookId: `4f1d2c3b-0000-4000-8000-${String(flows).padStart(12, '0')}`,
		}),
		node('Before', 'n8n-nodes-base.splitOut', {
			parameters: {
				fieldToSplitOut: 'body.prompts',
				options: { destinationFieldName: 'prompt' },
			},
		}),
		...nodes,
		node('After', 'n8n-nodes-base.set', {
			typeVersion: 3.4,
			parameters: {
				assignments: {
					assignments: [
						{
							id: '4f1d2c3b-0000-4000-8000-00000000000a',
							name: 'before',
							value: "={{ $('Before').item.json.prompt }}",
							type: 'string',
						},
					],
				},
				includeOtherFields: true,
				options: {},
			},
		}),
	);
	workflow.nodes.push(node('Start', 'n8n-nodes-base.manualTrigger', {}));
	workflow.connections.Start = { main: [[{ node: 'Before', type: 'main', index: 0 }]] };
	const stored = await createWorkflow(demo.session, {
		...withCredential(workflow, demo.credential),
		pinData: { Start: [{ json: { body: { prompts } } }] },
	});
	await activateWorkflow(demo.session, stored);

	const post = async (own: string[] = prompts) => {
		const url = `${demo.n8n.url}/webhook/${path}`;
		return await postWhenRegistered(url, { prompts: own });
	};
	return {
		workflow: stored,
		byHand: async () => await runManually(demo.session, stored.id, 'Start'),
		byWebhook: async () => {
			const known = new Set(await executionIds(stored));
			await post();
			const deadline = Date.now() + 20_000;
			for (;;) {
				const added = (await executionIds(stored)).find((id) => !known.has(id));
				if (added !== undefined) return added;
				if (Date.now() > deadline) throw new Error(`No execution of ${stored.name} has started.`);
				await sleep(50);
			}
		},
		post,
	};
}

async function executionIds({ id }: StoredWorkflow): Promise<string[]> {
	return (await listExecutions(demo.session, id)).map((execution) => execution.id);
}

/** The execution once it has ended or been suspended, after the assertion of its status. */
async function comesTo(status: string, id: string): Promise<Execution> {
	const awaited = status === 'waiting' ? [...ENDED, 'waiting'] : ENDED;
	const execution = await waitForExecution(demo.session, id, awaited);
	const { error } = execution;
	const seen = { status: execution.status, ...(status === 'success' && { error }) };
	expect(seen).toEqual({ status });
	return execution;
}

async function statusOf(id: string): Promise<string> {
	return (await readExecution(demo.session, id)).status;
}

/** The runs that were paid for a prompt. */
function runsOf(prompt: string): SandboxRun[] {
	return demo.sandbox.acceptedRuns().filter(({ input }) => input.prompt === prompt);
}

function runOf(prompt: string): SandboxRun {
	const [run, ...more] = runsOf(prompt);
	if (run === undefined || more.length > 0) {
		throw new Error(`${more.length + (run ? 1 : 0)} runs for ${prompt}`);
	}
	return run;
}

function finish(prompt: string, outcome: Outcome = 'succeeded'): void {
	demo.sandbox.finishRun(runOf(prompt).id, outcome);
}

/** How often the run of a prompt has been read. */
function countReads(prompt: string): number {
	const ids = runsOf(prompt).map(({ id }) => `/v1/runs/${id}`);
	return demo.sandbox.requests.filter(({ method, path }) => method === 'GET' && ids.includes(path))
		.length;
}

/** How often a run was started with that prompt. */
function startsOf(prompt: string): number {
	return demo.sandbox
		.posts('/v1/models/')
		.map(({ json }) => (json as { input: { prompt: unknown } }).input.prompt)
		.filter((one) => one === prompt).length;
}

/** What the receiver answered to each callback of a run: status and words. */
function answersFor(runId: string): { status: number; said: string }[] {
	return demo.sandbox
		.deliveries(runId)
		.flatMap(({ attempts }) =>
			attempts.map(({ result }) =>
				result.kind === 'answered'
					? { status: result.status, said: result.body }
					: { status: 0, said: result.error },
			),
		);
}

function outputsOf(execution: Execution, name = EDIT): Item[][] {
	return execution.nodes[name]?.outputs ?? [];
}

function shuffled<T>(list: readonly T[]): T[] {
	return list
		.map((value) => ({ value, at: Math.random() }))
		.sort((a, b) => a.at - b.at)
		.map(({ value }) => value);
}

/** A workflow with the node alone, to be called by another one. */
async function makeSubWorkflow(): Promise<StoredWorkflow> {
	flows += 1;
	const workflow = chain(
		`Called ${flows}`,
		node('Called', 'n8n-nodes-base.executeWorkflowTrigger', {
			typeVersion: 1.1,
			parameters: { inputSource: 'passthrough' },
		}),
		editNode({ completion: 'callback', options: { pollingInterval: 0.1 } }),
	);
	const stored = await createWorkflow(demo.session, withCredential(workflow, demo.credential));
	await activateWorkflow(demo.session, stored);
	return stored;
}

const SHORT_WAIT = 'a short wait';
let shortWait: { id: string; runId: string };

/** Started before everything else: n8n checks for waits that have run out once a minute. */
async function startTheShortWait(): Promise<void> {
	const flow = await makeFlow(
		[SHORT_WAIT],
		editNode({ completion: 'callback', options: { maximumWait: 0.05 } }),
	);
	const id = await flow.byHand();
	await comesTo('waiting', id);
	shortWait = { id, runId: runOf(SHORT_WAIT).id };
}

describe('an image in a binary field, and its outputs downloaded', () => {
	async function execute(completion: string): Promise<string> {
		demo.sandbox.reset();
		const flow = await makeFlow(
			[completion],
			node('Photo', 'n8n-nodes-base.httpRequest', {
				typeVersion: 4.2,
				parameters: {
					url: demo.sandbox.sampleUrl('sneaker.png'),
					options: { response: { response: { responseFormat: 'file' } } },
				},
			}),
			editNode({
				completion,
				prompt: 'Make it blue',
				images: { image: [{ source: { __rl: true, mode: 'binary', value: 'data' } }] },
				downloadOutputs: true,
				options: { seed: 7, pollingInterval: 1 },
			}),
		);
		return await flow.byWebhook();
	}

	/** What was sent, after the assertion that the file was uploaded once and the run paid for once. */
	function expectOnePaidRun(): SandboxRun {
		const [upload, ...moreUploads] = demo.sandbox.uploads();
		expect(moreUploads).toEqual([]);
		const [run, ...moreRuns] = demo.sandbox.acceptedRuns();
		expect(moreRuns).toEqual([]);
		expect(demo.sandbox.posts().map(({ path }) => path)).toEqual([
			'/v1/asset-uploads',
			`/v1/asset-uploads/${upload?.id}/confirmations`,
			expect.stringMatching(/^\/v1\/models\/.+\/runs$/),
		]);
		if (run === undefined) throw new Error('There is no run.');
		return run;
	}

	/** The node's only item, apart from its times, ids and addresses. */
	async function readItem(execution: Execution, run: SandboxRun): Promise<unknown> {
		const [[item, ...more] = [], ...others] = outputsOf(execution);
		expect([more, others]).toEqual([[], []]);
		const { json, binary, pairedItem } = item ?? { json: {} };
		const { id, created_at, completed_at, duration_ms, outputs, client_ref, ...fields } = json;
		expect([id, client_ref]).toEqual([run.id, run.clientRef]);
		expect([created_at, completed_at, duration_ms].map((value) => typeof value)).toEqual([
			'string',
			'string',
			'number',
		]);
		const [{ url, ...output } = {}, ...moreOutputs] = outputs as Record<string, unknown>[];
		expect(moreOutputs).toEqual([]);
		const { id: fileId, fileName, ...file } = binary?.data ?? {};
		// Its run's id is drawn on the picture.
		delete file.bytes;
		delete file.fileSize;
		expect(Object.keys(binary ?? {})).toEqual(['data']);
		// The link ends in a number, which is not a name.
		expect(fileName).toBe(`runflow-${run.id.slice(-8)}-1.png`);
		const kept = await fetch(
			`${demo.n8n.url}/rest/binary-data?id=${encodeURIComponent(String(fileId))}&action=download`,
			{ headers: demo.session.headers() },
		);
		const original = await fetch(String(url));
		expect([kept.status, original.status]).toEqual([200, 200]);
		expect(Buffer.from(await kept.arrayBuffer())).toEqual(
			Buffer.from(await original.arrayBuffer()),
		);
		return { json: { ...fields, output }, file, pairedItem };
	}

	const FINISHED = {
		json: {
			status: 'succeeded',
			output: { type: 'image', width: 1024, height: 1024 },
			seed: 7,
			nsfw_detected: false,
			cost: 0.075,
			metadata: null,
		},
		file: expect.objectContaining({
			mimeType: 'image/png',
			fileExtension: 'png',
			fileType: 'image',
		}) as unknown,
		pairedItem: { item: 0 },
	};

	it('is the same item from polling and from the callback, uploaded and paid once each', async () => {
		const polling = await execute('polling');
		await until(() => demo.sandbox.acceptedRuns().length === 1);
		demo.sandbox.finishRun(demo.sandbox.acceptedRuns()[0]?.id ?? '');
		const polled = await readItem(await comesTo('success', polling), expectOnePaidRun());
		expect(polled).toEqual(FINISHED);

		const callback = await execute('callback');
		await comesTo('waiting', callback);
		const run = expectOnePaidRun();
		demo.sandbox.finishRun(run.id);
		const calledBack = await comesTo('success', callback);
		expect(expectOnePaidRun().id).toBe(run.id);
		expect(await readItem(calledBack, run)).toEqual(polled);
		await demo.sandbox.idle();
		expect(answersFor(run.id)).toEqual([
			{ status: 200, said: '{"message":"The execution resumes"}' },
		]);
		expect(calledBack.nodes.After?.runs).toBe(1);
	});

	it('is the queued run without a file where the node returns it immediately', async () => {
		const execution = await comesTo('success', await execute('immediately'));
		const run = expectOnePaidRun();
		expect(outputsOf(execution)).toEqual([
			[
				{
					json: expect.objectContaining({ id: run.id, status: 'queued', outputs: [] }) as unknown,
					pairedItem: { item: 0 },
				},
			],
		]);
		expect(demo.sandbox.requests.filter(({ path }) => path.includes(run.id))).toEqual([]);
	});
});

describe('five items that wait for callbacks', () => {
	const PROMPTS = ['one', 'two', 'three', 'four', 'five'];

	async function expectForgeriesRefused(run: SandboxRun, id: string): Promise<void> {
		const address = run.callbackUrl ?? '';
		const body = JSON.stringify({
			event: 'run.completed',
			run_id: run.id,
			status: 'succeeded',
			output: { outputs: [{ url: 'https://evil.example/1.png', type: 'image' }] },
		});
		const right = signCallback(body, CALLBACK_SECRET);
		const forgeries: [string, string, Record<string, string>, string][] = [
			['unsigned', address, {}, 'Runflow-Signature is missing'],
			[
				'signed with another secret',
				address,
				{ 'Runflow-Signature': signCallback(body, 'whsec_other') },
				'Runflow-Signature does not match',
			],
			[
				'for another token',
				address.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
				{ 'Runflow-Signature': right },
				'Invalid token',
			],
			[
				'without a token',
				address.split('?')[0] ?? '',
				{ 'Runflow-Signature': right },
				'Invalid token',
			],
		];
		for (const [what, url, headers, said] of forgeries) {
			const response = await fetch(url, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...headers },
				body,
			});
			expect([what, response.status, await response.text()]).toEqual([
				what,
				401,
				expect.stringContaining(said),
			]);
		}
		expect(await statusOf(id)).toBe('waiting');
	}

	it.each(['byHand', 'byWebhook'] as const)(
		'resume once and in order, reported in any order and any number of times, started %s',
		async (how) => {
			demo.sandbox.reset();
			demo.sandbox.configure({ callbackCopies: 2 });
			const flow = await makeFlow(PROMPTS, editNode({ completion: 'callback' }));
			const id = await flow[how]();
			await comesTo('waiting', id);
			expect(runsOf('one')).toHaveLength(1);

			const order = shuffled(PROMPTS);
			const [last, ...first] = [...order].reverse();
			for (const prompt of first.reverse()) {
				finish(prompt);
				await until(() => answersFor(runOf(prompt).id).length === 2);
				expect(answersFor(runOf(prompt).id)).toEqual([
					{ status: 202, said: '{"message":"Other runs have not ended"}' },
					{ status: 202, said: '{"message":"Other runs have not ended"}' },
				]);
				await expectForgeriesRefused(runOf(last ?? ''), id);
			}
			finish(last ?? '');
			const execution = await comesTo('success', id);

			expect({ order, items: outputsOf(execution, 'After') }).toEqual({
				order,
				items: [
					PROMPTS.map((prompt, item) => ({
						json: expect.objectContaining({
							id: runOf(prompt).id,
							status: 'succeeded',
							outputs: [expect.objectContaining({ type: 'image' })],
							before: prompt,
						}) as unknown,
						pairedItem: { item },
					})),
				],
			});
			expect([execution.nodes[EDIT]?.runs, execution.nodes.After?.runs]).toEqual([1, 1]);
			expect(await executionIds(flow.workflow)).toEqual([id]);
			expect(demo.sandbox.posts()).toHaveLength(5);
			await demo.sandbox.idle();
			const answers = answersFor(runOf(last ?? '').id);
			expect(answers).toHaveLength(2);
			const resuming = answers.filter(({ said }) => said === '{"message":"The execution resumes"}');
			// None where the node's own late read was quicker.
			expect(resuming.length).toBeLessThanOrEqual(1);
			for (const { status } of answers) expect([200, 409]).toContain(status);
		},
	);
});

describe('a Wait node behind the node', () => {
	/** Reports the end of a run as Runflow does; returns the status of the answer. */
	async function report({ id, callbackUrl }: SandboxRun): Promise<number> {
		const body = JSON.stringify({ event: 'run.completed', run_id: id, status: 'succeeded' });
		const { status } = await fetch(callbackUrl ?? '', {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				'Runflow-Signature': signCallback(body, CALLBACK_SECRET),
			},
			body,
		});
		return status;
	}

	it('resumes by its own call, not by a callback that comes again', async () => {
		demo.sandbox.reset();
		const approval = node('Approval', 'n8n-nodes-base.wait', {
			typeVersion: 1.1,
			parameters: { resume: 'webhook', httpMethod: 'POST', options: {} },
			webhookId: '7b1d2c3b-0000-4000-a000-000000000001',
		});
		const flow = await makeFlow(['approved'], editNode({ completion: 'callback' }), approval);
		const id = await flow.byHand();
		await comesTo('waiting', id);
		const run = runOf('approved');
		finish('approved');
		// n8n refuses them while the execution continues, then knows no such address any more.
		const answers = [await report(run)];
		while (answers.at(-1) !== 404 && answers.length < 200) {
			await sleep(50);
			answers.push(await report(run));
		}
		expect(answers.at(-1)).toBe(404);
		expect(await statusOf(id)).toBe('waiting');

		const address = run.callbackUrl?.replace(/\/runflow(?=\?|$)/, '') ?? '';
		expect((await fetch(address, { method: 'POST' })).status).toBe(200);
		const { nodes } = await comesTo('success', id);
		expect([nodes.Approval?.runs, nodes.After?.runs]).toEqual([1, 1]);
		expect(demo.sandbox.posts()).toHaveLength(1);
	});
});

describe('a webhook that answers when the last node finishes', () => {
	it('returns the queued run when the node waits for its callback', async () => {
		demo.sandbox.reset();
		const edit = editNode({ completion: 'callback' });
		const flow = await makeAnsweringFlow('lastNode', ['asked'], edit);
		const answer = await flow.post();
		const run = runOf('asked');
		expect(answer).toMatchObject({ id: run.id, status: 'queued', outputs: [] });
		const [id = ''] = await executionIds(flow.workflow);
		await comesTo('waiting', id);
		finish('asked');
		const { nodes } = await comesTo('success', id);
		expect(nodes.After?.outputs[0]?.map(({ json }) => [json.id, json.status])).toEqual([
			[run.id, 'succeeded'],
		]);
	});
});

describe('a run that fails while its execution waits for the callback', () => {
	it.each(['byHand', 'byWebhook'] as const)(
		"ends the execution with the node's error, started %s; retried, it alone is started again",
		async (how) => {
			demo.sandbox.reset();
			const flow = await makeFlow(['good', 'bad'], editNode({ completion: 'callback' }));
			const id = await flow[how]();
			await comesTo('waiting', id);
			finish('good');
			finish('bad', 'failed');
			const execution = await comesTo('error', id);

			const { message, description, node: of } = execution.error ?? {};
			expect({ message, of: of?.name }).toEqual({
				message: 'The provider could not read image 1. [item 1]',
				of: EDIT,
			});
			expect(description?.split('\n')).toEqual([
				'Runflow does not charge for failed runs. Change the input if it is the reason, or run the item again.',
				'Code: INPUT_VALIDATION_FAILED.',
				'Stage: preprocess.',
				`Run ID: ${runOf('bad').id}.`,
				`Client Reference: ${runOf('bad').clientRef ?? ''}.`,
				'Runs of the other items. If you retry this execution, they are not started again, unless their input changes:',
				`• item 0: ${runOf('good').id}`,
			]);
			expect(execution.nodes[EDIT]?.error).toMatchObject({ message, description });
			expect(outputsOf(execution)).toEqual([]);
			expect(execution.nodes.After).toBeUndefined();

			const retried = await retryExecution(demo.session, id);
			await comesTo('waiting', retried);
			// Items are started side by side: which run Runflow makes first is not certain.
			const good = runsOf('good');
			const bad = runsOf('bad');
			expect([good.length, bad.length]).toEqual([1, 2]);
			demo.sandbox.finishRun(bad[1]?.id ?? '');
			const { mode, nodes } = await comesTo('success', retried);
			expect(mode).toBe('retry');
			expect(nodes.After?.outputs[0]?.map(({ json }) => [json.id, json.status])).toEqual([
				[good[0]?.id, 'succeeded'],
				[bad[1]?.id, 'succeeded'],
			]);
		},
	);

	it('leaves by the error output, linked to its item', async () => {
		demo.sandbox.reset();
		const flow = await makeFlow(
			['good', 'bad', 'good too'],
			editNode({ completion: 'callback' }, { onError: 'continueErrorOutput' }),
		);
		const id = await flow.byWebhook();
		await comesTo('waiting', id);
		finish('good too');
		finish('bad', 'failed');
		finish('good');
		const execution = await comesTo('success', id);
		const [good, bad, ...more] = outputsOf(execution);
		expect(more).toEqual([]);
		expect(good?.map(({ json, pairedItem }) => [json.id, json.status, pairedItem])).toEqual([
			[runOf('good').id, 'succeeded', { item: 0 }],
			[runOf('good too').id, 'succeeded', { item: 2 }],
		]);
		expect(bad?.map(({ json, pairedItem }) => [json.error, pairedItem])).toEqual([
			[
				expect.objectContaining({
					message: 'The provider could not read image 1. [item 1]',
					code: 'INPUT_VALIDATION_FAILED',
					runId: runOf('bad').id,
				}),
				{ item: 1 },
			],
		]);
		expect(outputsOf(execution, 'After')[0]?.map(({ json }) => json.before)).toEqual([
			'good',
			'good too',
		]);
		expect(demo.sandbox.posts()).toHaveLength(3);
	});
});

describe('Stop', () => {
	it('ends the polling', async () => {
		demo.sandbox.reset();
		const settings = { completion: 'polling', options: { pollingInterval: 0.3 } };
		const flow = await makeFlow(['stopped'], editNode(settings));
		const other = await makeFlow(['clock'], editNode(settings));
		const id = await flow.byWebhook();
		const clock = await other.byWebhook();
		await until(() => countReads('stopped') >= 2 && countReads('clock') >= 2);
		await stopExecution(demo.session, id);

		// Two reads of the other execution are further apart than the longest interval of this one.
		const untilMoreReads = async (more: number) => {
			const wanted = countReads('clock') + more;
			await until(() => countReads('clock') >= wanted);
		};
		await untilMoreReads(3);
		const reads = countReads('stopped');
		await untilMoreReads(8);
		expect(countReads('stopped')).toBe(reads);
		const stopped = await comesTo('canceled', id);
		expect(stopped.nodes.After).toBeUndefined();
		// The node has ended its wait. (n8n on its own would only break off each of its requests.)
		const ended = `Running node "${EDIT}" finished with error`;
		await until(() =>
			linesWith(demo.n8n.logs(), ended).some((line) => line.includes(flow.workflow.id)),
		);
		finish('stopped');
		finish('clock');
		await comesTo('success', clock);
		expect(await statusOf(id)).toBe('canceled');
		expect(demo.sandbox.posts()).toHaveLength(2);
	});

	it('ends the wait for a callback, which is refused from then on', async () => {
		demo.sandbox.reset();
		const flow = await makeFlow(['stopped'], editNode({ completion: 'callback' }));
		const id = await flow.byWebhook();
		await comesTo('waiting', id);
		await stopExecution(demo.session, id);
		expect(await statusOf(id)).toBe('canceled');
		finish('stopped');
		await demo.sandbox.idle();
		expect(answersFor(runOf('stopped').id).map(({ status }) => status)).toEqual([409]);
		const { status, nodes } = await readExecution(demo.session, id);
		expect(status).toBe('canceled');
		expect(nodes.After).toBeUndefined();

		// Retry pays nothing again, and says how to get the result.
		const retried = await comesTo('success', await retryExecution(demo.session, id));
		expect(outputsOf(retried)[0]?.[0]?.json).toMatchObject({
			id: runOf('stopped').id,
			timed_out: true,
			message: 'The wait ended before Runflow reported the end of the run [item 0]',
			description: expect.stringContaining('stopped while it waited and then retried') as unknown,
		});
	});
});

describe('a callback around the moment of the suspension', () => {
	/** Longer than the node's own last read, which comes 15 s after the suspension. */
	const DEADLINE_MS = 40_000;

	/** Waits until all executions of a workflow have ended, and returns how. */
	async function endings(workflow: StoredWorkflow): Promise<string[]> {
		const deadline = Date.now() + DEADLINE_MS;
		for (;;) {
			const seen = (await listExecutions(demo.session, workflow.id)).map(({ status }) => status);
			if (seen.every((status) => ENDED.includes(status)) || Date.now() > deadline) return seen;
			await sleep(250);
		}
	}

	function refusals(): number {
		return demo.sandbox
			.acceptedRuns()
			.flatMap(({ id }) => answersFor(id))
			.filter(({ status }) => status === 409).length;
	}

	it('leaves no execution waiting, though Runflow does not repeat a refused one', async () => {
		demo.sandbox.reset();
		const count = 40;
		demo.sandbox.configure({
			manual: false,
			runDurationMs: ({ index }) => 1400 + index * 40,
		});
		const flow = await makeFlow(['sweep'], editNode({ completion: 'callback' }));
		for (let sent = 0; sent < count; sent++) await flow.post([`sweep ${sent}`]);
		await until(() => demo.sandbox.acceptedRuns().length === count);
		expect(await endings(flow.workflow)).toEqual(Array.from({ length: count }, () => 'success'));
		expect(demo.sandbox.posts()).toHaveLength(count);
		process.stderr.write(`    ${refusals()} of ${count} swept callbacks were refused with 409\n`);
	});

	it('is made up for where it is refused', async () => {
		demo.sandbox.reset();
		const count = 10;
		// The run ends as soon as it has been seen unfinished for the last time.
		onRequest = ({ method, path }) => {
			const id = /^\/v1\/runs\/([^/]+)$/.exec(path)?.[1];
			const run = demo.sandbox.acceptedRuns().find((one) => one.id === id);
			if (method === 'GET' && run !== undefined) demo.sandbox.finishRun(run.id);
		};
		const flow = await makeFlow(['gap'], editNode({ completion: 'callback' }));
		for (let sent = 0; sent < count; sent++) await flow.post([`gap ${sent}`]);
		await until(() => demo.sandbox.acceptedRuns().length === count);
		expect(await endings(flow.workflow)).toEqual(Array.from({ length: count }, () => 'success'));
		expect(demo.sandbox.posts()).toHaveLength(count);
		process.stderr.write(
			`    ${refusals()} of ${count} callbacks in the gap were refused with 409\n`,
		);
		expect(refusals()).toBeGreaterThan(0);
	});
});

describe('a wait for a callback that runs out', () => {
	it('outputs the run, marked as such, and not the input', async () => {
		// n8n checks for such executions every 60 s, and the first time when it starts.
		const execution = await waitForExecution(demo.session, shortWait.id, ENDED, 75_000);
		const { status, error } = execution;
		expect({ status, error }).toEqual({ status: 'success' });
		expect(outputsOf(execution)).toEqual([
			[
				{
					json: {
						id: shortWait.runId,
						status: 'queued',
						outputs: [],
						seed: null,
						nsfw_detected: null,
						cost: null,
						duration_ms: null,
						created_at: expect.any(String) as unknown,
						completed_at: null,
						metadata: null,
						client_ref: expect.stringMatching(/^n8n-/) as unknown,
						timed_out: true,
						message: 'The wait ended before Runflow reported the end of the run [item 0]',
						description: expect.stringContaining(`Run ID: ${shortWait.runId}`) as unknown,
					},
					pairedItem: { item: 0 },
				},
			],
		]);
		expect(outputsOf(execution, 'After')[0]?.[0]?.json).toMatchObject({
			id: shortWait.runId,
			timed_out: true,
			before: SHORT_WAIT,
		});
	});
});

describe('an n8n that is killed', () => {
	const SUSPENDED = ['ends after', 'ends meanwhile', 'ends unheard'] as const;
	/** What is polled for, and what is done about it afterwards. */
	const POLLING = [
		'with a key, executed again',
		'with a key, retried',
		'without a key, executed again',
		'without a key, retried',
	] as const;
	type Name = (typeof SUSPENDED)[number] | (typeof POLLING)[number];
	const executions = new Map<Name, { flow: Flow; id: string }>();

	function execution(name: Name): { flow: Flow; id: string } {
		const found = executions.get(name);
		if (found === undefined) throw new Error(`${name} has not been started.`);
		return found;
	}

	beforeAll(async () => {
		demo.sandbox.reset();
		demo.sandbox.configure({ idempotency: 'honoured' });
		for (const name of SUSPENDED) {
			const flow = await makeFlow([name], editNode({ completion: 'callback' }));
			executions.set(name, { flow, id: await flow.byWebhook() });
		}
		for (const name of POLLING) {
			const key = name.startsWith('with a key') ? { idempotencyKey: name } : {};
			const flow = await makeFlow([name], editNode({ options: { pollingInterval: 1, ...key } }));
			const start = name.endsWith('retried') ? flow.byWebhook : flow.byHand;
			executions.set(name, { flow, id: await start() });
		}
		for (const name of SUSPENDED) await comesTo('waiting', execution(name).id);
		await until(() => POLLING.every((name) => countReads(name) > 0));

		earlierLogs += demo.n8n.logs();
		await demo.n8n.kill();
		finish('ends unheard');
		await until(() => demo.sandbox.deliveries(runOf('ends unheard').id)[0]?.status === 'failed');
		// Runflow waits longer from now on. What it sends while n8n starts must not get there: n8n answers 404
		// then, and at first 200 ("n8n is starting up"), after which it is not sent again.
		const { callbackHosts } = DEFAULT_SWITCHES;
		demo.sandbox.configure({
			callbackRetryPolicy: 'newer',
			callbackRetryDelaysMs: Array.from({ length: 120 }, () => 1000),
			callbackHosts: [],
		});
		finish('ends meanwhile');
		await demo.startAgain();
		demo.sandbox.configure({ callbackHosts });
	}, START_TIMEOUT_MS);

	async function expectResult(name: Name): Promise<void> {
		const { nodes } = await comesTo('success', execution(name).id);
		expect(nodes.After?.outputs[0]?.map(({ json }) => [json.id, json.status, json.before])).toEqual(
			[[runOf(name).id, 'succeeded', name]],
		);
		expect(startsOf(name)).toBe(1);
	}

	it('still takes the callback of a run that ends after the next start', async () => {
		expect(await statusOf(execution('ends after').id)).toBe('waiting');
		finish('ends after');
		await expectResult('ends after');
	});

	it('takes the callback of a run that ended meanwhile when Runflow still repeats it', async () => {
		await expectResult('ends meanwhile');
		const answers = answersFor(runOf('ends meanwhile').id).map(({ status }) => status);
		expect(answers.length).toBeGreaterThan(1);
		expect(answers).toEqual([...answers.slice(1).map(() => 0), 200]);
	});

	it('misses the callback of a run that ended meanwhile when Runflow has given up, until it is sent again', async () => {
		const { id } = runOf('ends unheard');
		expect(answersFor(id).map(({ status }) => status)).toEqual([0, 0, 0]);
		expect(await statusOf(execution('ends unheard').id)).toBe('waiting');
		const redelivery = await fetch(`${demo.sandbox.url}/v1/runs/${id}/callback-redeliveries`, {
			method: 'POST',
			headers: { authorization: `Bearer ${API_KEY}` },
		});
		expect(redelivery.status).toBe(201);
		await expectResult('ends unheard');
	});

	it.each(POLLING)('has broken off an execution that polls: %s', async (name) => {
		const { flow, id } = execution(name);
		const broken = await waitForExecution(demo.session, id);
		expect([broken.status, broken.nodes[EDIT]?.error?.message, broken.nodes.After]).toEqual([
			'crashed',
			'Execution stopped at this node',
			undefined,
		]);

		const retries = name.endsWith('retried');
		const before = countReads(name);
		const isResumed = () => (retries ? countReads(name) > before : startsOf(name) === 2);
		const [second] = await Promise.all([
			retries ? retryExecution(demo.session, id) : flow.byHand(),
			until(isResumed).then(() => {
				for (const run of runsOf(name)) demo.sandbox.finishRun(run.id);
			}),
		]);
		const { mode, nodes } = await comesTo('success', second);
		expect(mode).toBe(retries ? 'retry' : 'manual');
		// Retry finds the run by its name. In a new execution only a key of the user's own means the same run.
		const runs = runsOf(name);
		expect(runs).toHaveLength(retries || name.startsWith('with a key') ? 1 : 2);
		expect(nodes.After?.outputs[0]?.map(({ json }) => [json.id, json.status, json.before])).toEqual(
			[[runs.at(-1)?.id, 'succeeded', name]],
		);
		expect(startsOf(name)).toBe(retries ? 1 : 2);
	});
});

describe('the API key and the signing secret', () => {
	it('are not in a log', () => {
		const logs = earlierLogs + demo.n8n.logs();
		expect(linesWith(logs, 'Edit \\"it\\"')).not.toEqual([]);
		expect(linesWith(logs, API_KEY)).toEqual([]);
		expect(linesWith(logs, CALLBACK_SECRET)).toEqual([]);
	});

	it('are not in a file that n8n keeps', async () => {
		expect(await filesWith(folder, 'Make it blue')).not.toEqual([]);
		expect(await filesWith(folder, API_KEY)).toEqual([]);
		expect(await filesWith(folder, CALLBACK_SECRET)).toEqual([]);
	});
});

describe('a sub-workflow that is called once for each item', () => {
	it('returns every result to its parent, since the node polls there', async () => {
		const prompts = ['sub a', 'sub b', 'sub c'];
		const { id: called } = await makeSubWorkflow();
		const call = node('Call', 'n8n-nodes-base.executeWorkflow', {
			typeVersion: 1.2,
			parameters: {
				workflowId: { __rl: true, mode: 'id', value: called },
				mode: 'each',
				options: { waitForSubWorkflow: true },
			},
		});
		const flow = await makeFlow(prompts, call);
		const id = await flow.byHand();
		for (const prompt of prompts) {
			await until(() => runsOf(prompt).length > 0);
			finish(prompt);
		}
		const execution = await comesTo('success', id);
		expect(outputsOf(execution, 'After')[0]?.map(({ json }) => [json.before, json.id])).toEqual(
			prompts.map((prompt) => [prompt, runOf(prompt).id]),
		);
	});
});
