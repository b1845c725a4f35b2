import type { IDataObject } from 'n8n-workflow';
import { request } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';

import { bytesOf } from '../../engine/binaryData';
import { jsonOf } from '../../engine/engine';
import { selfSigned } from '../../descriptions/selfSigned';
import { signCallback, type LoggedRequest } from '../../sandbox';
import { startWaitingHost, type WaitingHost } from '../../engine/waiting';
import { AFTER, FAILED, MADE_REFERENCE, url, WAN, wanWorkflow } from '../../engine/workflows';
import { until } from '../../until';
import {
	edit,
	host,
	countReads,
	prompts,
	runOf,
	sandbox,
	SECRET,
	send,
	start,
	suspended,
	text,
	timeless,
	UNAVAILABLE,
	useScene,
	answersTo,
	statusesOf,
	withoutProbes,
} from './scene';

useScene();
afterEach(() => {
	jest.restoreAllMocks();
});

describe('an execution that waits for a callback', () => {
	it('is suspended, sends nothing meanwhile, and resumes with the finished run', async () => {
		const held = await suspended(start());
		const [run] = sandbox.acceptedRuns();
		expect(countReads()).toBe(1);
		expect(sandbox.posts().map(({ json }) => json)).toEqual([
			{
				input: {
					prompt: 'Make it blue',
					image_urls: ['https://example.com/1.png'],
					num_images: 1,
				},
				callback_url: host.resumeUrl(held),
				client_ref: expect.stringMatching(MADE_REFERENCE) as string,
			},
		]);

		sandbox.finishRun(run?.id ?? '');
		const outcome = await held.ended;
		expect(outcome.status).toBe('success');
		expect(outcome.runs(WAN)).toBe(1);
		expect(outcome.items(AFTER)).toEqual([
			{
				json: expect.objectContaining({ id: run?.id, status: 'succeeded' }) as IDataObject,
				pairedItem: { item: 0 },
			},
		]);
		expect(sandbox.posts()).toHaveLength(1);
		expect(countReads()).toBe(2);
		await sandbox.idle();
		expect(sandbox.deliveries().map(({ status, attempts }) => [status, attempts.length])).toEqual([
			['delivered', 1],
		]);
	});

	it('resumes with a callback of several megabytes', async () => {
		const metadata = { notes: 'x'.repeat(5_000_000) };
		const held = await suspended(
			start({ options: { metadataJson: '={{ { notes: "x".repeat(5000000) } }}' } }),
		);
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '');
		const outcome = await held.ended;
		const [item] = outcome.items(AFTER);
		expect(item?.json.status).toBe('succeeded');
		expect(item?.json.metadata).toEqual(metadata);
		await sandbox.idle();
		expect(sandbox.deliveries().map(({ status, attempts }) => [status, attempts.length])).toEqual([
			['delivered', 1],
		]);
	});

	it('outputs the same item as one that polls, or that immediately returns a run that has ended', async () => {
		sandbox.configure({ manual: false, runDurationMs: 0 });
		const seeded = { options: { seed: 7 } };
		const polling = await start({ ...seeded, completion: 'polling' }).ended;
		// The second item fails once, so the first one's run is looked up when the node is tried again.
		sandbox.addFault({ kind: 'status', status: 503, body: UNAVAILABLE, match: { nth: 2 } });
		const immediately = await start(
			{ ...seeded, completion: 'immediately' },
			[{}, { prompt: 'other' }],
			{ retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		).ended;
		sandbox.configure({ manual: true });
		const held = await suspended(start(seeded));
		sandbox.finishRun(sandbox.acceptedRuns().at(-1)?.id ?? '');
		const callback = await held.ended;
		const expected = timeless(polling);
		expect(expected).toMatchObject([{ json: { status: 'succeeded', seed: 7 } }]);
		expect(timeless(callback)).toEqual(expected);
		expect(timeless(immediately).slice(0, 1)).toEqual(expected);
	});

	it('outputs all that Runflow returns where the item is not simplified', async () => {
		const held = await suspended(start({ simplify: false }));
		const [run] = sandbox.acceptedRuns();
		sandbox.finishRun(run?.id ?? '');
		const [item] = (await held.ended).items(AFTER);
		expect(item?.json).toMatchObject({
			id: run?.id,
			status_code: 'succeeded',
			// Without the signature that lets the execution resume.
			callback_url: host.resumeUrl(held).split('?')[0],
			input: { prompt: 'Make it blue' },
		});
	});

	it('is not suspended where all runs end in the first moments', async () => {
		sandbox.configure({ manual: false, runDurationMs: 5 });
		const held = start({}, prompts(3));
		const outcome = await held.settled;
		expect(outcome.status).toBe('success');
		expect(outcome.items(AFTER).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(jsonOf(outcome.items(AFTER)).map(({ status }) => status)).toEqual(
			Array(3).fill('succeeded'),
		);
		expect(countReads()).toBe(3);
	});

	it('downloads the outputs before it resumes', async () => {
		const held = await suspended(start({ downloadOutputs: true, numberOfImages: 2 }));
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '');
		const [item] = (await held.ended).items(AFTER);
		expect(Object.keys(item?.binary ?? {})).toEqual(['data', 'data_1']);
		const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
		for (const file of Object.values(item?.binary ?? {})) {
			expect(file.mimeType).toBe('image/png');
			expect((await bytesOf(file)).subarray(0, 8)).toEqual(png);
		}
	});

	it('is an item for each output where the user wants that, linked to its input item', async () => {
		const parameters = {
			downloadOutputs: true,
			numberOfImages: 2,
			options: { splitOutputs: true },
		};
		const held = await suspended(start(parameters, prompts(2)));
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const items = (await held.ended).items(WAN);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 0, 1, 1].map((item) => ({ item })),
		);
		expect(items.map(({ binary }) => Object.keys(binary ?? {}))).toEqual(Array(4).fill(['data']));
		expect(items.map(({ json }) => json.output_item)).toEqual(
			[items[0], items[2]].flatMap((item) => item?.json.outputs),
		);
		expect(sandbox.posts()).toHaveLength(2);
	});

	it('keeps the fields of its input item where the user wants that', async () => {
		const held = await suspended(start({ options: { includeInputFields: true } }, prompts(2)));
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const items = (await held.ended).items(AFTER);
		expect(jsonOf(items).map(({ prompt, status }) => [prompt, status])).toEqual([
			['prompt 0', 'succeeded'],
			['prompt 1', 'succeeded'],
		]);
		expect(sandbox.posts()).toHaveLength(2);
	});

	it('is linked so where other items fail, each with its own error', async () => {
		sandbox.configure({
			outcomeFor: ({ input }) => (input.prompt === 'prompt 1' ? 'failed' : undefined),
		});
		const isLast = ({ json }: LoggedRequest) =>
			((json as IDataObject | undefined)?.input as IDataObject | undefined)?.prompt === 'prompt 2';
		const match = { method: 'POST', where: isLast };
		sandbox.addFault({ kind: 'status', status: 402, match });
		const parameters = { numberOfImages: 2, options: { splitOutputs: true } };
		const held = await suspended(start(parameters, prompts(3), { onError: 'continueErrorOutput' }));
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		const links = outcome.items(WAN).map(({ pairedItem }) => pairedItem);
		expect(links).toEqual([0, 0].map((item) => ({ item })));
		expect(outcome.items(FAILED)).toMatchObject([
			{
				json: {
					error: {
						message: 'The provider could not read image 1. [item 1]',
						runId: runOf('prompt 1'),
					},
				},
			},
			{ json: { error: { httpCode: '402', runId: null } } },
		]);
		// No run was started for the last item, so there is no name to look for.
		expect(JSON.stringify(outcome.items(FAILED)[1])).not.toContain('Client Reference');
		expect(sandbox.posts()).toHaveLength(3);
	});

	it('starts no other run under Retry On Fail where one has failed and each output is an item', async () => {
		sandbox.configure({
			outcomeFor: ({ input }) => (input.prompt === 'prompt 0' ? 'failed' : undefined),
		});
		const settings = {
			onError: 'continueErrorOutput',
			retryOnFail: true,
			maxTries: 3,
			waitBetweenTries: 1,
		} as const;
		const parameters = { numberOfImages: 2, options: { splitOutputs: true } };
		const held = await suspended(start(parameters, prompts(2), settings));
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(outcome.items(WAN).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 1 },
			{ item: 1 },
		]);
		expect(outcome.items(FAILED)).toHaveLength(1);
		expect(sandbox.posts()).toHaveLength(2);
	});

	it('downloads it in n8n’s own way where the download fails at first', async () => {
		const held = await suspended(start({ downloadOutputs: true }));
		const storage = { host: 'storage', method: 'GET' } as const;
		sandbox.addFault({ kind: 'status', status: 500, match: storage, times: 3 });
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '');
		const [item] = (await held.ended).items(AFTER);
		expect(Object.keys(item?.binary ?? {})).toEqual(['data']);
		expect(sandbox.posts()).toHaveLength(1);
	});

	it('runs the node again, which downloads the file, when a download fails during the callback', async () => {
		const parameters = { downloadOutputs: true, options: { includeInputFields: true } };
		const held = await suspended(start(parameters, prompts(2)));
		const path = `/outputs/${runOf('prompt 1')}/`;
		const where = (request: LoggedRequest) =>
			request.path.startsWith(path) && held.status() === 'waiting';
		const match = { host: 'storage', method: 'GET', where } as const;
		sandbox.addFault({ kind: 'status', status: 410, match, times: Infinity });
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(
			outcome
				.items(AFTER)
				.map(({ json, binary }) => [json.id, json.prompt, Object.keys(binary ?? {})]),
		).toEqual(prompts(2).map(({ prompt }) => [runOf(prompt), prompt, ['data']]));
		expect(outcome.runs(WAN)).toBe(1);
		expect(sandbox.posts()).toHaveLength(2);
	});

	it('is found under a name with quotes and braces', async () => {
		const workflow = wanWorkflow(edit);
		const name = 'A "good" {{ name }} \\ it\'s \u2028';
		const renamed = JSON.parse(
			JSON.stringify(workflow).replaceAll(JSON.stringify(WAN), JSON.stringify(name)),
		) as typeof workflow;
		const held = await suspended(host.start(renamed));
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '');
		expect(jsonOf((await held.ended).items(AFTER))).toMatchObject([{ status: 'succeeded' }]);
	});

	it('waits again where a loop brings it to the node once more', async () => {
		const workflow = wanWorkflow(edit);
		const second = { ...workflow.nodes[1], id: 'second', name: 'Second' } as never;
		workflow.nodes.push(second);
		const to = (node: string) => [[{ node, type: 'main' as const, index: 0 }]];
		workflow.connections[WAN] = { main: to('Second') };
		workflow.connections.Second = { main: to(AFTER) };
		const held = await suspended(host.start(workflow));
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '');
		await until(() => sandbox.acceptedRuns().length >= 2);
		await until(() => held.status() === 'waiting');
		expect(statusesOf(held)).toHaveLength(1);
	});
});

