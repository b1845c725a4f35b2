import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { SandboxRun } from '../sandbox';
import { sendChatMessage } from './chat';
import type { Demo } from './demo';
import { readExamples } from './examples';
import {
	ENDED,
	listExecutions,
	runManually,
	waitForExecution,
	type Execution,
	type Item,
} from './executions';
import { openForm, submitForm } from './form';
import { ACCOUNTS, saveAccounts, withAccounts, type Accounts } from './services/accounts';
import { standInForCms } from './services/cms';
import { standInForGoogleSheets } from './services/googleSheets';
import { standInForOpenAi } from './services/openAi';
import { standInForSlack } from './services/slack';
import { startStandIns, type StandIns } from './services/standIns';
import { FILES_FOLDER } from './setup';
import { makeTemporaryFolder } from './temporaryFolder';
import { API_KEY, START_TIMEOUT_MS, startTestDemo } from './testDemo';
import {
	activateWorkflow,
	createWorkflow,
	PACKAGE_PREFIX,
	type StoredWorkflow,
	type WorkflowFile,
} from './workflows';

const START = 'When clicking ‘Execute workflow’';
const TRIGGER = 'Runflow Trigger';
/** The picture that the examples start from. */
const SNEAKER = 'https://public.runflow.io/images/models/_base/product-sneaker.png';
/** The sheet that the example of the sheet is given. */
const SHEET = { documentId: 'PUT-THE-ADDRESS-OF-YOUR-SHEET-HERE', sheetName: 'Prompts' };

/** How long it may take until something outside has started an execution, in milliseconds. */
const START_DEADLINE_MS = 20_000;

/** What has been set up, to be undone in the opposite order. */
const cleanups: (() => Promise<void>)[] = [];
const slack = standInForSlack(ACCOUNTS.slack);
const cms = standInForCms();
const sheets = standInForGoogleSheets({ accessToken: ACCOUNTS.google, ...SHEET });
const openAi = standInForOpenAi(ACCOUNTS.openAi, (said) => ({
	prompt: 'Put the sneaker of image 1 on a beach',
	image_url: /https?:\/\/\S+/.exec(said)?.[0],
}));
let standIns: StandIns;
let accounts: Accounts;
let folder: string;
let demo: Demo;
/** By the example: whether all its tests have passed. */
const passed = new Map<string, boolean>();

beforeAll(async () => {
	const temporary = await makeTemporaryFolder('examples');
	cleanups.push(temporary.remove);
	folder = temporary.folder;
	standIns = await startStandIns([slack, cms, sheets, openAi], folder);
	cleanups.push(standIns.close);
	demo = await startTestDemo(folder, {}, standIns.env);
	cleanups.push(async () => {
		await demo.stop();
	});
	accounts = await saveAccounts(demo.session);
}, START_TIMEOUT_MS);

beforeEach(() => {
	demo.sandbox.reset();
	slack.messages.length = 0;
	cms.media.length = 0;
	standIns.refused.length = 0;
});

afterEach(() => {
	// n8n wanted nothing of the internet but what is stood in for.
	expect(standIns.refused).toEqual([]);
});

afterAll(async () => {
	for (const cleanUp of cleanups.reverse()) await cleanUp();
});

/** A test of an example, which counts as executed once all of its tests have passed. */
function example(key: string, does: string, test: (workflow: StoredWorkflow) => Promise<void>) {
	it(`${key} ${does}`, async () => {
		const workflow = demo.workflows[key];
		if (!workflow) throw new Error(`There is no examples/${key}.json.`);
		const before = passed.get(key) ?? true;
		passed.set(key, false);
		await test(workflow);
		passed.set(key, before);
	});
}

/** A copy of the example as it is, with the accounts chosen in it. */
async function copyOf(
	{ name, nodes, connections, settings = {}, pinData = {} }: StoredWorkflow,
	more: Pick<WorkflowFile, 'pinData'> = {},
): Promise<StoredWorkflow> {
	const copy = { name: `Copy: ${name}`, nodes, connections, settings, pinData, ...more };
	return await createWorkflow(demo.session, withAccounts(copy, accounts));
}

/** The execution, after the assertion that it succeeded; its error is shown when it did not. */
function successful(execution: Execution): Execution {
	const { status, error } = execution;
	expect({ status, error }).toEqual({ status: 'success' });
	return execution;
}

