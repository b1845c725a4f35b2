import type { IDataObject, INodeParameters, IRunExecutionData } from 'n8n-workflow';

import { setTimeout as wait } from 'node:timers/promises';

import type { StartRecord } from '../../../nodes/shared/run/start/startLedger';
import { images, url, WAN, wanWorkflow } from '../../engine/workflows';
import type { Fault } from '../../sandbox';
import { letArrive, until } from '../../until';
import { useBench } from '../context';

const bench = useBench();

const LIST = '/v1/runs';
const READ_LIST = { method: 'GET', path: /^\/v1\/runs$/ };

const edit: INodeParameters = {
	operation: 'proEdit',
	prompt: '={{ $json.prompt }}',
	images: images('https://example.com/1.png'),
	options: { pollingInterval: 0.1 },
};

/** The list is read every 2 s, but an item reads its own run after 12 s, so that a busy machine has time to read the list. */
const listed: INodeParameters = { ...edit, options: { pollingInterval: 5 } };

function prompts(count: number): { prompt: string }[] {
	return Array.from({ length: count }, (_, index) => ({ prompt: `prompt ${index}` }));
}

/** Counts the requests for the list, and those for single runs. */
function countReads(): { list: number; single: number } {
	const paths = bench.sandbox.requests.flatMap(({ method, path }) =>
		method === 'GET' ? [path] : [],
	);
	const list = paths.filter((path) => path === LIST).length;
	return { list, single: paths.length - list };
}

/** What was asked of the list: how many runs, and when (ms since 1970). */
function listReads(): { limit: string | undefined; at: number }[] {
	return bench.sandbox.requests.flatMap(({ path, query, at }) =>
		path === LIST ? [{ limit: query.limit, at }] : [],
	);
}

/** Milliseconds from the first read of the list to the second. */
function firstGap(): number {
	const [first, second] = listReads();
	return (second?.at ?? 0) - (first?.at ?? 0);
}

/** Waits until so many runs were started and read. A read of an earlier test may still come in between. */
async function untilListed(runs: number): Promise<void> {
	await until(() => bench.sandbox.acceptedRuns().length >= runs);
	const before = countReads().list;
	await until(() => countReads().list >= before + 2);
}

/** The id of the run that was started with a prompt. */
function runOf(prompt: string): string {
	return bench.sandbox.acceptedRuns().find(({ input }) => input.prompt === prompt)?.id ?? '';
}

function inOrder(items: { prompt: string }[]): unknown[] {
	return items.map(({ prompt }, item) => [runOf(prompt), 'succeeded', { item }]);
}

function shown(items: { json: IDataObject; pairedItem?: unknown }[]): unknown[] {
	return items.map(({ json, pairedItem }) => [json.id, json.status, pairedItem]);
}

it('reads four items or more only in the list, and outputs them in order', async () => {
	bench.sandbox.configure({ manual: true });
	const going = bench.run(listed, prompts(6));
	await untilListed(6);
	for (const { prompt } of prompts(6).reverse()) bench.sandbox.finishRun(runOf(prompt));
	const outcome = await going;
	expect(shown(outcome.items(WAN))).toEqual(inOrder(prompts(6)));
	expect(outcome.items(WAN)[0]?.json.outputs).toHaveLength(1);
	expect(bench.sandbox.posts()).toHaveLength(6);
	expect(countReads().single).toBe(0);
	const [sent] = bench.sandbox.requests.flatMap(({ path, query }) =>
		path === LIST ? [query] : [],
	);
	expect(sent).toEqual({ limit: '56', sort_by: 'created_at:desc' });
});

it('reads three items one by one', async () => {
	const outcome = await bench.run(edit, prompts(3));
	expect(shown(outcome.items(WAN))).toEqual(inOrder(prompts(3)));
	expect(countReads()).toEqual({ list: 0, single: 3 });
});

