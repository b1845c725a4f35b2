import type { IDataObject, INodeParameters, IRunExecutionData } from 'n8n-workflow';

import { setTimeout as wait } from 'node:timers/promises';

import type { Outcome } from '../../engine/engine';
import { binary, images, sources, WAN, type NodeSettings } from '../../engine/workflows';
import type { Fault } from '../../sandbox';
import { gradientPng } from '../../sandbox/media/png';
import { createEdit } from '../../sandbox/testClient';
import { until } from '../../until';
import { useBench } from './context';

const bench = useBench();

// A request that got no answer is looked for four times, after 15 s the last time.
jest.setTimeout(60_000);

const CREATE = { method: 'POST', path: '/runs' };
const LIST = { method: 'GET', path: /^\/v1\/runs$/ };

const parameters: INodeParameters = {
	operation: 'proEdit',
	prompt: '={{ $json.prompt }}',
	images: images('https://example.com/1.png'),
	options: { pollingInterval: 0.02 },
};
const three: IDataObject[] = [{ prompt: 'a' }, { prompt: 'b' }, { prompt: 'c' }];
const retry: NodeSettings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

/** The prompts of the runs that were accepted, so are paid for if they succeed. */
function paid(): unknown[] {
	return bench.sandbox.acceptedRuns().map(({ input }) => input.prompt);
}

function posts(): number {
	return bench.sandbox.posts('/runs').length;
}

describe('Retry On Fail', () => {
	it('starts no run again that it has started: 3 items, 1 refused by Runflow, 3 tries', async () => {
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 429, times: 1 });
		const outcome = await bench.run(parameters, three, retry);
		expect(outcome.error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'b', 'c']);
		expect(posts()).toBe(4);
		expect(outcome.items(WAN).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});

	it('sends the others once, also when one is refused at every try', async () => {
		const items = [{ prompt: 'a' }, { prompt: 'b', more: '{"unheard_of": 1}' }, { prompt: 'c' }];
		const outcome = await bench.run(
			{
				...parameters,
				options: { pollingInterval: 0.02, additionalInput: '={{ $json.more }}' },
			},
			items,
			retry,
		);
		expect(outcome.error).toMatchObject({ httpCode: '422' });
		expect(paid().sort()).toEqual(['a', 'c']);
		expect(posts()).toBe(2 + 3);
	});

	it('starts another run for one that failed, which is free, under another key', async () => {
		let failed = 0;
		bench.sandbox.configure({
			idempotency: 'honoured',
			outcomeFor: () => (failed++ === 0 ? 'failed' : 'succeeded'),
		});
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error).toBeUndefined();
		expect(paid()).toEqual(['a', 'a']);
		const keys = bench.sandbox.posts('/runs').map(({ headers }) => headers['idempotency-key']);
		expect(new Set(keys).size).toBe(2);
	});

	it('starts no other run for one that somebody has cancelled, unless the execution is retried', async () => {
		let cancelled = 0;
		bench.sandbox.configure({
			outcomeFor: () => (cancelled++ === 0 ? 'canceled' : 'succeeded'),
		});
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error?.message).toBe('The run was cancelled [item 0]');
		expect(paid()).toEqual(['a']);

		const retried = await bench.engine.retry(outcome);
		expect(retried.error).toBeUndefined();
		expect(paid()).toEqual(['a', 'a']);
		const keys = bench.sandbox.posts('/runs').map(({ headers }) => headers['idempotency-key']);
		expect(new Set(keys).size).toBe(2);
	});

	it('waits on for a run whose wait ran out', async () => {
		bench.sandbox.configure({ manual: true });
		const waiting = bench.run(
			{ ...parameters, options: { pollingInterval: 0.02, maximumWait: 0.005 } },
			[{ prompt: 'a' }],
			{ ...retry, maxTries: 5 },
		);
		// A wait of 0.3 s has room for six looks at the most, so the eighth is of a later try; each has two at least.
		await until(() => bench.sandbox.requests.filter(({ method }) => method === 'GET').length >= 8);
		const [run] = bench.sandbox.acceptedRuns();
		bench.sandbox.finishRun(run?.id ?? '');
		const outcome = await waiting;
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN)[0]?.json).toMatchObject({ id: run?.id, status: 'succeeded' });
		expect(posts()).toBe(1);
	});
});

