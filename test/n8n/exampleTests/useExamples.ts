import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { SandboxRun } from '../../sandbox';
import type { Demo } from '../demo';
import {
	ENDED,
	listExecutions,
	runManually,
	waitForExecution,
	type Execution,
	type Item,
} from '../executions';
import { ACCOUNTS, saveAccounts, withAccounts, type Accounts } from '../services/accounts';
import { standInForCms, type Cms } from '../services/cms';
import { standInForGoogleSheets, type GoogleSheets } from '../services/googleSheets';
import { standInForOpenAi, type OpenAi } from '../services/openAi';
import { standInForSlack, type Slack } from '../services/slack';
import { startStandIns, type StandIns } from '../services/standIns';
import { FILES_FOLDER } from '../setup';
import { makeTemporaryFolder } from '../temporaryFolder';
import { START_TIMEOUT_MS, startTestDemo } from '../testDemo';
import { createWorkflow, type StoredWorkflow, type WorkflowFile } from '../workflows';
import { successful } from './execution';

/** The picture that the examples start from. */
export const SNEAKER = 'https://public.runflow.io/images/models/_base/product-sneaker.png';

/** The trigger of the examples that are started by hand. */
const START = 'When clicking ‘Execute workflow’';

/** The sheet that the example of the sheet is given. */
const SHEET = { documentId: 'PUT-THE-ADDRESS-OF-YOUR-SHEET-HERE', sheetName: 'Prompts' };

/** How long it may take until something outside has started an execution, in milliseconds. */
export const START_DEADLINE_MS = 20_000;

/** n8n with the examples in it, and stand-ins for the services that they use. */
export interface Examples {
	demo: Demo;
	slack: Slack;
	cms: Cms;
	sheets: GoogleSheets;
	openAi: OpenAi;
	/** By the example: whether all its tests have passed. */
	passed: Map<string, boolean>;
	/** A test of an example, which counts as executed once all of its tests have passed. */
	example: (key: string, does: string, test: (workflow: StoredWorkflow) => Promise<void>) => void;
	/** A copy of the example, with the accounts chosen in it. */
	copyOf(example: StoredWorkflow, more?: Pick<WorkflowFile, 'pinData'>): Promise<StoredWorkflow>;
	/** Runs a workflow by hand, and asserts that it succeeded. */
	execute(workflow: StoredWorkflow, trigger?: string): Promise<Execution>;
	/** Runs a workflow by hand until it ends, whether it succeeds or not. */
	executeUntilEnd(workflow: StoredWorkflow): Promise<Execution>;
	/** Runs a workflow by hand, until it waits. */
	executeUntilWaiting(workflow: StoredWorkflow): Promise<Execution>;
	/** Waits for the end of an execution, and asserts that it succeeded. */
	ended(id: string): Promise<Execution>;
	/** The execution of a workflow that something outside has started since the known ones, once it has ended. */
	nextExecution(workflow: StoredWorkflow, known?: string[]): Promise<Execution>;
	/** The run of the sandbox that was paid for, after the assertion that it is the only one. */
	onlyRun(): SandboxRun;
	/** A file in the folder that n8n writes to. */
	savedFile(name: string): Promise<Buffer>;
	/** An item of the node with a finished run. */
	finished(run: SandboxRun, output: Record<string, unknown>, cost: number): Item['json'];
}

