import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { setTimeout as wait } from 'node:timers/promises';

import { bytesOf, forgetBinaryData } from '../../engine/binaryData';
import { jsonOf, type Outcome } from '../../engine/engine';
import { startWaitingHost, type Held, type WaitingHost } from '../../engine/waiting';
import {
	AFTER,
	FAILED,
	images,
	url,
	WAN,
	wanWorkflow,
	type NodeSettings,
} from '../../engine/workflows';
import { signCallback, startSandbox, type Json, type Sandbox } from '../../sandbox';
import { until } from '../../until';

const SECRET = 'whsec_current';

let sandbox: Sandbox;
/** Without a signing secret in its credential. */
let open: WaitingHost;
let host: WaitingHost;

beforeAll(async () => {
	sandbox = await startSandbox({
		manual: true,
		callbackSecrets: [{ secret: SECRET, isCurrent: true }],
		callbackRetryDelaysMs: [20, 40],
	});
	const credential = { apiKey: sandbox.apiKey, baseUrl: sandbox.url, organizationId: '' };
	host = await startWaitingHost({
		runflowApi: { ...credential, callbackSecrets: `whsec_old, ${SECRET}` },
	});
	open = await startWaitingHost({ runflowApi: { ...credential, callbackSecrets: '' } });
});
afterEach(() => {
	sandbox.reset();
});
afterAll(async () => {
	await Promise.all([host.close(), open.close(), sandbox.close()]);
	forgetBinaryData();
});

const READ_LIST = { method: 'GET', path: /^\/v1\/runs$/ };

const UNAVAILABLE = { code: 'MODEL_UNAVAILABLE', message: 'Not now', errors: null };

const edit: INodeParameters = {
	operation: 'proEdit',
	completion: 'callback',
	prompt: '={{ $json.prompt ?? "Make it blue" }}',
	images: images('https://example.com/1.png'),
	options: { pollingInterval: 0.02 },
};

/** What an execution is suspended for however many items there are: it stays awake for many images. */
const video: INodeParameters = {
	operation: 'imageToVideo',
	image: url('https://example.com/1.png'),
};

function prompts(count: number): { prompt: string }[] {
	return Array.from({ length: count }, (_, index) => ({ prompt: `prompt ${index}` }));
}

function start(
	parameters: INodeParameters = {},
	items: IDataObject[] = [{}],
	settings: NodeSettings = {},
): Held {
	return host.start(wanWorkflow({ ...edit, ...parameters }, items, settings));
}

async function suspended(held: Held): Promise<Held> {
	const outcome = await held.settled;
	expect(outcome.status).toBe('waiting');
	return held;
}

/** The id of the run that was started for a prompt. */
function runOf(prompt: string): string {
	const run = sandbox.acceptedRuns().find(({ input }) => input.prompt === prompt);
	if (run === undefined) throw new Error(`No run for ${prompt}`);
	return run.id;
}

function looks(): number {
	// An execution of an earlier test may still look after its own runs.
	const own = new Set(sandbox.acceptedRuns().map(({ id }) => `/v1/runs/${id}`));
	return sandbox.requests.filter(({ method, path }) => method === 'GET' && own.has(path)).length;
}

/** The looks at the list of runs. */
function listed(): number {
	return sandbox.requests.filter(({ method, path }) => method === 'GET' && path === '/v1/runs')
		.length;
}

/** Matches the looks at one run, not those of an earlier test at its own. */
function lookAt(runId: string | undefined): { method: string; path: string } {
	return { method: 'GET', path: `/v1/runs/${runId ?? '-'}` };
}

/** Sends a body to the address of a suspended execution, signed unless told otherwise. */
async function send(
	address: string,
	body: Json | string,
	signature: string | null = signCallback(text(body), SECRET),
): Promise<{ status: number; message: unknown }> {
	const response = await fetch(address, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			...(signature === null ? {} : { 'runflow-signature': signature }),
		},
		body: text(body),
	});
	const said = (await response.json()) as IDataObject;
	return { status: response.status, message: said.message ?? said.error };
}

/** Ends both runs of a suspended execution while Runflow reports nothing; `report` says that one has ended. */
function endUnreported(held: Held) {
	sandbox.configure({ callbackHosts: [] });
	const address = host.resumeUrl(held);
	const [a, b] = [runOf('prompt 0'), runOf('prompt 1')];
	sandbox.finishRun(a);
	sandbox.finishRun(b);
	const report = async (run_id: string) =>
		await send(address, { event: 'run.completed', run_id, status: 'succeeded' });
	return { a, b, report };
}

function text(body: Json | string): string {
	return typeof body === 'string' ? body : JSON.stringify(body);
}