it('takes no run of an earlier execution for its own where a key of the node’s is refused', async () => {
	const named = { ...parameters, options: { pollingInterval: 0.02, clientReference: 'order-1' } };
	const first = await bench.run(named, [{ prompt: 'a' }]);
	expect(first.error).toBeUndefined();
	bench.sandbox.addFault({ match: CREATE, kind: 'status', status: 409 });
	const second = await bench.run(named, [{ prompt: 'a' }]);
	expect(second.error).toMatchObject({ httpCode: '409' });
	expect(paid()).toEqual(['a']);
});

describe('Retry On Fail while an earlier try', () => {
	it('is still being answered: takes its run over', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'slow', overMs: 2500 });
		const readable = Date.now() + 700;
		const outcome = await bench.run(
			{
				...parameters,
				prompt: `={{ $itemIndex === 1 && $now.toMillis() < ${readable} ? $('Nowhere').item.json.x : $json.prompt }}`,
				requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 20 } } },
			},
			three.slice(0, 2),
			{ ...retry, waitBetweenTries: 1000 },
		);
		expect(outcome.error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'b']);
		expect(posts()).toBe(2);
		// Where an older n8n tells the earlier try nothing of the end, it looks once more, and sees its run's.
		await wait(300);
	});

	it('has started a run that Runflow does not show yet: waits for it', async () => {
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 429 });
		bench.sandbox.addFault({
			match: { method: 'GET', path: /\/runs\/[^/]+$/ },
			kind: 'status',
			status: 404,
		});
		// Without an interval of its own it looks late enough for the other item to be refused before.
		const outcome = await bench.run({ ...parameters, options: {} }, three.slice(0, 2), retry);
		expect(outcome.error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'b']);
		expect(bench.sandbox.requests.filter(({ status }) => status === 404)).toHaveLength(1);
	});
});