it('continues with only the list after a read without an answer', async () => {
	bench.sandbox.configure({ manual: true });
	bench.sandbox.addFault({ kind: 'reset-before', match: READ_LIST });
	const going = bench.run({ ...edit, options: { pollingInterval: 3 } }, prompts(4));
	await untilListed(4);
	for (const { prompt } of prompts(4)) bench.sandbox.finishRun(runOf(prompt));
	expect(shown((await going).items(WAN))).toEqual(inOrder(prompts(4)));
	expect(countReads().single).toBe(0);
	// It reads no larger part, and not as soon as after a list that shows a run.
	expect(new Set(listReads().map(({ limit }) => limit))).toEqual(new Set(['54']));
	expect(firstGap()).toBeGreaterThanOrEqual(2500);
});

it('has each item read its own run immediately once the list is refused', async () => {
	bench.sandbox.configure({ manual: true });
	bench.sandbox.addFault({ kind: 'status', status: 403, match: READ_LIST, times: Infinity });
	// While the list shows its run, an item leaves it to the list for three times that long.
	const going = bench.run({ ...edit, options: { pollingInterval: 60 } }, prompts(4));
	await until(() => bench.sandbox.acceptedRuns().length >= 4);
	for (const { prompt } of prompts(4)) bench.sandbox.finishRun(runOf(prompt));
	expect(shown((await going).items(WAN))).toEqual(inOrder(prompts(4)));
	expect(countReads()).toEqual({ list: 1, single: 4 });
});

it('reads no run more than once before the time that the list asks for by Retry-After', async () => {
	const headers = { 'retry-after': '2' };
	bench.sandbox.addFault({ kind: 'status', status: 429, headers, match: READ_LIST });
	bench.sandbox.configure({ manual: true });
	const going = bench.run(edit, prompts(4));
	await until(() => listReads().length >= 2);
	expect(firstGap()).toBeGreaterThanOrEqual(1990);
	const refused = listReads()[0]?.at ?? 0;
	const between = bench.sandbox.requests.filter(
		({ at, path }) => path !== LIST && at > refused && at < refused + 1990,
	);
	// The items whose time was nearly up when the list was refused.
	expect(between.length).toBeLessThanOrEqual(4);
	for (const { id } of bench.sandbox.acceptedRuns()) bench.sandbox.finishRun(id);
	expect(shown((await going).items(WAN))).toEqual(inOrder(prompts(4)));
	await letArrive(); // a list request that was under way
});

it('reads the list each second once a run has succeeded', async () => {
	bench.sandbox.configure({ manual: true });
	const timeouts = jest.spyOn(AbortSignal, 'timeout');
	const video = { operation: 'imageToVideo', image: url('https://example.com/1.png') };
	const going = bench.run({ ...edit, ...video, options: {} }, prompts(4));
	await until(() => bench.sandbox.acceptedRuns().length >= 4);
	bench.sandbox.finishRun(runOf('prompt 0'));
	await until(() => listReads().length >= 2);
	for (const { prompt } of prompts(4).slice(1)) bench.sandbox.finishRun(runOf(prompt));
	expect(shown((await going).items(WAN))).toEqual(inOrder(prompts(4)));
	// As the node sets them, since a busy machine adds to them. Longer times are those of requests.
	const pauses = timeouts.mock.calls.flat().filter((ms) => ms > 500 && ms < 10_000);
	// Otherwise the second pause would be 5 seconds, 15% more or less.
	expect(pauses[1]).toBeLessThanOrEqual(1150);
	timeouts.mockRestore();
});

it('reads the largest part of the list once, and then permanently the smallest, where no run is found', async () => {
	bench.sandbox.configure({ manual: true });
	bench.sandbox.addFault({
		kind: 'wrong-json',
		body: { items: [] },
		match: READ_LIST,
		times: Infinity,
	});
	const going = bench.run(edit, prompts(4));
	await until(() => listReads().length >= 10);
	for (const { prompt } of prompts(4)) bench.sandbox.finishRun(runOf(prompt));
	expect(shown((await going).items(WAN))).toEqual(inOrder(prompts(4)));
	const limits = listReads().map(({ limit }) => Number(limit));
	// 500 is the most of one page: of 864 runs, of 1728, and of 2000.
	expect(limits.slice(0, 10)).toEqual([54, 108, 216, 432, 500, 500, 500, 54, 54, 54]);
	await letArrive(); // a list request that was under way
});

