import { setLimits } from '../../engine/engine';
import { WAN, type NodeSettings } from '../../engine/workflows';
import { until } from '../../until';
import {
	bench,
	CREATE,
	INPUT,
	OLDER,
	paid,
	parameters,
	posts,
	retry,
	runTwice,
	secondUnreadable,
	three,
} from './scene';

describe('Retry On Fail', () => {
	it('starts each run once: 3 items, 1 refused by Runflow, 3 tries', async () => {
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

	it('starts no other run for one that was cancelled, unless the execution is retried', async () => {
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

	it('continues to wait for a run whose wait ran out', async () => {
		bench.sandbox.configure({ manual: true });
		const waiting = bench.run(
			{ ...parameters, options: { pollingInterval: 0.02, maximumWait: 0.005 } },
			[{ prompt: 'a' }],
			{ ...retry, maxTries: 5 },
		);
		// A wait of 0.3 s fits at most six reads, so the eighth is of a later try; each has two at least.
		await until(() => bench.sandbox.requests.filter(({ method }) => method === 'GET').length >= 8);
		const [run] = bench.sandbox.acceptedRuns();
		bench.sandbox.finishRun(run?.id ?? '');
		const outcome = await waiting;
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN)[0]?.json).toMatchObject({ id: run?.id, status: 'succeeded' });
		expect(posts()).toBe(1);
	});
});

it('does not take a run of an earlier execution when a key of the node is refused', async () => {
	const named = { ...parameters, options: { pollingInterval: 0.02, clientReference: 'order-1' } };
	const createdAtMs = Date.now() - OLDER;
	bench.sandbox.addRuns(1, () => ({ clientRef: 'order-1', input: INPUT, createdAtMs }));
	bench.sandbox.addFault({ match: CREATE, kind: 'status', status: 409 });
	const outcome = await bench.run(named, [{ prompt: 'a' }]);
	expect(outcome.error).toMatchObject({ httpCode: '409' });
	expect(paid()).toEqual(['a']);
});

describe('Retry On Fail while an earlier try', () => {
	// An answer takes longer than the short limit of the other tests.
	beforeAll(() => {
		setLimits(bench.engine, { runShown: 15_000 });
	});
	afterAll(() => {
		setLimits(bench.engine, { runShown: 1500 });
	});

	it('is still being answered: takes its run over', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'slow', overMs: 2500 });
		const outcome = await runTwice({ ...parameters, ...secondUnreadable }, 1000);
		expect(outcome.error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'b']);
		expect(posts()).toBe(2);
		// The earlier try still gets its answer.
		await until(() => bench.sandbox.requests.every(({ status }) => status !== null));
	});

	it('has started a run that Runflow does not show yet: waits for it', async () => {
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 429 });
		bench.sandbox.addFault({
			match: { method: 'GET', path: /\/runs\/[^/]+$/ },
			kind: 'status',
			status: 404,
		});
		// With the default interval it reads late enough for the other item to be refused before.
		const outcome = await bench.run({ ...parameters, options: {} }, three.slice(0, 2), retry);
		expect(outcome.error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'b']);
		expect(bench.sandbox.requests.filter(({ status }) => status === 404)).toHaveLength(1);
	});
});

describe('as a tool of an AI agent', () => {
	const TOOL: NodeSettings = { type: 'n8n-nodes-runflow.wan27Tool' };

	it('looks up at the next try what it has started, in any run of the node', async () => {
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