describe('a start without an answer', () => {
	it.each(['ignored', 'honoured'] as const)(
		'finds the run that came of it (idempotency keys %s)',
		async (idempotency) => {
			bench.sandbox.configure({ idempotency });
			bench.sandbox.addFault({ match: CREATE, kind: 'reset-after', times: 3 });
			const outcome = await bench.run(parameters, three);
			expect(outcome.error).toBeUndefined();
			expect(posts()).toBe(3);
			expect(outcome.items(WAN).map(({ json }) => json.id)).toEqual(
				three.map(
					({ prompt }) =>
						bench.sandbox.acceptedRuns().find(({ input }) => input.prompt === prompt)?.id,
				),
			);
		},
	);

	it.each(['cut-body', 'empty', 'wrong-json', 'html'] as const)(
		'finds the run behind an answer that is %s',
		async (kind) => {
			bench.sandbox.addFault({ match: CREATE, kind, ...(kind === 'html' ? { acts: true } : {}) });
			const outcome = await bench.run(parameters, [{ prompt: 'a' }]);
			expect(outcome.error).toBeUndefined();
			expect(posts()).toBe(1);
		},
	);

	it('gives twins a run each', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after', times: 2 });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }, { prompt: 'a' }]);
		expect(new Set(outcome.items(WAN).map(({ json }) => json.id)).size).toBe(2);
		expect(posts()).toBe(2);
	});

	it('says so where no run came of it, and is sent again at the next try', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-before' });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error).toBeUndefined();
		expect(paid()).toEqual(['a']);
		expect(posts()).toBe(2);
	});

	it('tells that it was not started where Runflow does not list it', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-before' });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }]);
		expect(outcome.error?.message).toBe('Runflow did not answer [item 0]');
		expect(outcome.error?.description).toContain('so it was not started');
	});

	it('is not sent again while it is not known whether a run came of it', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 500, times: Infinity });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error?.description).toContain('not known whether the run was started');
		expect(posts()).toBe(1);
	});

	it('is not sent again where the last look does not come: what those before have shown was too early', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-before' });
		bench.sandbox.addFault({ match: { ...LIST, nth: 4 }, kind: 'status', status: 503 });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }]);
		expect(outcome.error?.description).toContain('not known whether the run was started');
		expect(posts()).toBe(1);
	});

	it('is not sent again where the list has entries that cannot be read', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		bench.sandbox.addFault({
			match: LIST,
			kind: 'wrong-json',
			body: { items: [null, 1, [], { id: 7, input: {} }] },
			times: Infinity,
		});
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error?.description).toContain('not known whether the run was started');
		expect(posts()).toBe(1);
	});

	it('is not taken for a run of the same prompt that somebody else has started', async () => {
		await createEdit(bench.sandbox, { prompt: 'a', num_images: 2 });
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-before' });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error?.description).toContain('not known whether the run was started');
		expect(posts()).toBe(2);
	});

	it('is not taken for one of two runs alike, of which one is somebody else’s', async () => {
		await createEdit(bench.sandbox, {
			prompt: 'a',
			image_urls: ['https://example.com/1.png'],
			num_images: 1,
		});
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }]);
		expect(outcome.error?.description).toContain('not known whether the run was started');
	});

	it('is not taken for the same run of an execution before it', async () => {
		const first = await bench.run(parameters, [{ prompt: 'a' }]);
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		const second = await bench.run(parameters, [{ prompt: 'a' }]);
		expect(second.error).toBeUndefined();
		expect(second.items(WAN)[0]?.json.id).not.toBe(first.items(WAN)[0]?.json.id);
		expect(posts()).toBe(2);
	});

	it('gives two executions that ask for the same a run each', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after', times: 2 });
		const both = await Promise.all([
			bench.run(parameters, [{ prompt: 'a' }]),
			bench.run(parameters, [{ prompt: 'a' }]),
		]);
		const ids = both.map((outcome) => outcome.items(WAN)[0]?.json.id);
		expect(new Set(ids)).toEqual(new Set(bench.sandbox.acceptedRuns().map(({ id }) => id)));
		expect(posts()).toBe(2);
	});

	it('waits for a twin whose answer is slow, and leaves it its run', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'slow', overMs: 1500 });
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'reset-after' });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }, { prompt: 'a' }]);
		expect(outcome.error).toBeUndefined();
		expect(new Set(outcome.items(WAN).map(({ json }) => json.id)).size).toBe(2);
		expect(posts()).toBe(2);
	});

	it('is looked for where its answer drips on beyond the Timeout that the user has set', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'slow', overMs: 60_000 });
		const requestOptions = { timeout: 1000 };
		const outcome = await bench.run({ ...parameters, requestOptions }, [{ prompt: 'a' }]);
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN).map(({ json }) => json.id)).toEqual([
			bench.sandbox.acceptedRuns()[0]?.id,
		]);
		expect(posts()).toBe(1);
		expect(bench.sandbox.requests.filter(({ path }) => path === '/v1/runs')).toHaveLength(1);
	});

	it('is not taken for the run that failed at the try before', async () => {
		let runs = 0;
		bench.sandbox.configure({ outcomeFor: () => (runs++ === 0 ? 'failed' : 'succeeded') });
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'reset-after' });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error).toBeUndefined();
		expect(posts()).toBe(2);
	});

	it('is found among many newer ones', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		const many = Array.from({ length: 150 }, (_, index) => ({ prompt: `p${index}` }));
		const outcome = await bench.run({ ...parameters, completion: 'immediately' }, many);
		expect(outcome.error).toBeUndefined();
		expect(posts()).toBe(150);
	});

	it('is not sent again where Runflow starts the run after a gateway has given up on it', async () => {
		const looks = () =>
			bench.sandbox.requests.filter(
				({ method, path, status }) => method === 'GET' && path === '/v1/runs' && status !== null,
			).length;
		bench.sandbox.addFault({ match: CREATE, kind: 'html', status: 504 });
		const going = bench.run(parameters, [{ prompt: 'a' }], { ...retry, maxTries: 2 });
		await until(() => looks() === 3);
		// What Runflow was still at.
		await createEdit(bench.sandbox, {
			prompt: 'a',
			image_urls: ['https://example.com/1.png'],
			num_images: 1,
		});
		const outcome = await going;
		expect(paid()).toEqual(['a']);
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN)[0]?.json.id).toBe(bench.sandbox.acceptedRuns()[0]?.id);
	});

	it('is looked for together with all others that are', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after', times: 30 });
		// Long enough for many answers to be lost during one look, however slow the machine is.
		bench.sandbox.addFault({
			match: { method: 'GET', path: '/v1/runs' },
			kind: 'slow',
			overMs: 1_000,
			times: Infinity,
		});
		const many = Array.from({ length: 30 }, (_, index) => ({ prompt: `p${index}` }));
		const outcome = await bench.run({ ...parameters, completion: 'immediately' }, many);
		expect(outcome.error).toBeUndefined();
		expect(posts()).toBe(30);
		const lists = bench.sandbox.requests.filter(
			({ method, path }) => method === 'GET' && path === '/v1/runs',
		);
		// Their answers are lost one after the other; each look is for all that are.
		expect(lists.length).toBeLessThanOrEqual(15);
	});

	it.each([408, 500, 502, 503, 504])('behind a gateway’s %d is looked for', async (status) => {
		bench.sandbox.addFault({ match: CREATE, kind: 'html', status, acts: true });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error).toBeUndefined();
		expect(posts()).toBe(1);
	});
});