it('continues with the list until the last one has ended', async () => {
	bench.sandbox.configure({ manual: true });
	const going = bench.run({ ...edit, options: { pollingInterval: 3 } }, prompts(4));
	await until(() => bench.sandbox.acceptedRuns().length >= 4);
	for (const { prompt } of prompts(3)) bench.sandbox.finishRun(runOf(prompt));
	const before = countReads().list;
	await until(() => countReads().list >= before + 2);
	bench.sandbox.finishRun(runOf('prompt 3'));
	const outcome = await going;
	expect(shown(outcome.items(WAN))).toEqual(inOrder(prompts(4)));
	expect(countReads().single).toBe(0);
	const after = countReads();
	await wait(1300); // more than one interval, which is at most 1150 ms here
	expect(countReads()).toEqual(after);
});

it.each([['next' as const], ['next_pq' as const]])(
	'reads as many pages as the runs may fill, spelled %s',
	async (pagingSpelling) => {
		bench.sandbox.configure({ pagingSpelling });
		// Three times that long an item leaves it to the list, so that a busy machine has time to read it.
		const options = { pollingInterval: 4 };
		const outcome = await bench.run({ ...edit, options }, prompts(510));
		expect(outcome.items(WAN)).toHaveLength(510);
		expect(shown(outcome.items(WAN))).toEqual(inOrder(prompts(510)));
		expect(countReads().single).toBeLessThan(51);
		const pages = bench.sandbox.requests.filter(({ path }) => path === LIST);
		expect(pages.slice(0, 2).map(({ query }) => [query.limit, query.pq !== undefined])).toEqual([
			['500', false],
			['500', true],
		]);
	},
);

describe('a run that the list does not show in full is read separately', () => {
	it('since it has failed, and the list may lack the reason', async () => {
		bench.sandbox.configure({
			outcomeFor: ({ input }) => (input.prompt === 'prompt 2' ? 'failed' : 'succeeded'),
		});
		const outcome = await bench.run(listed, prompts(5), { onError: 'continueRegularOutput' });
		expect(outcome.items(WAN).map(({ json }) => json.status)).toEqual([
			'succeeded',
			'succeeded',
			undefined,
			'succeeded',
			'succeeded',
		]);
		expect(outcome.items(WAN)[2]?.json.error).toMatchObject({
			message: 'The provider could not read image 1. [item 2]',
			code: 'INPUT_VALIDATION_FAILED',
			runId: runOf('prompt 2'),
		});
		expect(countReads().single).toBe(1);
	});

	const whole: Fault[] = [
		{ kind: 'status', status: 403, body: { code: 'FORBIDDEN', message: 'no', errors: null } },
		{ kind: 'status', status: 404 },
		{ kind: 'status', status: 429, headers: { 'retry-after': '1' } },
		{ kind: 'status', status: 500 },
		{ kind: 'html' },
		{ kind: 'empty' },
		{ kind: 'cut-body' },
		{ kind: 'wrong-json', body: { items: 'none' } },
		{ kind: 'wrong-json', body: { items: [null, 1, [], { id: 7 }] } },
		{ kind: 'wrong-json', body: '{"items": [' },
		{ kind: 'redirect', location: 'http://127.0.0.1:9/' },
		{ kind: 'reset-before' },
	].map((fault) => ({ ...fault, match: READ_LIST, times: Infinity }) as Fault);

	it.each(whole.map((fault) => [JSON.stringify({ ...fault, match: undefined }), fault] as const))(
		'since the list gives %s',
		async (_, fault) => {
			bench.sandbox.addFault(fault);
			const outcome = await bench.run(edit, prompts(4));
			expect(shown(outcome.items(WAN))).toEqual(inOrder(prompts(4)));
			expect(countReads().single).toBe(4);
			expect(bench.sandbox.posts()).toHaveLength(4);
		},
	);

	it.each([
		['no output', {}],
		['an empty output', { output: {}, cost: '0.0750' }],
		['no outputs', { output: { outputs: [] }, cost: '0.0750' }],
		['no cost', { output: { outputs: [{ url: 'https://example.com/1.png' }] } }],
	])('since the list gives %s of it', async (_, record) => {
		bench.sandbox.configure({ manual: true });
		const going = bench.run(listed, prompts(4));
		await untilListed(4);
		const items = bench.sandbox
			.acceptedRuns()
			.map(({ id }) => ({ id, status_code: 'succeeded', ...record }));
		bench.sandbox.addFault({
			kind: 'wrong-json',
			body: { items },
			match: READ_LIST,
			times: Infinity,
		});
		for (const { id } of items) bench.sandbox.finishRun(id);
		const outcome = await going;
		expect(shown(outcome.items(WAN))).toEqual(inOrder(prompts(4)));
		expect(outcome.items(WAN)[3]?.json.outputs).toHaveLength(1);
		expect(countReads().single).toBe(4);
	});

	it('since so many of others are newer: from then on the list is read further', async () => {
		bench.sandbox.configure({ manual: true });
		// The list is read again at the normal interval, not after the maximum of 300 s.
		const going = bench.run({ ...edit, options: { pollingInterval: 300 } }, prompts(4));
		await until(() => bench.sandbox.acceptedRuns().length >= 4);
		const own = bench.sandbox.acceptedRuns().map(({ id }) => id);
		const others = await bench.run(
			{ ...edit, completion: 'immediately' },
			Array.from({ length: 60 }, () => ({ prompt: 'other' })),
		);
		expect(others.items(WAN)).toHaveLength(60);
		const spans = () => listReads().map(({ limit }) => limit);
		await until(() => spans().includes('108'));
		for (const id of own) bench.sandbox.finishRun(id);
		const outcome = await going;
		expect(shown(outcome.items(WAN))).toEqual(inOrder(prompts(4)));
		expect(new Set(spans())).toEqual(new Set(['54', '108']));
	});
});