function timeless(outcome: Outcome): unknown[] {
	return outcome.items(AFTER).map(({ json, ...item }) => {
		const { id, duration_ms, created_at, completed_at, outputs, ...rest } = json;
		expect([id, created_at].map((value) => typeof value)).toEqual(['string', 'string']);
		expect(['string', 'object']).toContain(typeof completed_at);
		expect(['number', 'object']).toContain(typeof duration_ms);
		const files = (outputs as IDataObject[]).map(({ url: link, ...output }) => {
			expect(link).toMatch(/\/outputs\//);
			return output;
		});
		return { ...item, json: { ...rest, outputs: files } };
	});
}

describe('an execution that waits for a callback', () => {
	it('is suspended, asks nothing meanwhile, and goes on with the finished run', async () => {
		const held = await suspended(start());
		const [run] = sandbox.acceptedRuns();
		expect(looks()).toBe(1);
		expect(sandbox.posts().map(({ json }) => json)).toEqual([
			{
				input: {
					prompt: 'Make it blue',
					image_urls: ['https://example.com/1.png'],
					num_images: 1,
				},
				callback_url: host.resumeUrl(held),
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
		expect(looks()).toBe(2);
		await sandbox.idle();
		expect(sandbox.deliveries().map(({ status, attempts }) => [status, attempts.length])).toEqual([
			['delivered', 1],
		]);
	});

	it('hands on the same item as one that polls, or that hands on at once a run that has ended', async () => {
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

	it('hands on all that Runflow says where the item is not simplified', async () => {
		const held = await suspended(start({ simplify: false }));
		const [run] = sandbox.acceptedRuns();
		sandbox.finishRun(run?.id ?? '');
		const [item] = (await held.ended).items(AFTER);
		expect(item?.json).toMatchObject({
			id: run?.id,
			status_code: 'succeeded',
			// Without the signature that lets the execution go on.
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
		expect(looks()).toBe(3);
	});

	it('downloads what the run made before it goes on', async () => {
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

	it('downloads it in n8n’s own way where the download fails at first', async () => {
		const held = await suspended(start({ downloadOutputs: true }));
		const storage = { host: 'storage', method: 'GET' } as const;
		sandbox.addFault({ kind: 'status', status: 500, match: storage, times: 3 });
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '');
		const [item] = (await held.ended).items(AFTER);
		expect(Object.keys(item?.binary ?? {})).toEqual(['data']);
		expect(sandbox.posts()).toHaveLength(1);
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
		await until(() => sandbox.acceptedRuns().length === 2);
		await until(() => held.status() === 'waiting');
		expect(host.answers.filter(({ executionId }) => executionId === held.executionId)).toHaveLength(
			1,
		);
	});

	it('goes on also where n8n cannot read its credential at once, after the run was read', async () => {
		let isAway = false;
		const credential = {
			apiKey: sandbox.apiKey,
			baseUrl: sandbox.url,
			organizationId: '',
			get callbackSecrets(): string {
				if (!isAway) return SECRET;
				isAway = false;
				throw new Error('The database is away');
			},
		};
		const other = await startWaitingHost({ runflowApi: credential });
		try {
			const held = await suspended(
				other.start(wanWorkflow({ ...edit, downloadOutputs: true }, [{}])),
			);
			const match = { host: 'storage', method: 'GET' } as const;
			// As long as it takes to ask whether another process has let it go on.
			sandbox.addFault({ match, kind: 'slow', overMs: 1500 });
			sandbox.finishRun(runOf('Make it blue'));
			await until(() => sandbox.requests.some(({ host: asked }) => asked === 'storage'));
			isAway = true;
			const outcome = await held.ended;
			expect(isAway).toBe(false);
			// By Runflow's own callback, not by a later look of the node's.
			expect(other.answers.map(({ status }) => status)).toEqual([200]);
			expect(outcome.items(AFTER).map(({ binary }) => Object.keys(binary ?? {}))).toEqual([
				['data'],
			]);
		} finally {
			await other.close();
		}
	});
});

describe('several items', () => {
	it('go on together, in order, once, whatever comes in between', async () => {
		const count = 25;
		sandbox.configure({ callbackCopies: 2 });
		const held = await suspended(start(video, prompts(count)));
		const address = host.resumeUrl(held);
		const shuffled = prompts(count)
			.map(({ prompt }) => ({ id: runOf(prompt), at: Math.random() }))
			.sort((a, b) => a.at - b.at);
		let forged = 0;
		for (const [index, { id }] of shuffled.entries()) {
			const callback = { event: 'run.completed', run_id: id, status: 'succeeded', output: null };
			const altered = signCallback(text({ ...callback, run_id: 'other' }), SECRET);
			for (const signature of [null, altered, signCallback(text(callback), 'whsec_wrong')]) {
				const { status } = await send(address, callback, signature);
				// The execution may go on meanwhile, after the last callback.
				expect(status).toBe(401);
				forged++;
			}
			expect(held.status()).toBe('waiting');
			sandbox.finishRun(id);
			if (index < count - 1) {
				await until(() => sandbox.deliveries(id).every(({ status }) => status === 'delivered'));
			}
		}
		const outcome = await held.ended;
		expect(forged).toBe(75);
		expect(outcome.status).toBe('success');
		expect(outcome.runs(WAN)).toBe(1);
		expect(outcome.runs(AFTER)).toBe(1);
		expect(outcome.items(AFTER).map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
			prompts(count).map(({ prompt }, item) => [runOf(prompt), { item }]),
		);
		expect(outcome.items(WAN).map(({ pairedItem }) => pairedItem)).toEqual(
			prompts(count).map((_, item) => ({ item })),
		);
		expect(sandbox.posts()).toHaveLength(count);
		const answers = host.answers.filter(({ executionId }) => executionId === held.executionId);
		expect(answers.filter(({ body }) => body.includes('goes on"'))).toHaveLength(1);
		// One for each callback that finds another run unfinished; before the end and for the items, the list.
		expect(looks()).toBeLessThanOrEqual(2 * count);
	});

	it('of images stay awake for runs of a few seconds: no callback is needed', async () => {
		const held = start({}, prompts(6));
		const before = listed();
		await until(() => sandbox.acceptedRuns().length === 6 && listed() >= before + 2);
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(outcome.status).toBe('success');
		expect(outcome.items(AFTER).map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
			prompts(6).map(({ prompt }, item) => [runOf(prompt), { item }]),
		);
		expect(outcome.runs(WAN)).toBe(1);
		expect(looks()).toBe(0);
		expect(sandbox.posts()).toHaveLength(6);
	});

	it('of images read the list further where so many of others are newer, but not for a look that comes to nothing', async () => {
		const spans = () => {
			const all = sandbox.requests.filter(({ path, query }) => path === '/v1/runs' && query.limit);
			return all.map(({ query }) => Number(query.limit)).filter((limit) => limit >= 54);
		};
		const held = start({}, prompts(4));
		await until(() => sandbox.acceptedRuns().length === 4);
		sandbox.addFault({
			kind: 'status',
			status: 500,
			match: READ_LIST,
		});
		const others = start({ completion: 'immediately', prompt: 'other' }, prompts(52));
		expect((await others.settled).status).toBe('success');
		await until(() => spans().includes(108));
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		expect((await held.ended).status).toBe('success');
		const [first, second, third] = spans();
		expect([first, second, third]).toEqual([54, 54, 108]);
	});

	it('of images: a run that fails meanwhile is noticed before the execution is suspended', async () => {
		const held = start({}, prompts(6));
		await until(() => sandbox.acceptedRuns().length === 6);
		const before = listed();
		await until(() => listed() >= before + 2);
		sandbox.finishRun(runOf('prompt 3'), 'failed');
		const outcome = await held.settled;
		expect(outcome.status).toBe('error');
		expect(outcome.error?.message).toContain('[item 3]');
		expect(sandbox.posts()).toHaveLength(6);
	});

	it('of images stay awake though one has failed, where the node continues, and though a look comes to nothing', async () => {
		const held = start({}, prompts(6), { onError: 'continueRegularOutput' });
		await until(() => sandbox.acceptedRuns().length === 6);
		let before = listed();
		await until(() => listed() >= before + 2);
		sandbox.addFault({
			kind: 'status',
			status: 500,
			match: READ_LIST,
		});
		sandbox.finishRun(runOf('prompt 3'), 'failed');
		before = listed();
		await until(() => listed() >= before + 3);
		for (const { id, status } of sandbox.acceptedRuns()) {
			if (status !== 'failed') sandbox.finishRun(id);
		}
		const outcome = await held.ended;
		expect(outcome.runs(WAN)).toBe(1);
		expect(outcome.items(AFTER).map(({ json }) => json.status)).toEqual(
			prompts(6).map((_, item) => (item === 3 ? undefined : 'succeeded')),
		);
		expect(outcome.items(AFTER)[3]?.json.error).toMatchObject({ runId: runOf('prompt 3') });
		expect(looks()).toBe(1);
	});

	it('go on though the list lags behind what a single run shows', async () => {
		const held = await suspended(start(video, prompts(6)));
		const items = sandbox.acceptedRuns().map(({ id }) => ({ id, status_code: 'running' }));
		sandbox.addFault({
			kind: 'wrong-json',
			body: { items },
			match: READ_LIST,
			times: Infinity,
		});
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(outcome.items(AFTER).map(({ json }) => json.status)).toEqual(Array(6).fill('succeeded'));
	});

	it('read a list that lacks some of them to its end, and no further', async () => {
		const held = await suspended(start(video, prompts(6)));
		sandbox.configure({ callbackHosts: [] });
		const items = sandbox.acceptedRuns().map(({ id }) => ({ id, status_code: 'running' }));
		const body = { items: items.slice(0, 2), next: null };
		sandbox.addFault({ kind: 'wrong-json', body, match: READ_LIST, times: Infinity });
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const before = listed();
		await send(host.resumeUrl(held), { run_id: runOf('prompt 0'), status: 'succeeded' });
		expect((await held.ended).items(AFTER)).toHaveLength(6);
		// To find out whether all have ended, and for their items: each time the newest 60 or so, then the newest 2000.
		expect(listed()).toBe(before + 4);
	});

	it('of videos are suspended after one look at the list', async () => {
		const before = listed();
		const held = await suspended(start(video, prompts(6)));
		expect(listed()).toBe(before + 1);
		expect(looks()).toBe(0);
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		expect((await held.ended).status).toBe('success');
	});

	it('are looked at in the list by one callback at a time, however many come', async () => {
		const held = await suspended(start(video, prompts(40)));
		const before = listed();
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(outcome.items(AFTER)).toHaveLength(40);
		// The one that is looked at first, then the list; then the list for the items.
		expect(looks()).toBeLessThanOrEqual(4);
		expect(listed() - before).toBeLessThanOrEqual(4);
	});

	it('go on once where all callbacks come at the same moment', async () => {
		const held = await suspended(start(video, prompts(10)));
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(jsonOf(outcome.items(AFTER)).map(({ status }) => status)).toEqual(
			Array(10).fill('succeeded'),
		);
		await sandbox.idle();
		const answers = host.answers.filter(({ executionId }) => executionId === held.executionId);
		expect(answers.filter(({ body }) => body.includes('The execution goes on"'))).toHaveLength(1);
		expect(new Set(answers.map(({ status }) => status))).toEqual(
			new Set(answers.some(({ status }) => status === 409) ? [200, 409] : [200]),
		);
		expect(outcome.runs(AFTER)).toBe(1);
	});

	it('wait together where n8n hands them over in batches', async () => {
		const batch = { batchSize: 1, batchInterval: 30 };
		const held = start({ requestOptions: { batching: { batch } } }, prompts(3));
		await until(() => sandbox.acceptedRuns().length === 1);
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '');
		await suspended(held);
		expect(sandbox.acceptedRuns()).toHaveLength(3);
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(outcome.items(AFTER).map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
			prompts(3).map(({ prompt }, item) => [runOf(prompt), { item }]),
		);
	});
});

it('is not suspended any more once Stop is pressed, and names every run that goes on', async () => {
	const running = host.engine.start(wanWorkflow(edit, prompts(4)));
	await until(() => sandbox.acceptedRuns().length === 4);
	const before = listed();
	// Many images are looked at together as soon as all have their answers, for 15 s.
	await until(() => listed() >= before + 2);
	running.stop();
	const outcome = await running.outcome;
	expect([outcome.status, outcome.waitTill]).toEqual(['canceled', undefined]);
	const told = JSON.stringify(outcome.error);
	expect(sandbox.acceptedRuns().filter(({ id }) => !told.includes(id))).toEqual([]);
	expect(sandbox.posts()).toHaveLength(4);
});

describe('what leaves it suspended', () => {
	it('what is unsigned, wrongly signed, unreadable, or of another run', async () => {
		const held = await suspended(start());
		const address = host.resumeUrl(held);
		const run_id = sandbox.acceptedRuns()[0]?.id ?? '';
		const good = text({ event: 'run.completed', run_id, status: 'succeeded' });
		const signature = signCallback(good, SECRET);
		const otherDigit = signature.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
		const cases: [string, string | null | undefined, number, string][] = [
			[good, null, 401, 'Runflow-Signature is missing'],
			[good, '', 401, 'Runflow-Signature is not 64 lower-case hex digits'],
			[good, signature.toUpperCase(), 401, 'Runflow-Signature is not 64 lower-case hex digits'],
			[good, signature.slice(1), 401, 'Runflow-Signature is not 64 lower-case hex digits'],
			[good, `${signature}0`, 401, 'Runflow-Signature is not 64 lower-case hex digits'],
			[
				good,
				`${signature}, ${signature}`,
				401,
				'Runflow-Signature is not 64 lower-case hex digits',
			],
			[good, otherDigit, 401, 'Runflow-Signature does not match'],
			[`${good} `, signature, 401, 'Runflow-Signature does not match'],
			[good, signCallback(good, 'whsec_Current'), 401, 'Runflow-Signature does not match'],
			[good, signCallback(good, 'current'), 401, 'Runflow-Signature does not match'],
			// By n8n itself, before the node sees it.
			['run_id=1', undefined, 422, 'Failed to parse request body'],
			['[1]', undefined, 400, 'The body is not a JSON object'],
			['', undefined, 400, 'The body is not a JSON object'],
			[`"${'x'.repeat(1024 * 1024)}"`, undefined, 413, 'The body is longer than 1 MiB'],
			['{"run_id":"other"}', undefined, 200, 'This run is not waited for'],
			['{"event":"batch.succeeded"}', undefined, 200, 'This run is not waited for'],
			[`{"id":"${run_id}","run_id":"other"}`, undefined, 200, 'This run is not waited for'],
		];
		for (const [body, signed, status, message] of cases) {
			expect([body.slice(0, 60), await send(address, body, signed)]).toEqual([
				body.slice(0, 60),
				{ status, message },
			]);
			expect(held.status()).toBe('waiting');
		}
		expect(looks()).toBe(1);
	});

	it('a signed end that the API does not show yet, until it does', async () => {
		const held = await suspended(start());
		const address = host.resumeUrl(held);
		const run_id = sandbox.acceptedRuns()[0]?.id ?? '';
		const body = { event: 'run.completed', run_id, status: 'succeeded' };
		const signature = signCallback(text(body), 'whsec_old');
		expect(await send(address, body, signature)).toEqual({
			status: 503,
			message: 'The runs could not be read now',
		});
		expect(held.status()).toBe('waiting');
		sandbox.configure({ callbackHosts: [] });
		sandbox.finishRun(run_id);
		expect((await held.ended).status).toBe('success');
		expect(sandbox.posts()).toHaveLength(1);
	});

	it('a report of progress', async () => {
		const held = await suspended(start());
		const [run] = sandbox.acceptedRuns();
		const body = { event: 'run.progress', run_id: run?.id ?? '', status: 'running' };
		expect(await send(host.resumeUrl(held), body)).toEqual({
			status: 202,
			message: 'Other runs have not ended',
		});
		expect(held.status()).toBe('waiting');
		sandbox.finishRun(run?.id ?? '');
		expect((await held.ended).status).toBe('success');
	});

	it('the address without its signature', async () => {
		const held = await suspended(start());
		const body = { run_id: sandbox.acceptedRuns()[0]?.id ?? '', status: 'succeeded' };
		const [address] = host.resumeUrl(held).split('?');
		expect(await send(address ?? '', body)).toMatchObject({ status: 401 });
		expect(held.status()).toBe('waiting');
	});

	it('an end that Runflow itself does not confirm, without a secret', async () => {
		const held = open.start(wanWorkflow(edit));
		await suspended(held);
		const [run] = sandbox.acceptedRuns();
		const body = { event: 'run.completed', run_id: run?.id ?? '', status: 'succeeded' };
		// It is not believed; but it may be ahead of what the API shows, and the last one: it is to come again.
		expect(await send(open.resumeUrl(held), body, null)).toMatchObject({ status: 503 });
		expect(held.status()).toBe('waiting');
		const progress = { ...body, event: 'run.progress', status: 'running' };
		expect(await send(open.resumeUrl(held), progress, null)).toMatchObject({ status: 202 });
		sandbox.configure({ callbackSignature: 'omitted' });
		sandbox.finishRun(run?.id ?? '');
		expect((await held.ended).status).toBe('success');
	});
});

describe('unsigned callbacks that are ahead of the API', () => {
	it('are all to come again: whichever is the last may be the one that counts', async () => {
		const held = open.start(wanWorkflow(edit, prompts(2)));
		await suspended(held);
		for (const { id } of sandbox.acceptedRuns()) {
			const body = { event: 'run.completed', run_id: id, status: 'succeeded' };
			expect(await send(open.resumeUrl(held), body, null)).toMatchObject({ status: 503 });
		}
		expect(held.status()).toBe('waiting');
		sandbox.configure({ callbackSignature: 'omitted' });
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		expect((await held.ended).status).toBe('success');
	});
});

describe('a callback that cannot be followed up', () => {
	it('is refused, so that Runflow sends it again, and followed up all the same', async () => {
		const held = await suspended(start());
		sandbox.addFault({
			kind: 'status',
			status: 502,
			match: lookAt(sandbox.acceptedRuns()[0]?.id),
			times: 3,
		});
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '');
		expect((await held.ended).status).toBe('success');
		const answers = host.answers.filter(({ executionId }) => executionId === held.executionId);
		expect(answers[0]?.status).toBe(503);
		expect(sandbox.posts()).toHaveLength(1);
	});

	it('goes on with an error where an output is of a type that every object knows, and no file', async () => {
		const held = await suspended(
			start({ downloadOutputs: true }, [{}], { onError: 'continueErrorOutput' }),
		);
		const id = sandbox.acceptedRuns()[0]?.id ?? '';
		const output = { outputs: [{ url: `${sandbox.storageUrl}/file`, type: 'constructor' }] };
		sandbox.addFault({
			kind: 'wrong-json',
			body: { id, status_code: 'succeeded', output },
			match: lookAt(id),
			times: Infinity,
		});
		// Without a type of its own: bytes that are called nothing.
		sandbox.addFault({ kind: 'empty', status: 200, match: { host: 'storage' }, times: Infinity });
		sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(jsonOf(outcome.items(FAILED))).toMatchObject([{ error: { runId: id } }]);
	});

	it('becomes an error with the run id where Runflow refuses to show the run', async () => {
		const held = await suspended(start({}, [{}], { onError: 'continueErrorOutput' }));
		const [run] = sandbox.acceptedRuns();
		sandbox.addFault({
			kind: 'status',
			status: 404,
			body: { code: 'RUN_NOT_FOUND', message: 'No such run', errors: null },
			match: lookAt(run?.id),
			times: 5,
		});
		sandbox.finishRun(run?.id ?? '');
		const outcome = await held.ended;
		expect(jsonOf(outcome.items(FAILED))).toMatchObject([
			{ error: { message: 'No such run [item 0]', httpCode: '404', runId: run?.id } },
		]);
	});
});

describe('a callback that is lost', () => {
	it.each([
		['with a signing secret', () => host],
		['without one', () => open],
	])(
		'in the moment of the suspension is made up for, %s',
		async (_what, which) => {
			sandbox.configure({ callbackHosts: [] });
			const held = await suspended(which().start(wanWorkflow(edit)));
			sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '');
			const outcome = await held.ended;
			expect(jsonOf(outcome.items(AFTER))).toMatchObject([{ status: 'succeeded' }]);
			// At the suspension, late, because of the callback that tells nothing, and for the item.
			expect(looks()).toBe(4);
		},
		15_000,
	);
});

it('is called back by the node itself once n8n has stored it, though that took a while', async () => {
	sandbox.configure({ callbackHosts: [] });
	const ofThis = (held: Held) =>
		host.answers.filter(({ executionId }) => executionId === held.executionId);
	host.storing = async () => {
		await until(() => ofThis(held).length > 0);
	};
	const held = start();
	try {
		await until(() => sandbox.acceptedRuns().length === 1);
		await until(() => looks() === 1);
		sandbox.finishRun(runOf('Make it blue'));
		await held.settled;
	} finally {
		host.storing = async () => {
			await Promise.resolve();
		};
	}
	const outcome = await held.ended;
	expect(jsonOf(outcome.items(AFTER))).toMatchObject([{ status: 'succeeded' }]);
	// Three seconds after the suspension, and fifteen.
	expect(ofThis(held).map(({ status }) => status)).toEqual([409, 200]);
}, 30_000);

describe('an API that is slow to show what it reports', () => {
	it('is asked again and again in the name of one callback, though Runflow gives up', async () => {
		const held = await suspended(start());
		const read = lookAt(sandbox.acceptedRuns()[0]?.id);
		// Three callbacks, each of which tries three times.
		sandbox.addFault({ kind: 'status', status: 502, match: read, times: 9 });
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '');
		const outcome = await held.ended;
		expect(jsonOf(outcome.items(AFTER))).toMatchObject([{ status: 'succeeded' }]);
	}, 20_000);

	it('is asked less and less often', async () => {
		sandbox.configure({ callbackHosts: [] });
		const held = await suspended(start());
		const runId = runOf('Make it blue');
		sandbox.addFault({ kind: 'status', status: 502, match: lookAt(runId), times: 99 });
		const before = looks();
		const body = { event: 'run.completed', run_id: runId, status: 'succeeded' };
		expect(await send(host.resumeUrl(held), body)).toMatchObject({ status: 503 });
		// Three looks at once, after a second, and after two more; and one of the node's own, three seconds after the
		// suspension. Were the pauses all a second, the tenth would come within six seconds.
		await until(() => looks() >= before + 10);
		const { path } = lookAt(runId);
		const times = sandbox.requests.flatMap(({ path: of, at }) => (of === path ? [at] : []));
		expect((times[before + 9] ?? 0) - (times[before] ?? 0)).toBeGreaterThan(5990);
	}, 30_000);

	it('is not asked any more once another callback was taken, however far the execution is then', async () => {
		const workflow = wanWorkflow(edit, prompts(2));
		workflow.nodes.push({ ...workflow.nodes[1], id: 'second', name: 'Second' } as never);
		const to = (node: string) => [[{ node, type: 'main' as const, index: 0 }]];
		workflow.connections[WAN] = { main: to('Second') };
		workflow.connections.Second = { main: to(AFTER) };
		const held = await suspended(host.start(workflow));
		const { a, b, report } = endUnreported(held);
		sandbox.addFault({ kind: 'status', status: 502, match: { path: `/v1/runs/${a}` }, times: 3 });
		expect(await report(b)).toMatchObject({ status: 503 });
		// It asks on after one to one and a half seconds.
		expect(await report(a)).toMatchObject({ status: 200 });
		await until(() => sandbox.acceptedRuns().length === 4);
		await until(() => held.status() === 'waiting');
		await wait(1600);
		expect(sandbox.acceptedRuns()).toHaveLength(4);
		expect(held.status()).toBe('waiting');
	}, 20_000);

	it('loses nothing under a rate limit', async () => {
		const held = await suspended(start({}, prompts(40), { onError: 'continueErrorOutput' }));
		sandbox.configure({ rateLimit: { perSecond: 20, retryAfter: false } });
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(outcome.items(AFTER)).toHaveLength(40);
	}, 40_000);

	it('is asked by whoever comes first with what is needed', async () => {
		const held = await suspended(start({}, prompts(2)));
		const { a, b, report } = endUnreported(held);
		sandbox.addFault({ kind: 'status', status: 502, match: { path: `/v1/runs/${a}` }, times: 4 });
		expect(await report(b)).toMatchObject({ status: 503 });
		expect(await report(a)).toMatchObject({ status: 200 });
		expect(jsonOf((await held.ended).items(AFTER)).map(({ id }) => id)).toEqual([a, b]);
	}, 20_000);
});

describe('a run that fails meanwhile', () => {
	it('leaves by the error output, linked to its item, and the others by the main one', async () => {
		const held = await suspended(start({}, prompts(3), { onError: 'continueErrorOutput' }));
		const failed = runOf('prompt 1');
		for (const { id } of sandbox.acceptedRuns()) {
			sandbox.finishRun(id, id === failed ? 'failed' : 'succeeded');
		}
		const outcome = await held.ended;
		expect(outcome.items(WAN).map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
			[runOf('prompt 0'), { item: 0 }],
			[runOf('prompt 2'), { item: 2 }],
		]);
		expect(outcome.items(WAN, 1)).toMatchObject([
			{
				json: {
					error: {
						message: 'The provider could not read image 1. [item 1]',
						code: 'INPUT_VALIDATION_FAILED',
						runId: failed,
					},
				},
				pairedItem: { item: 1 },
			},
		]);
		expect(outcome.items(AFTER)).toHaveLength(2);
		expect(outcome.items(FAILED)).toHaveLength(1);
	});

	it('is an item among the others where the node continues', async () => {
		const held = await suspended(start({}, prompts(2), { onError: 'continueRegularOutput' }));
		sandbox.finishRun(runOf('prompt 0'), 'canceled');
		sandbox.finishRun(runOf('prompt 1'));
		const outcome = await held.ended;
		expect(jsonOf(outcome.items(AFTER))).toMatchObject([
			{ error: { message: 'The run was cancelled [item 0]', runId: runOf('prompt 0') } },
			{ status: 'succeeded', id: runOf('prompt 1') },
		]);
	});

	it('fails the node where nothing is said about errors, with the ids of the others', async () => {
		const held = await suspended(start({}, prompts(2)));
		sandbox.finishRun(runOf('prompt 0'));
		sandbox.finishRun(runOf('prompt 1'), 'failed');
		const outcome = await held.ended;
		expect(outcome.status).toBe('error');
		expect(outcome.error?.name).toBe('NodeApiError');
		expect(outcome.error?.message).toBe('The provider could not read image 1. [item 1]');
		expect(outcome.error?.description).toContain(`Run ID: ${runOf('prompt 1')}`);
		expect(outcome.error?.description).toContain(`item 0: ${runOf('prompt 0')}`);
		expect(outcome.items(AFTER)).toEqual([]);
	});

	it('fails it also where Runflow does not show the run at once when the node runs again: no other callback comes', async () => {
		const held = await suspended(start());
		const id = runOf('Make it blue');
		sandbox.addFault({ kind: 'status', status: 500, match: { ...lookAt(id), nth: 2 }, times: 3 });
		sandbox.finishRun(id, 'failed');
		const outcome = await held.ended;
		expect(outcome.status).toBe('error');
		expect(outcome.error?.message).toBe('The provider could not read image 1. [item 0]');
		expect(outcome.error?.description).toContain(`Run ID: ${id}`);
	});

	it('can be retried: it alone is started again, the others are looked up', async () => {
		const held = await suspended(start({}, prompts(2)));
		sandbox.finishRun(runOf('prompt 0'));
		sandbox.finishRun(runOf('prompt 1'), 'failed');
		const failed = await held.ended;
		expect(sandbox.acceptedRuns()).toHaveLength(2);
		sandbox.configure({ manual: false, runDurationMs: 0 });
		const retried = await host.engine.retry(failed);
		expect(retried.status).toBe('success');
		expect(sandbox.acceptedRuns().map(({ input }) => input.prompt)).toEqual([
			'prompt 0',
			'prompt 1',
			'prompt 1',
		]);
		const [first, second] = jsonOf(retried.items(AFTER));
		expect(first).toMatchObject({ id: sandbox.acceptedRuns()[0]?.id, status: 'succeeded' });
		expect(second).toMatchObject({ id: sandbox.acceptedRuns()[2]?.id, status: 'succeeded' });
	});

	it('is started again by Retry On Fail, and waited for', async () => {
		const held = await suspended(
			start({}, prompts(2), { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 }),
		);
		sandbox.finishRun(runOf('prompt 0'));
		sandbox.finishRun(runOf('prompt 1'), 'failed');
		await until(() => sandbox.acceptedRuns().length === 3);
		await until(() => held.status() === 'waiting');
		sandbox.finishRun(sandbox.acceptedRuns()[2]?.id ?? '');
		await sandbox.idle();
		expect(held.status()).toBe('success');
	});

	it('fails the node at once where it ends in the first moments', async () => {
		sandbox.configure({
			manual: false,
			runDurationMs: ({ input }) => (input.prompt === 'prompt 0' ? 1 : 60_000),
			outcome: 'failed',
		});
		const outcome = await start({}, prompts(2)).settled;
		expect(outcome.status).toBe('error');
		expect(outcome.waitTill).toBeUndefined();
		expect(outcome.error?.description).toContain(`item 1: ${runOf('prompt 1')}`);
	});

	it('comes through flagged where only some outputs were made', async () => {
		const held = await suspended(start({ numberOfImages: 2 }));
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '', 'partial_succeeded');
		expect(jsonOf((await held.ended).items(AFTER))).toMatchObject([
			{ status: 'partial_succeeded' },
		]);
	});
});

describe('an item that fails before', () => {
	const twoPrompts = [{ prompt: 'good' }, { prompt: '' }];

	it('stops all others before anything is sent', async () => {
		const outcome = await start({}, twoPrompts).settled;
		expect(outcome.error?.message).toBe('Prompt is empty [item 1]');
		expect(sandbox.posts()).toEqual([]);
	});

	it('is kept for the error output until the others have ended', async () => {
		const held = await suspended(start({}, twoPrompts, { onError: 'continueErrorOutput' }));
		expect(sandbox.posts()).toHaveLength(1);
		sandbox.finishRun(runOf('good'));
		const outcome = await held.ended;
		expect(jsonOf(outcome.items(AFTER))).toMatchObject([{ id: runOf('good') }]);
		expect(outcome.items(WAN, 1)).toMatchObject([
			{ json: { error: { message: 'Prompt is empty [item 1]' } }, pairedItem: { item: 1 } },
		]);
	});

	it('is not lost where n8n itself could not read it', async () => {
		const held = start({ prompt: '={{ $json.prompt || $("Nowhere").item.json.x }}' }, twoPrompts, {
			onError: 'continueErrorOutput',
		});
		await until(() => sandbox.acceptedRuns().length === 1);
		await suspended(held);
		sandbox.finishRun(runOf('good'));
		const outcome = await held.ended;
		expect(jsonOf(outcome.items(AFTER))).toMatchObject([{ id: runOf('good') }]);
		expect(outcome.items(WAN, 1)).toMatchObject([
			{
				json: { error: { message: 'The parameters could not be read [item 1]' } },
				pairedItem: { item: 1 },
			},
		]);
	});

	it('lets nobody suspend where the node does not continue', async () => {
		sandbox.addFault({
			kind: 'status',
			status: 402,
			body: { code: 'INSUFFICIENT_CREDIT', message: 'No credit left', errors: null },
			match: { method: 'POST', nth: 2 },
		});
		const outcome = await start({}, prompts(2)).settled;
		expect(outcome.status).toBe('error');
		expect(outcome.waitTill).toBeUndefined();
		expect(sandbox.acceptedRuns()).toHaveLength(1);
		expect(outcome.error?.description).toContain(sandbox.acceptedRuns()[0]?.id ?? '-');
	});
});

describe('items that do not go together', () => {
	it.each([
		['another completion', 'immediately', undefined],
		['an unknown completion', 'later', 'continueErrorOutput'],
	] as const)('are refused for %s', async (_what, mode, onError) => {
		const outcome = await start(
			{ completion: '={{ $json.mode }}' },
			[
				{ prompt: 'a', mode: 'callback' },
				{ prompt: 'b', mode },
			],
			onError === undefined ? {} : { onError },
		).settled;
		if (onError === undefined) {
			expect(outcome.error?.message).toBe('Completion must be the same for all items [item 1]');
			expect(sandbox.posts()).toEqual([]);
		} else {
			expect(outcome.status).toBe('waiting');
			expect(sandbox.acceptedRuns().map(({ input }) => input.prompt)).toEqual(['a']);
		}
	});

	it('are never mixed up over the tries where n8n cannot read one of them', async () => {
		const batch = { batchSize: 1, batchInterval: 100 };
		const outcome = await start(
			{
				prompt: '={{ $json.bad ? $("Nowhere").item.json.x : $json.prompt }}',
				requestOptions: { batching: { batch } },
			},
			[{ prompt: 'a' }, { prompt: 'b' }, { bad: true }],
			{ retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 },
		).settled;
		expect(outcome.status).toBe('error');
		expect(outcome.waitTill).toBeUndefined();
		expect(
			sandbox
				.acceptedRuns()
				.map(({ input }) => input.prompt)
				.sort(),
		).toEqual(['a', 'b']);
		const again = await host.engine.retry(outcome);
		expect(again.status).toBe('error');
		expect(sandbox.acceptedRuns()).toHaveLength(2);
	}, 20_000);
});

describe('a wait that runs out', () => {
	it('hands on the records of the runs, marked, and never the input', async () => {
		const held = await suspended(
			start({ options: { pollingInterval: 0.02, maximumWait: 3 } }, prompts(2)),
		);
		const left = (held.waitTill()?.getTime() ?? 0) - Date.now();
		expect(left).toBeGreaterThan(170_000);
		expect(left).toBeLessThan(180_000);
		await held.runOut();
		const outcome = await held.ended;
		expect(outcome.status).toBe('success');
		const ids = [runOf('prompt 0'), runOf('prompt 1')];
		expect(outcome.items(AFTER)).toEqual(
			ids.map((id, item) => ({
				json: expect.objectContaining({
					id,
					status: 'queued',
					timed_out: true,
					message: `Runflow did not report the end of the run within 3 minutes [item ${item}]`,
					description: expect.stringContaining(`GET ${sandbox.url}/v1/runs/${id}`) as string,
				}) as IDataObject,
				pairedItem: { item },
			})),
		);
		for (const { json } of outcome.items(AFTER)) expect(json).not.toHaveProperty('prompt');
		expect(sandbox.posts()).toHaveLength(2);
	});

	it('uses the error output where there is one', async () => {
		const held = await suspended(start({}, prompts(2), { onError: 'continueErrorOutput' }));
		await held.runOut();
		const outcome = await held.ended;
		expect(outcome.items(AFTER)).toEqual([]);
		expect(outcome.items(WAN, 1)).toMatchObject(
			prompts(2).map(({ prompt }, item) => ({
				json: {
					error: {
						message: `Runflow did not report the end of the run within 120 minutes [item ${item}]`,
						runId: runOf(prompt),
					},
				},
				pairedItem: { item },
			})),
		);
	});

	it('is refused where no date can be that late', async () => {
		const outcome = await start({ options: { maximumWait: 1e12 } }).settled;
		expect(outcome.error?.message).toMatch(/^Maximum Wait \(Minutes\) must be a number above zero/);
		expect(sandbox.posts()).toEqual([]);
	});

	it('refuses callbacks from then on', async () => {
		const held = await suspended(start());
		const address = host.resumeUrl(held);
		await held.runOut();
		await held.ended;
		const body = { run_id: sandbox.acceptedRuns()[0]?.id ?? '', status: 'succeeded' };
		expect(await send(address, body)).toMatchObject({ status: 409 });
	});
});

describe('an execution that cannot be suspended', () => {
	it('is refused where Runflow could not reach this n8n, before anything is sent', async () => {
		const local = await startWaitingHost({
			runflowApi: {
				apiKey: 'rf_live_x',
				baseUrl: 'https://api.runflow.io',
				organizationId: '',
				callbackSecrets: '',
			},
		});
		const outcome = await local.start(wanWorkflow(edit)).settled;
		await local.close();
		expect(outcome.error?.message).toMatch(
			/^Completion "When Finished, on Callback" needs an n8n that Runflow can reach, and this one calls itself http:\/\/127\.0\.0\.1:\d+ \[item 0\]$/,
		);
		expect(outcome.error?.description).toContain('WEBHOOK_URL');
	});

	it('polls as a tool of an AI agent', async () => {
		sandbox.configure({ manual: false, runDurationMs: 60 });
		const outcome = await start({}, [{}], { type: 'n8n-nodes-runflow.wan27Tool' }).settled;
		expect(outcome.status).toBe('success');
		expect(jsonOf(outcome.items(AFTER))).toMatchObject([{ status: 'succeeded' }]);
		expect(sandbox.posts()[0]?.json).not.toHaveProperty('callback_url');
	});

	it('polls for a run that reports to the execution which is retried', async () => {
		sandbox.addFault({
			kind: 'status',
			status: 402,
			body: { code: 'INSUFFICIENT_CREDIT', message: 'No credit left', errors: null },
			match: { method: 'POST', nth: 2 },
		});
		const failed = await start({}, prompts(2)).settled;
		expect(failed.status).toBe('error');
		const [run] = sandbox.acceptedRuns();
		const retried = host.engine.retry(failed);
		await until(() => sandbox.acceptedRuns().length === 2);
		sandbox.finishRun(run?.id ?? '');
		const outcome = await retried;
		expect(outcome.status).toBe('waiting');
		expect(sandbox.acceptedRuns()).toHaveLength(2);
		const asked = sandbox.requests.filter(({ path }) => path.endsWith(run?.id ?? '-'));
		expect(asked.map(({ method }) => method)).toEqual(['GET', 'GET']);
	}, 15_000);
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

describe('an Idempotency Key of the user’s own, of which Runflow has a run', () => {
	const named = { pollingInterval: 0.02, idempotencyKey: '1001', clientReference: 'order-1001' };

	beforeEach(() => {
		sandbox.configure({ idempotency: 'honoured' });
	});

	/** An execution that n8n has forgotten: its run reports to nobody, and the next one cannot repeat its address. */
	async function forget(options: typeof named): Promise<string> {
		await suspended(start({ options }));
		return runOf('Make it blue');
	}

	it('goes on with that run where it has the same Client Reference, and looks at it itself', async () => {
		const runId = await forget(named);
		const again = start({ options: named });
		await until(() => looks() > 2);
		sandbox.finishRun(runId);
		const outcome = await again.ended;
		expect(jsonOf(outcome.items(AFTER))).toMatchObject([{ id: runId, status: 'succeeded' }]);
		expect(sandbox.acceptedRuns()).toHaveLength(1);
		expect(sandbox.posts('/runs')).toHaveLength(2);
	});

	it.each([
		['without a Client Reference', { ...named, clientReference: '' }],
		['with a Client Reference that changes', { ...named, clientReference: '={{ $execution.id }}' }],
	])('%s says where to look, and starts nothing', async (_which, options) => {
		await forget(options);
		const { error } = await start({ options }).ended;
		expect(error).toMatchObject({ httpCode: '409' });
		expect(error?.description).toContain('Look at Runs in Runflow first');
		expect(sandbox.acceptedRuns()).toHaveLength(1);
	});
});