describe('as a tool of an AI agent', () => {
	const TOOL: NodeSettings = { type: 'n8n-nodes-runflow.wan27Tool' };

	it('looks up at the next try what it has asked for, whatever run of the node that is', async () => {
		bench.sandbox.configure({ manual: true });
		const waiting = bench.run(
			{ ...parameters, options: { pollingInterval: 0.02, maximumWait: 0.005 } },
			[{ prompt: 'a' }],
			{ ...TOOL, ...retry, maxTries: 5 },
		);
		await until(() => bench.sandbox.requests.filter(({ method }) => method === 'GET').length >= 8);
		bench.sandbox.finishRun(bench.sandbox.acceptedRuns()[0]?.id ?? '');
		expect((await waiting).error).toBeUndefined();
		expect(posts()).toBe(1);
	});
});

describe('a start in doubt that a retried execution finds', () => {
	const lists = () =>
		bench.sandbox.requests.filter(({ method, path }) => method === 'GET' && path === '/v1/runs');

	/** An execution whose only start got no answer, and for which the list could not be read. */
	async function inDoubt(fault: Fault): Promise<Outcome> {
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 403 });
		bench.sandbox.addFault({ match: CREATE, ...fault });
		const failed = await bench.run({ ...parameters, completion: 'immediately' }, [{ prompt: 'a' }]);
		expect(failed.error?.description).toContain('not known whether the run was started');
		expect(bench.sandbox.acceptedRuns()).toEqual([]);
		return failed;
	}

	/** The same, as it is so much later (ms); with the files that were uploaded for it. */
	function later(failed: Outcome, by: number, files = 0): Outcome {
		let found = 0;
		const data = failed.stored.data.replace(
			/"(since|settledAt|at)":(\d+)/g,
			(_text, name: string, at: string) => {
				found += 1;
				return `"${name}":${Number(at) - by}`;
			},
		);
		expect(found).toBe(1 + files + (failed.stored.data.includes('"settledAt"') ? 1 : 0));
		return { ...failed, stored: { ...failed.stored, data } };
	}

	it.each<[string, Fault, number]>([
		['a minute is over, where a gateway had given up on it', { kind: 'html', status: 504 }, 57_000],
		[
			'every server of Runflow has to show it, where its connection broke off',
			{ kind: 'reset-before' },
			12_000,
		],
	])('is looked for until %s', async (_when, fault, by) => {
		const failed = await inDoubt(fault);
		const before = lists().length;
		const retried = bench.engine.retry(later(failed, by));
		await until(() => lists().length > before);
		// What Runflow was still at, or what another server has known all the time.
		await createEdit(bench.sandbox, {
			prompt: 'a',
			image_urls: ['https://example.com/1.png'],
			num_images: 1,
		});
		const outcome = await retried;
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN)[0]?.json.id).toBe(bench.sandbox.acceptedRuns()[0]?.id);
		expect(paid()).toEqual(['a']);
		expect(lists()).toHaveLength(before + 2);
	});

	describe('with a file that was uploaded for it longer ago than files are used again for', () => {
		const uploads = () => bench.sandbox.uploads().length;
		const HOURS = 2 * 60 * 60_000;

		async function inDoubtWithFile(fault: Fault): Promise<Outcome> {
			bench.sandbox.addFault({ match: LIST, kind: 'status', status: 403 });
			bench.sandbox.addFault({ match: CREATE, ...fault });
			const file = { base64: gradientPng(32, 24, 1).toString('base64'), mimeType: 'image/png' };
			const failed = await bench.run(
				{ ...parameters, images: sources(binary('data')), completion: 'immediately' },
				[{ prompt: 'a' }],
				{},
				[{ data: { ...file, fileName: '1.png' } }],
			);
			expect(failed.error?.description).toContain('not known whether the run was started');
			expect(uploads()).toBe(1);
			return later(failed, HOURS, 1);
		}

		it('is found by it', async () => {
			// By the sandbox's clock the run is as young as before.
			const failed = await inDoubtWithFile({ kind: 'reset-after' });
			const outcome = await bench.engine.retry(failed);
			expect(outcome.error).toBeUndefined();
			expect(outcome.items(WAN)[0]?.json.id).toBe(bench.sandbox.acceptedRuns()[0]?.id);
			expect([posts(), uploads()]).toEqual([1, 1]);
		});

		it('is not sent with it, but with a new one at the next try', async () => {
			const failed = await inDoubtWithFile({ kind: 'reset-before' });
			const outcome = await bench.engine.retry(failed);
			expect(outcome.error?.message).toBe('No run of an earlier try was found [item 0]');
			expect(outcome.error?.description).toContain('so it was not started. Run the item again.');
			expect([posts(), uploads()]).toEqual([1, 1]);
			const last = await bench.engine.retry(outcome);
			expect(last.error).toBeUndefined();
			expect([posts(), uploads()]).toEqual([2, 2]);
		});
	});

	it.each<[string, Fault, number]>([
		['that minute is over', { kind: 'html', status: 504 }, 60_000],
		['its connection broke off a while ago', { kind: 'reset-before' }, 15_000],
	])('is sent again after one look, where %s', async (_why, fault, by) => {
		const failed = await inDoubt(fault);
		const before = lists().length;
		const outcome = await bench.engine.retry(later(failed, by));
		expect(outcome.error).toBeUndefined();
		expect(lists()).toHaveLength(before + 1);
		expect(paid()).toEqual(['a']);
		expect(posts()).toBe(2);
	});
});