/** Starts n8n with the examples for the tests of a file. Call it at the file's top level. */
export function useExamples(): Examples {
	const services = {
		slack: standInForSlack(ACCOUNTS.slack),
		cms: standInForCms(),
		sheets: standInForGoogleSheets({ accessToken: ACCOUNTS.google, ...SHEET }),
		openAi: standInForOpenAi(ACCOUNTS.openAi, (said) => ({
			prompt: 'Put the sneaker of image 1 on a beach',
			image_url: /https?:\/\/\S+/.exec(said)?.[0],
		})),
	};
	const passed = new Map<string, boolean>();
	const examples = { ...services, passed } as Examples;
	examples.example = (key, does, test) => {
		it(`${key} ${does}`, async () => {
			const workflow = examples.demo.workflows[key];
			if (!workflow) throw new Error(`There is no examples/${key}.json.`);
			const before = passed.get(key) ?? true;
			passed.set(key, false);
			await test(workflow);
			passed.set(key, before);
		});
	};
	/** What has been set up, to be undone in the opposite order. */
	const cleanups: (() => Promise<void>)[] = [];
	let standIns: StandIns;

	beforeAll(async () => {
		const { folder, remove } = await makeTemporaryFolder('examples');
		cleanups.push(remove);
		standIns = await startStandIns(Object.values(services), folder);
		cleanups.push(standIns.close);
		const demo = await startTestDemo(folder, {}, standIns.env);
		cleanups.push(async () => {
			await demo.stop();
		});
		const accounts = await saveAccounts(demo.session);
		Object.assign(examples, { demo, ...actions(demo, accounts, folder) });
	}, START_TIMEOUT_MS);

	beforeEach(() => {
		examples.demo.sandbox.reset();
		services.slack.messages.length = 0;
		services.cms.media.length = 0;
		services.cms.files.length = 0;
		standIns.refused.length = 0;
	});

	afterEach(() => {
		// n8n wanted nothing of the internet but what is stood in for.
		expect(standIns.refused).toEqual([]);
	});

	afterAll(async () => {
		for (const cleanUp of cleanups.reverse()) await cleanUp();
	});

	return examples;
}

type Actions = Pick<
	Examples,
	| 'copyOf'
	| 'execute'
	| 'executeUntilEnd'
	| 'executeUntilWaiting'
	| 'ended'
	| 'nextExecution'
	| 'onlyRun'
	| 'savedFile'
	| 'finished'
>;

function actions(demo: Demo, accounts: Accounts, folder: string): Actions {
	const { sandbox, session } = demo;
	const ended = async (id: string) => successful(await waitForExecution(session, id));
	return {
		copyOf: async ({ name, nodes, connections, settings = {}, pinData = {} }, more = {}) => {
			const copy = { name: `Copy: ${name}`, nodes, connections, settings, pinData, ...more };
			return await createWorkflow(session, withAccounts(copy, accounts));
		},
		execute: async ({ id }, trigger = START) =>
			await ended(await runManually(session, id, trigger)),
		executeUntilEnd: async ({ id }) =>
			await waitForExecution(session, await runManually(session, id, START)),
		executeUntilWaiting: async ({ id }) => {
			const started = await runManually(session, id, START);
			const execution = await waitForExecution(session, started, [...ENDED, 'waiting']);
			expect(execution).toMatchObject({ status: 'waiting' });
			return execution;
		},
		ended,
		nextExecution: async ({ id }, known = []) => {
			const deadline = Date.now() + START_DEADLINE_MS;
			for (;;) {
				const all = await listExecutions(session, id);
				const [added, ...more] = all.filter((one) => !known.includes(one.id));
				expect(more).toEqual([]);
				if (added) return await ended(added.id);
				if (Date.now() > deadline) throw new Error('No execution has started.');
				await sleep(50);
			}
		},
		onlyRun: () => {
			const [run, ...more] = sandbox.acceptedRuns();
			expect(more).toEqual([]);
			expect(sandbox.posts('/v1/models/')).toHaveLength(1);
			if (!run) throw new Error('No run was started.');
			return run;
		},
		savedFile: async (name) => await readFile(path.join(folder, FILES_FOLDER, name)),
		finished: (run, output, cost) => ({
			id: run.id,
			status: 'succeeded',
			outputs: [
				{
					url: expect.stringContaining(`${sandbox.storageUrl}/outputs/`) as unknown,
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
		}),
	};
}

/** A message as n8n posts it to Slack. */
export function posted(text: string): object {
	return { channel: '#product-pictures', text, includeLinkToWorkflow: false };
}