it('outputs the run of each item when it is suspended, and nothing for one that has failed', async () => {
	const settings = { onError: 'continueErrorOutput' } as const;
	const held = await suspended(start({}, [{ prompt: 'good' }, { prompt: '' }], settings));
	const outcome = await held.settled;
	expect(outcome.items(WAN)).toMatchObject([
		{ json: { id: runOf('good'), status: 'queued' }, pairedItem: { item: 0 } },
	]);
	expect(outcome.items(WAN, 1)).toEqual([]);
	sandbox.finishRun(runOf('good'));
	expect((await held.ended).items(WAN, 1)).toHaveLength(1);
});

const RESUMES = { status: 200, message: 'The execution resumes' };

/** Repeats a callback until the execution resumes with it, for up to 30 seconds. Returns the last answer. */
async function untilResumes(
	report: () => ReturnType<typeof send>,
): Promise<Awaited<ReturnType<typeof send>>> {
	const deadline = Date.now() + 30_000;
	let last = await report();
	while (last.message !== RESUMES.message && Date.now() < deadline) {
		await wait(50);
		last = await report();
	}
	return last;
}

it('does not ask whether the execution still waits after a callback that took less than a second', async () => {
	const held = await suspended(start());
	const before = countReads();
	const came = Date.now();
	jest.spyOn(Date, 'now').mockImplementation(() => (countReads() > before ? came + 999 : came));
	sandbox.finishRun(runOf('Make it blue'));
	await held.ended;
	expect(answersTo(held).map(({ status }) => status)).toEqual([200]);
});