describe('an error among several items', () => {
	it('lists the runs that the other items have started', async () => {
		const items = [{ prompt: 'a' }, { prompt: 'b', more: '{"unheard_of": 1}' }, { prompt: 'c' }];
		const outcome = await bench.run(
			{
				...parameters,
				completion: 'immediately',
				options: { additionalInput: '={{ $json.more }}' },
			},
			items,
		);
		const [a, c] = ['a', 'c'].map(
			(prompt) => bench.sandbox.acceptedRuns().find(({ input }) => input.prompt === prompt)?.id,
		);
		expect(outcome.error).toMatchObject({
			httpCode: '422',
			context: { itemIndex: 1, startedRuns: { 0: a, 2: c } },
		});
		expect(outcome.error?.description).toContain(`• item 0: ${a}\n• item 2: ${c}`);
	});

	it('tells of another item that it is not known whether its run was started', async () => {
		const of = (prompt: string) => ({
			...CREATE,
			where: ({ json }: { json: unknown }) =>
				(json as { input: { prompt: string } }).input.prompt === prompt,
		});
		bench.sandbox.addFault({ match: of('a'), kind: 'status', status: 402 });
		bench.sandbox.addFault({ match: of('b'), kind: 'reset-after' });
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 403 });
		const outcome = await bench.run({ ...parameters, completion: 'immediately' }, three);
		const c = bench.sandbox.acceptedRuns().find(({ input }) => input.prompt === 'c')?.id;
		expect(outcome.error?.message).toContain('[item 0]');
		expect(outcome.error?.description).toContain(
			`• item 1: not known whether it was started, look at Runs in Runflow\n• item 2: ${c}`,
		);
		expect(outcome.error).toMatchObject({ context: { startedRuns: { 2: c } } });
	});

	it('lets a retried execution look them up', async () => {
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 402 });
		const failed = await bench.run(parameters, three);
		expect(failed.error).toMatchObject({ httpCode: '402' });
		expect(paid()).toHaveLength(2);

		const retried = await bench.engine.retry(failed);
		expect(retried.error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'b', 'c']);
		expect(retried.items(WAN).map(({ json, pairedItem }) => [json.status, pairedItem])).toEqual([
			['succeeded', { item: 0 }],
			['succeeded', { item: 1 }],
			['succeeded', { item: 2 }],
		]);
	});

	it('are named by a retried execution that cannot look them up, where it does not wait for them', async () => {
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 402 });
		const failed = await bench.run({ ...parameters, completion: 'immediately' }, three.slice(0, 2));
		const [run] = bench.sandbox.acceptedRuns();
		const match = { method: 'GET', path: `/v1/runs/${run?.id}` };
		bench.sandbox.addFault({ match, kind: 'reset-before' });
		const retried = await bench.engine.retry(failed);
		expect(retried.error).toMatchObject({
			message: 'Runflow did not answer [item 0]',
			context: { runId: run?.id, itemIndex: 0 },
		});
		expect(paid().sort()).toEqual(['a', 'b']);
	});

	it('keeps them over a retried execution that is refused', async () => {
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 402 });
		const named = (clientReference: string) => ({
			options: { pollingInterval: 0.02, clientReference },
		});
		const failed = await bench.run({ ...parameters, ...named('a') }, three.slice(0, 2));
		expect(paid()).toEqual(['a']);

		const again = async (outcome: typeof failed, words: string) => {
			const { workflow } = outcome.stored;
			const nodes = workflow.nodes.map((node) =>
				node.name === WAN ? { ...node, parameters: { ...node.parameters, ...named(words) } } : node,
			);
			const data = JSON.parse(outcome.stored.data) as IRunExecutionData;
			for (const { node } of data.executionData?.nodeExecutionStack ?? []) {
				if (node.name === WAN) Object.assign(node.parameters, named(words));
			}
			const stored = { workflow: { ...workflow, nodes }, data: JSON.stringify(data) };
			return await bench.engine.retry({ ...outcome, stored });
		};
		const refused = await again(failed, 'x'.repeat(300));
		expect(refused.error?.message).toContain('Client Reference has 300 characters');
		const done = await again(refused, 'a');
		expect(done.error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'b']);
	});

	it('lets a retried execution look them up, also where what goes with the input has changed', async () => {
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 402 });
		const failed = await bench.run(
			{
				...parameters,
				options: { pollingInterval: 0.02, metadataJson: '={{ { execution: $execution.id } }}' },
			},
			three,
		);
		expect((await bench.engine.retry(failed)).error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'b', 'c']);
	});

	it('does not send a start in doubt again for a second retry of the execution', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 403 });
		const failed = await bench.run(parameters, [{ prompt: 'a' }]);
		expect(failed.error).toBeDefined();
		const retried = await bench.engine.retry(failed);
		expect(retried.error).toBeUndefined();
		const again = await bench.engine.retry(failed);
		expect(again.error?.description).toContain('not known whether the run was started');
		expect(paid()).toEqual(['a']);
	});

	it('does not send a start in doubt again where its prompt is another one at each try', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 403 });
		const outcome = await bench.run(
			{ ...parameters, prompt: '={{ "cat " + Math.random() }}' },
			[{}],
			retry,
		);
		expect(outcome.error?.description).toContain('not known whether the run was started');
		expect(posts()).toBe(1);
	});

	it('lists nothing where the node continues, since nothing is lost', async () => {
		const items = [{ prompt: 'a' }, { prompt: 'b', more: '{"unheard_of": 1}' }];
		const outcome = await bench.run(
			{
				...parameters,
				completion: 'immediately',
				options: { additionalInput: '={{ $json.more }}' },
			},
			items,
			{ onError: 'continueErrorOutput' },
		);
		expect(JSON.stringify(outcome.items(WAN, 1))).not.toContain('other items');
	});

	it('lists the runs of the others beside a refused item, where they go in batches', async () => {
		const outcome = await bench.run(
			{
				...parameters,
				completion: 'immediately',
				requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 20 } } },
			},
			[{ prompt: '' }, { prompt: 'b' }],
		);
		expect(outcome.error?.message).toBe('Prompt is empty [item 0]');
		expect(outcome.error?.description).toContain(`item 1: ${bench.sandbox.acceptedRuns()[0]?.id}`);
	});
});