async function execute({ id }: StoredWorkflow, trigger = START): Promise<Execution> {
	const execution = await runManually(demo.session, id, trigger);
	return successful(await waitForExecution(demo.session, execution));
}

/** The execution of a workflow that something outside has started since the known ones, once it has ended. */
async function nextExecution({ id }: StoredWorkflow, known: string[] = []): Promise<Execution> {
	const deadline = Date.now() + START_DEADLINE_MS;
	for (;;) {
		const all = await listExecutions(demo.session, id);
		const [added, ...more] = all.filter((one) => !known.includes(one.id));
		expect(more).toEqual([]);
		if (added) return successful(await waitForExecution(demo.session, added.id));
		if (Date.now() > deadline) throw new Error('No execution has started.');
		await sleep(50);
	}
}

function itemsOf({ nodes }: Execution, name: string, output = 0): Item[] {
	return nodes[name]?.outputs[output] ?? [];
}

function jsonOf(execution: Execution, name: string, output = 0): Item['json'][] {
	return itemsOf(execution, name, output).map(({ json }) => json);
}

/** The run of the sandbox that was paid for, after the assertion that it is the only one. */
function onlyRun(): SandboxRun {
	const [run, ...more] = demo.sandbox.acceptedRuns();
	expect(more).toEqual([]);
	expect(demo.sandbox.posts('/v1/models/')).toHaveLength(1);
	if (!run) throw new Error('No run was started.');
	return run;
}

function promptOf({ input }: SandboxRun): string {
	return input.prompt as string;
}

/** The address of a run's output, as the node returned it. */
function linkOf({ outputs }: Item['json']): string {
	const [output] = outputs as { url: string }[];
	return output?.url ?? '';
}

async function download(url: string): Promise<{ status: number; type: string; bytes: Buffer }> {
	const response = await fetch(url);
	const bytes = Buffer.from(await response.arrayBuffer());
	return { status: response.status, type: response.headers.get('content-type') ?? '', bytes };
}

/** A message as n8n posts it to Slack. */
function posted(text: string): object {
	return { channel: '#product-pictures', text, includeLinkToWorkflow: false };
}

async function savedFile(name: string): Promise<Buffer> {
	return await readFile(path.join(folder, FILES_FOLDER, name));
}

/** An item of the node with a finished run. */
function finished(run: SandboxRun, output: Record<string, unknown>, cost: number): Item['json'] {
	return {
		id: run.id,
		status: 'succeeded',
		outputs: [
			{
				url: expect.stringContaining(`${demo.sandbox.storageUrl}/outputs/`) as unknown,
				width: expect.any(Number) as unknown,
				height: expect.any(Number) as unknown,
				...output,
			},
		],
		seed: expect.any(Number) as unknown,
		nsfw_detected: false,
		cost,
		duration_ms: expect.any(Number) as unknown,
		created_at: expect.any(String) as unknown,
		completed_at: expect.any(String) as unknown,
		metadata: null,
		client_ref: run.clientRef,
	};
}