it('stops reading once Stop is pressed', async () => {
	bench.sandbox.configure({ manual: true });
	const running = bench.engine.start(wanWorkflow(edit, prompts(5)));
	await untilListed(5);
	running.stop();
	expect((await running.outcome).status).toBe('canceled');
	const before = countReads();
	await wait(400); // at least three intervals, which are at most 115 ms here
	expect(countReads()).toEqual(before);
});

it('reads each run separately at the end of the wait, even if the list has shown it', async () => {
	bench.sandbox.configure({ manual: true });
	const options = { pollingInterval: 5, maximumWait: 0.07 };
	const going = bench.run({ ...edit, options }, prompts(4));
	await until(() => bench.sandbox.acceptedRuns().length >= 4);
	const shownRunning = bench.sandbox
		.acceptedRuns()
		.map(({ id }) => ({ id, status_code: 'running' }));
	bench.sandbox.addFault({
		kind: 'wrong-json',
		body: { items: shownRunning },
		match: READ_LIST,
		times: Infinity,
	});
	for (const { id } of shownRunning) bench.sandbox.finishRun(id);
	const outcome = await going;
	expect(shown(outcome.items(WAN))).toEqual(inOrder(prompts(4)));
	expect(countReads().list).toBeGreaterThanOrEqual(1);
	expect(countReads().single).toBe(4);
});

it('is the same for videos', async () => {
	const video = { operation: 'imageToVideo', image: url('https://example.com/1.png') };
	const outcome = await bench.run({ ...listed, ...video }, prompts(4));
	expect(shown(outcome.items(WAN))).toEqual(inOrder(prompts(4)));
	expect(countReads().single).toBe(0);
});

it('starts nothing that the stored execution does not know of, where n8n cannot read an item of a later batch', async () => {
	const outcome = await bench.run(
		{
			...edit,
			completion: 'immediately',
			prompt: "={{ $itemIndex < 300 ? $json.prompt : $('Nowhere').item.json.prompt }}",
			requestOptions: { batching: { batch: { batchSize: 300, batchInterval: 1 } } },
		},
		[...prompts(300), {}],
	);
	expect(outcome.status).toBe('error');
	const { executionData } = JSON.parse(outcome.stored.data) as IRunExecutionData;
	const kept = executionData?.contextData[`node:${WAN}`]?.startedRuns as Record<
		string,
		StartRecord
	>;
	const known = Object.values(kept).filter(
		({ runId, unconfirmed }) => runId !== undefined || unconfirmed !== undefined,
	);
	expect(known).toHaveLength(300);
	await until(() => bench.sandbox.posts('/runs').length >= 300);
});