describe('a callback whose download takes long', () => {
	it('asks whether the execution still waits', async () => {
		const held = await suspended(start({ downloadOutputs: true }));
		sandbox.addFault({ match: { host: 'storage', method: 'GET' }, kind: 'slow', overMs: 1500 });
		sandbox.finishRun(runOf('Make it blue'));
		const outcome = await held.ended;
		expect(outcome.items(AFTER).map(({ binary }) => Object.keys(binary ?? {}))).toEqual([['data']]);
		const answers = answersTo(held);
		expect(answers.map(({ status, body }) => [status, body])).toEqual([
			[200, '{"message":"The execution resumes"}'],
			[200, '{"message":"This wait has not ended"}'],
		]);
	});

	it.each([410, 409, 404])(
		'leaves the execution as it is if another process of n8n answers that with %d',
		async (status) => {
			const held = await suspended(start({ downloadOutputs: true }));
			sandbox.configure({ callbackHosts: [] });
			// Longer than a copy of the execution counts as fresh.
			sandbox.addFault({ match: { host: 'storage', method: 'GET' }, kind: 'slow', overMs: 1500 });
			const run_id = runOf('Make it blue');
			sandbox.finishRun(run_id);
			host.answerOfOtherProcess = (body) =>
				body.includes(run_id) ? undefined : { status, message: 'Another process says so' };
			const report = async () => await send(host.resumeUrl(held), { run_id, status: 'succeeded' });
			expect(await report()).toEqual(RESUMES);
			await until(() => statusesOf(held).length >= 2);
			host.answerOfOtherProcess = () => undefined;
			// The next callback finds it suspended, and no other one that resumes it.
			expect(await untilResumes(report)).toEqual(RESUMES);
			expect((await held.ended).items(AFTER)).toHaveLength(1);
			expect(statusesOf(held).slice(0, 2)).toEqual([200, status]);
			expect(sandbox.posts()).toHaveLength(1);
		},
	);

	it('answers other callbacks meanwhile, and outputs nothing when the wait ends first', async () => {
		const options = { pollingInterval: 0.02, maximumWait: 0.05 };
		const held = await suspended(start({ downloadOutputs: true, options }));
		sandbox.configure({ callbackHosts: [] });
		// Longer than the three seconds of the wait.
		sandbox.addFault({ match: { host: 'storage', method: 'GET' }, kind: 'slow', overMs: 4000 });
		const run_id = runOf('Make it blue');
		sandbox.finishRun(run_id);
		const report = async () => await send(host.resumeUrl(held), { run_id, status: 'succeeded' });
		expect(await report()).toEqual(RESUMES);
		expect(await report()).toEqual({ status: 200, message: 'The execution has already resumed' });
		// Once the download has ended, a callback is taken as the first one was.
		expect(await untilResumes(report)).toEqual(RESUMES);
		expect(held.status()).toBe('waiting');
		await held.runOut();
		expect(jsonOf((await held.ended).items(AFTER))).toMatchObject([
			{ id: run_id, status: 'queued', timed_out: true },
		]);
		expect(sandbox.posts()).toHaveLength(1);
	});

	it.each([
		['does not ask where no authority has signed the certificate of n8n', false, []],
		['asks there too where it ignores SSL issues', true, ['This wait has not ended']],
	])('%s', async (_what, allowUnauthorizedCerts, probed) => {
		const { apiKey, url: baseUrl } = sandbox;
		const runflowApi = { apiKey, baseUrl, callbackSecrets: SECRET, organizationId: '' };
		const other = await startWaitingHost({ runflowApi }, selfSigned());
		const parameters = {
			...edit,
			downloadOutputs: true,
			requestOptions: { allowUnauthorizedCerts },
		};
		const held = await suspended(other.start(wanWorkflow(parameters)));
		sandbox.addFault({ match: { host: 'storage', method: 'GET' }, kind: 'slow', overMs: 1500 });
		const run_id = runOf('Make it blue');
		// Nor does Runflow reach it.
		sandbox.finishRun(run_id);
		const body = text({ event: 'run.completed', run_id, status: 'succeeded' });
		const headers = {
			'content-type': 'application/json',
			'runflow-signature': signCallback(body, SECRET),
		};
		const options = { method: 'POST', headers, rejectUnauthorized: false, servername: 'localhost' };
		request(other.resumeUrl(held), options).end(body);
		const outcome = await held.ended;
		await other.close();
		expect(outcome.items(AFTER).map(({ binary }) => Object.keys(binary ?? {}))).toEqual([['data']]);
		expect(other.answers.map(({ body: said }) => JSON.parse(said) as IDataObject)).toEqual(
			['The execution resumes', ...probed].map((message) => ({ message })),
		);
	});
});