describe('the example', () => {
	example('edit-product-photo', 'outputs the finished picture, paid once', async (workflow) => {
		const execution = await execute(workflow);
		const run = onlyRun();
		expect(run.input).toMatchObject({ image_urls: [SNEAKER], num_images: 1 });
		expect(itemsOf(execution, 'Edit Photo')).toEqual([
			{
				json: finished(run, { type: 'image', width: 256, height: 256 }, 0.075),
				binary: { data: expect.objectContaining({ mimeType: 'image/png' }) as unknown },
				pairedItem: { item: 0 },
			},
		]);
		const [item = {}] = jsonOf(execution, 'Edit Photo');
		const file = await download(linkOf(item));
		expect(file).toMatchObject({ status: 200, type: 'image/png' });
		expect(file.bytes.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
	});

	example('product-photo-to-video', 'saves the finished video, paid once', async (workflow) => {
		const execution = await execute(workflow);
		const run = onlyRun();
		expect(run.input).toMatchObject({ image_url: SNEAKER, duration: 5, resolution: '720p' });
		const output = { type: 'video', duration: expect.any(Number) as unknown };
		expect(jsonOf(execution, 'Make Video')).toEqual([finished(run, output, 0.5)]);
		const name = `sneaker-${run.id}.mp4`;
		expect(jsonOf(execution, 'Save Video')).toMatchObject([
			{ id: run.id, fileName: `${FILES_FOLDER}/${name}` },
		]);
		const [item = {}] = jsonOf(execution, 'Make Video');
		const original = await download(linkOf(item));
		expect(original).toMatchObject({ status: 200, type: 'video/mp4' });
		expect(await savedFile(name)).toEqual(original.bytes);
	});

	example(
		'edit-photos-from-form',
		'takes a photo from the form and gives the edited one back',
		async (workflow) => {
			const copy = await copyOf(workflow);
			await activateWorkflow(demo.session, copy);
			const form = copy.nodes.find(({ name }) => name === 'Photo Form');
			const url = `${demo.n8n.url}/form/${String(form?.webhookId)}`;
			const page = await openForm(url);
			for (const label of ['Edit a photo', 'Photo', 'What should change?']) {
				expect(page).toContain(label);
			}
			const photo = await download(demo.sandbox.sampleUrl('sneaker.png'));
			const ending = await submitForm(url, [
				new File([new Uint8Array(photo.bytes)], 'my-shoe.png', { type: 'image/png' }),
				'Put it on a beach',
			]);

			const run = onlyRun();
			const [upload, ...more] = demo.sandbox.uploads();
			expect(more).toEqual([]);
			expect(run.input).toMatchObject({
				prompt: 'Put it on a beach',
				image_urls: [`runflow://assets/${upload?.id}`],
			});
			const execution = await nextExecution(copy);
			const [item = {}] = jsonOf(execution, 'Edit Photo');
			const made = await download(linkOf(item));
			expect(ending.files).toEqual([
				{
					fileName: `runflow-${run.id.slice(-8)}-1.png`,
					type: 'image/png',
					bytes: made.bytes,
				},
			]);
			expect(ending.html).toContain('Here is your picture');
			expect(ending.html.replaceAll('&amp;', '&')).toContain(`<img src="${linkOf(item)}"`);
		},
	);

	example(
		'long-videos-on-callback',
		'does not wait for all, and saves each video under the name of its scene',
		async (workflow) => {
			demo.sandbox.configure({ manual: true });
			const id = await runManually(demo.session, workflow.id, START);
			const waiting = await waitForExecution(demo.session, id, [...ENDED, 'waiting']);
			expect(waiting.status).toBe('waiting');
			const runs = demo.sandbox.acceptedRuns();
			expect(runs.map(({ input }) => input.duration)).toEqual([10, 10]);
			for (const { id: run } of runs) demo.sandbox.finishRun(run);

			const execution = successful(await waitForExecution(demo.session, id));
			expect(demo.sandbox.posts('/v1/models/')).toHaveLength(2);
			const byPrompt = (words: string) =>
				runs.find((run) => promptOf(run).includes(words))?.id ?? '';
			const names = [`turntable-${byPrompt('turns')}.mp4`, `street-${byPrompt('puddle')}.mp4`];
			const saved = jsonOf(execution, 'Save Video').map(({ fileName }) => fileName);
			expect(saved).toEqual(names.map((name) => `${FILES_FOLDER}/${name}`));
			for (const [index, item] of jsonOf(execution, 'Make Video').entries()) {
				const { bytes } = await download(linkOf(item));
				expect(await savedFile(names[index] ?? '')).toEqual(bytes);
			}
			expect(jsonOf(execution, 'Fetch Later')).toEqual([]);
		},
	);

	example(
		'long-videos-on-callback',
		'keeps the id of a video that did not come in time',
		async (workflow) => {
			// Such an item comes out of the node after two hours.
			const late = {
				id: '0199a1b2-0000-7000-8000-000000000001',
				timed_out: true,
				message: 'The wait ended before Runflow reported the end of the run',
				description: 'It goes on.',
			};
			const copy = await copyOf(workflow, { pinData: { 'Make Video': [{ json: late }] } });
			const execution = await execute(copy);
			expect(jsonOf(execution, 'Fetch Later')).toEqual([
				{ scene: 'turntable', run: late.id, message: late.message, what_to_do: late.description },
			]);
			expect(jsonOf(execution, 'Save Video')).toEqual([]);
		},
	);

	example(
		'runflow-trigger',
		'continues from the callback that is pinned to it, without a run',
		async (workflow) => {
			const execution = await execute(workflow, TRIGGER);
			expect(jsonOf(execution, 'Result')).toEqual([
				{ order: '1001', status: 'succeeded', url: SNEAKER },
			]);
			expect(demo.sandbox.requests).toEqual([]);
		},
	);

	describe('trigger-to-slack-and-cms', () => {
		function callbackUrlOf({ nodes }: StoredWorkflow): string {
			const trigger = nodes.find(({ name }) => name === TRIGGER);
			return `${demo.n8n.url}/webhook/${String(trigger?.webhookId)}/webhook`;
		}

		/** n8n knows the trigger's address a moment after the workflow was published, and answers 404 until then. */
		async function untilRegistered(url: string): Promise<void> {
			const deadline = Date.now() + START_DEADLINE_MS;
			for (;;) {
				const { status } = await fetch(url, { method: 'POST', body: '{}' });
				if (status === 401) return; // it is there, and wants a signature
				if (Date.now() > deadline) throw new Error(`${url} answers ${status}.`);
				await sleep(50);
			}
		}

		/** Starts a run that reports to the workflow, and returns its id once the workflow has ended. */
		async function report(copy: StoredWorkflow, order: string): Promise<string> {
			const known = (await listExecutions(demo.session, copy.id)).map(({ id }) => id);
			const response = await fetch(`${demo.sandbox.url}/v1/models/alibaba/wan/v2.7/pro/edit/runs`, {
				method: 'POST',
				headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
				body: JSON.stringify({
					input: { prompt: 'Make it blue', image_urls: [SNEAKER] },
					callback_url: callbackUrlOf(copy),
					metadata: { order },
				}),
			});
			const { id } = (await response.json()) as { id: string };
			await nextExecution(copy, known);
			return id;
		}

		example(
			'trigger-to-slack-and-cms',
			'notifies both of the callback that is pinned to it, without a run',
			async (workflow) => {
				await execute(await copyOf(workflow), TRIGGER);
				expect(slack.messages).toEqual([posted(`Order 1001 is ready: ${SNEAKER}`)]);
				expect(cms.media).toEqual([
					{
						order: '1001',
						url: SNEAKER,
						type: 'image',
						run: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
					},
				]);
				expect(demo.sandbox.requests).toEqual([]);
			},
		);

		example(
			'trigger-to-slack-and-cms',
			'notifies both of a finished run, and the team of a failed one, with the reason',
			async (workflow) => {
				const copy = await copyOf(workflow);
				await activateWorkflow(demo.session, copy);
				await untilRegistered(callbackUrlOf(copy));
				const good = await report(copy, '1002');
				const [{ url } = { url: '' }] = cms.media as { url: string }[];
				expect((await download(url)).type).toBe('image/png');
				expect(cms.media).toEqual([{ order: '1002', url, type: 'image', run: good }]);
				expect(slack.messages).toEqual([posted(`Order 1002 is ready: ${url}`)]);

				demo.sandbox.configure({ outcome: 'failed' });
				const bad = await report(copy, '1003');
				expect(cms.media).toHaveLength(1);
				expect(slack.messages.slice(1)).toEqual([
					posted(
						`Order 1003 has no picture: run ${bad} is failed. The provider could not read image 1.`,
					),
				]);
			},
		);
	});

	example(
		'sheet-of-prompts',
		'makes what can be made, writes back what came of each row, and reports',
		async (workflow) => {
			const prompts = Array.from({ length: 20 }, (_, index) => `Photo ${index + 1}`);
			prompts[6] = ''; // refused before the run
			prompts[12] = 'Photo 13, which fails';
			sheets.rows = [
				['prompt', 'image', 'status', 'url', 'cost', 'problem'],
				...prompts.map((prompt) => [prompt, SNEAKER]),
			];
			const fails = (run: SandboxRun) => promptOf(run).includes('fails');
			demo.sandbox.configure({ outcomeFor: (run) => (fails(run) ? 'failed' : undefined) });

			const copy = await copyOf(workflow);
			const execution = await execute(copy);
			const runs = demo.sandbox.acceptedRuns();
			const sent = runs.map(promptOf);
			const paid = prompts.filter((prompt) => prompt !== '');
			expect(sent.sort()).toEqual([...paid].sort());
			expect(demo.sandbox.posts()).toHaveLength(19);

			const links = new Map(
				jsonOf(execution, 'Edit Photo').map((item) => [
					runs.find(({ id }) => id === item.id)?.input.prompt,
					linkOf(item),
				]),
			);
			expect(links.size).toBe(18);
			const failed = runs.find(fails);
			expect(sheets.rows.slice(1)).toEqual(
				prompts.map((prompt, index) => {
					if (index === 6) return ['', SNEAKER, 'failed', '', 0, 'Prompt is empty [item 6]'];
					if (index === 12)
						return [
							prompt,
							SNEAKER,
							'failed',
							'',
							0,
							`The provider could not read image 1. [item 12] (run ${failed?.id ?? ''})`,
						];
					return [prompt, SNEAKER, 'made', links.get(prompt), 0.075, ''];
				}),
			);
			expect(sheets.writes).toHaveLength(80);
			const text = '18 made, 2 failed, cost $1.35';
			expect(slack.messages).toEqual([posted(text)]);

			// Once more: there is nothing left to do, and nothing is paid for.
			const again = await execute(copy);
			expect(jsonOf(again, 'Read Prompts')).toHaveLength(20);
			expect(demo.sandbox.posts()).toHaveLength(19);
			expect(sheets.writes).toHaveLength(80);
			expect(slack.messages).toHaveLength(1);

			// The row whose run failed, after its status was cleared, with nothing in the error output.
			sheets.rows[13]?.splice(2, 1, '');
			demo.sandbox.configure({ outcomeFor: null });
			const [mended = {}] = jsonOf(await execute(copy), 'Edit Photo');
			expect(demo.sandbox.posts()).toHaveLength(20);
			const row = [prompts[12], SNEAKER, 'made', linkOf(mended), 0.075, ''];
			expect(sheets.rows[13]).toEqual(row);
			expect(slack.messages.slice(1)).toEqual([posted('1 made, 0 failed, cost $0.075')]);
		},
	);

	example(
		'agent-edits-pictures',
		'lets the agent edit a picture, once, and answers with its link',
		async (workflow) => {
			const copy = await copyOf(workflow);
			const picture = demo.sandbox.sampleUrl('sneaker.png');
			const id = await sendChatMessage(
				demo.session,
				copy.id,
				'When chat message received',
				`Put the sneaker on a beach: ${picture}`,
			);
			const execution = successful(await waitForExecution(demo.session, id));
			const run = onlyRun();
			expect(run.input).toMatchObject({
				prompt: 'Put the sneaker of image 1 on a beach',
				image_urls: [picture],
				num_images: 1,
			});
			const [{ output } = { output: '' }] = jsonOf(execution, 'Picture Editor');
			const link = String(output).replace('Here is your picture: ', '');
			expect(link).toContain(`${demo.sandbox.storageUrl}/outputs/`);
			expect((await download(link)).type).toBe('image/png');

			// What the model got about the tool: what it is for, and what the agent may choose.
			expect(openAi.requests).toHaveLength(2);
			const [tool, ...others] = openAi.requests[0]?.tools ?? [];
			expect(others).toEqual([]);
			expect(tool).toMatchObject({
				type: 'function',
				name: 'Wan_2_7',
				description: expect.stringContaining('Edits a picture') as unknown,
				parameters: {
					properties: {
						prompt: { type: 'string' },
						image_url: { type: 'string', description: 'The web address of the picture to edit' },
					},
					required: ['prompt', 'image_url'],
				},
			});
		},
	);
});

describe('every example', () => {
	it('has the Runflow credential in each node that takes it, the tool and the triggers too', () => {
		const chosen = Object.values(demo.workflows)
			.flatMap(({ nodes }) => nodes)
			.filter(({ type }) => type.startsWith(PACKAGE_PREFIX))
			.map(({ type, credentials }) => [type, credentials?.runflowApi?.id]);
		const ofType = (name: string, count: number) =>
			Array.from({ length: count }, () => [PACKAGE_PREFIX + name, demo.credential.id]);
		expect(chosen.sort()).toEqual([
			...ofType('runflowTrigger', 2),
			...ofType('wan27', 5),
			...ofType('wan27Tool', 1),
		]);
	});

	it('was executed', async () => {
		const keys = (await readExamples()).map(({ key }) => key);
		const done = keys.filter((key) => passed.get(key) === true);
		process.stderr.write(`examples executed: ${done.length} of ${keys.length}\n`);
		expect(done).toEqual(keys);
	});
});