describe('a credential that n8n cannot read', () => {
	let isAway = false;
	let other: WaitingHost;

	beforeEach(async () => {
		const credential = {
			apiKey: sandbox.apiKey,
			baseUrl: sandbox.url,
			callbackSecrets: SECRET,
			// The watch for secrets reads the other fields, too.
			get organizationId(): string {
				if (!isAway) return '';
				isAway = false;
				throw new Error('The database is away');
			},
		};
		other = await startWaitingHost({ runflowApi: credential });
	});
	afterEach(async () => {
		await other.close();
	});

	it('when the callback comes: Runflow sends it again, and the execution resumes', async () => {
		const held = await suspended(other.start(wanWorkflow(edit)));
		isAway = true;
		sandbox.finishRun(runOf('Make it blue'));
		const outcome = await held.ended;
		expect(isAway).toBe(false);
		expect(withoutProbes(other.answers).map(({ status, body }) => [status, body])).toEqual([
			[503, '{"message":"The callback could not be processed now"}'],
			[200, '{"message":"The execution resumes"}'],
		]);
		expect(jsonOf(outcome.items(AFTER))).toMatchObject([{ status: 'succeeded' }]);
		expect(sandbox.posts()).toHaveLength(1);
	});

	it('after the run was read: the execution resumes', async () => {
		const held = await suspended(
			other.start(wanWorkflow({ ...edit, downloadOutputs: true }, [{}])),
		);
		const match = { host: 'storage', method: 'GET' } as const;
		// As long as it takes to ask whether another process has resumed it.
		sandbox.addFault({ match, kind: 'slow', overMs: 1500 });
		sandbox.finishRun(runOf('Make it blue'));
		await until(() => sandbox.requests.some(({ host: name }) => name === 'storage'));
		isAway = true;
		const outcome = await held.ended;
		expect(isAway).toBe(false);
		// By Runflow's own callback, not by a later read of the node.
		expect(other.answers.map(({ status }) => status)).toEqual([200]);
		expect(outcome.items(AFTER).map(({ binary }) => Object.keys(binary ?? {}))).toEqual([['data']]);
	});
});

it('leaves a Callback URL of the user alone in the other modes, and out of this one', async () => {
	const options = { pollingInterval: 0.02, callbackUrl: 'https://example.com/hook' };
	await suspended(start({ options }));
	await start({ completion: 'immediately', options, image: url('') }).settled;
	expect(sandbox.acceptedRuns().map(({ callbackUrl }) => callbackUrl)).toEqual([
		expect.stringContaining('/webhook-waiting/'),
		'https://example.com/hook',
	]);
});
