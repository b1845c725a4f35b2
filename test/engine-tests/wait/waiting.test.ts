import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { setTimeout as wait } from 'node:timers/promises';

import { jsonOf } from '../../engine/engine';
import { MADE_REFERENCE, images, url, WAN, wanWorkflow } from '../../engine/workflows';
import type { Fault } from '../../sandbox';
import { letArrive, until } from '../../until';
import { useBench } from '../context';

const bench = useBench();

const READ = { method: 'GET', path: /^\/v1\/runs\/[^/]+$/ };

const edit: INodeParameters = {
	operation: 'proEdit',
	prompt: '={{ $json.prompt ?? "Make it blue" }}',
	images: images('https://example.com/1.png'),
	options: { pollingInterval: 0.02 },
};

function countReads(): number {
	return bench.sandbox.requests.filter(({ method }) => method === 'GET').length;
}

/** The id of the only run there is. */
function runId(): string {
	const runs = bench.sandbox.acceptedRuns();
	expect(runs).toHaveLength(1);
	return runs[0]?.id ?? '';
}

describe('the item', () => {
	it('is the finished run by default, in ten fields', async () => {
		bench.sandbox.configure({ manual: true });
		const going = bench.run({
			...edit,
			numberOfImages: 2,
			options: {
				pollingInterval: 0.02,
				seed: 7,
				metadata: { entry: [{ name: 'order', value: '1001' }] },
			},
		});
		await until(() => countReads() >= 2);
		bench.sandbox.finishRun(runId());
		const outcome = await going;
		const artifact = {
			url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/outputs\//) as string,
			type: 'image',
			width: 1024,
			height: 1024,
		};
		expect(outcome.items(WAN)).toEqual([
			{
				json: {
					id: runId(),
					status: 'succeeded',
					outputs: [artifact, artifact],
					seed: 7,
					nsfw_detected: false,
					cost: 0.15,
					duration_ms: expect.any(Number) as number,
					created_at: expect.stringMatching(/^20.*\+00:00$/) as string,
					completed_at: expect.stringMatching(/^20.*\+00:00$/) as string,
					metadata: { order: '1001' },
					client_ref: expect.stringMatching(MADE_REFERENCE) as string,
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(bench.sandbox.posts()).toHaveLength(1);
	});

	it('is a video with its length for Image to Video', async () => {
		const outcome = await bench.run({
			operation: 'imageToVideo',
			image: url('https://example.com/1.png'),
			options: { pollingInterval: 0.02 },
		});
		expect(outcome.items(WAN)[0]?.json.outputs).toEqual([
			{ url: expect.any(String) as string, type: 'video', width: 1920, height: 1080, duration: 5 },
		]);
	});

	it('is everything that Runflow returns when it is not simplified', async () => {
		const outcome = await bench.run({ ...edit, simplify: false });
		const answer = await fetch(`${bench.sandbox.url}/v1/runs/${runId()}`, {
			headers: { authorization: `Bearer ${bench.sandbox.apiKey}` },
		});
		const { output, ...record } = (await answer.json()) as IDataObject;
		expect(outcome.items(WAN)[0]?.json).toEqual({ ...record, output: expect.anything() as object });
		expect(record).toMatchObject({ status_code: 'succeeded' });
		expect(output).toMatchObject({ outputs: [{ type: 'image' }] });
	});

	it('is the queued run immediately when the node does not wait', async () => {
		bench.sandbox.configure({ manual: true });
		const outcome = await bench.run({ ...edit, completion: 'immediately' });
		expect(jsonOf(outcome.items(WAN))).toEqual([
			{
				id: runId(),
				status: 'queued',
				outputs: [],
				seed: null,
				nsfw_detected: null,
				cost: null,
				duration_ms: null,
				created_at: expect.any(String) as string,
				completed_at: null,
				metadata: null,
				client_ref: expect.stringMatching(MADE_REFERENCE) as string,
			},
		]);
		expect(countReads()).toBe(0);
	});

	it.each(['polling', 'immediately'])(
		'keeps the fields of its input item on request, except what the run has too (%s)',
		async (completion) => {
			const parameters = { ...edit, completion, options: { includeInputFields: true } };
			const [item] = (
				await bench.run(parameters, [{ order: 1001, status: 'new', error: 'none' }])
			).items(WAN);
			const status = completion === 'polling' ? 'succeeded' : 'queued';
			expect(item?.json).toMatchObject({ order: 1001, id: runId(), status });
			// n8n 1 takes any item with an `error` for a failed one.
			expect(item?.json).not.toHaveProperty('error');
		},
	);

	it('keeps the order of the items, whichever run ends first', async () => {
		bench.sandbox.configure({
			runDurationMs: ({ input }) => (['0', '1'].includes(input.prompt as string) ? 120 : 0),
		});
		const outcome = await bench.run(
			{ ...edit, options: { pollingInterval: 0.02, clientReference: '={{ $json.prompt }}' } },
			[{ prompt: '0' }, { prompt: '1' }, { prompt: '2' }],
		);
		const byPrompt = new Map(
			bench.sandbox.acceptedRuns().map(({ id, input }) => [input.prompt, id]),
		);
		expect(outcome.items(WAN).map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
			[byPrompt.get('0'), { item: 0 }],
			[byPrompt.get('1'), { item: 1 }],
			[byPrompt.get('2'), { item: 2 }],
		]);
	});

	it('of a partial success comes through, flagged by its status', async () => {
		bench.sandbox.configure({ outcome: 'partial_succeeded' });
		const outcome = await bench.run({ ...edit, numberOfImages: 2 });
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN)[0]?.json).toMatchObject({ status: 'partial_succeeded' });
	});
});

describe('a run without a result', () => {
	it.each(['codes', 'stage', 'error'] as const)(
		'that failed is an error with what Runflow says of it (spelled %s)',
		async (failureSpelling) => {
			bench.sandbox.configure({ outcome: 'failed', failureSpelling });
			const outcome = await bench.run(edit);
			expect(outcome.error?.name).toBe('NodeApiError');
			expect(outcome.error?.message).toBe('The provider could not read image 1. [item 0]');
			expect(outcome.error?.description).toContain('does not charge for failed runs');
			expect(outcome.error?.description).toContain('Code: INPUT_VALIDATION_FAILED');
			expect(outcome.error?.description).toContain(`Run ID: ${runId()}`);
			expect(outcome.error).toMatchObject({ context: { runId: runId() } });
			expect(bench.sandbox.posts()).toHaveLength(1);
		},
	);

	it.each(['canceled', 'cancelled'] as const)(
		'that was %s is an error',
		async (canceledSpelling) => {
			bench.sandbox.configure({ outcome: 'canceled', canceledSpelling });
			const outcome = await bench.run(edit);
			expect(outcome.error?.message).toBe('The run was cancelled [item 0]');
			expect(outcome.error?.description).toContain(`Run ID: ${runId()}`);
		},
	);

	it('leaves through the error output, linked and with its id', async () => {
		bench.sandbox.configure({
			outcomeFor: ({ input }) => (input.prompt === 'b' ? 'failed' : 'succeeded'),
		});
		const outcome = await bench.run(edit, [{ prompt: 'a' }, { prompt: 'b' }], {
			onError: 'continueErrorOutput',
		});
		const failed = bench.sandbox.acceptedRuns().find(({ input }) => input.prompt === 'b');
		expect(outcome.items(WAN, 0).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }]);
		expect(outcome.items(WAN, 1)).toEqual([
			{
				json: {
					prompt: 'b',
					error: expect.objectContaining({
						message: 'The provider could not read image 1. [item 1]',
						runId: failed?.id,
						code: 'INPUT_VALIDATION_FAILED',
					}) as IDataObject,
				},
				pairedItem: { item: 1 },
			},
		]);
	});
});

describe('while it waits', () => {
	const passing: [string, Fault][] = [
		['429', { match: READ, kind: 'status', status: 429 }],
		['500', { match: READ, kind: 'status', status: 500 }],
		['503', { match: READ, kind: 'status', status: 503 }],
		['a proxy’s page with 502', { match: READ, kind: 'html', status: 502 }],
		['a proxy’s page with 200', { match: READ, kind: 'html', status: 200 }],
		['a closed connection', { match: READ, kind: 'reset-before' }],
		['half an answer', { match: READ, kind: 'cut-body' }],
		['an empty answer', { match: READ, kind: 'empty' }],
		['JSON that is no run', { match: READ, kind: 'wrong-json', body: { status: 'failed' } }],
		['404, of a run that Runflow has just accepted', { match: READ, kind: 'status', status: 404 }],
	];

	it.each(passing)('%s, four times in a row, does not end the wait', async (_case, fault) => {
		bench.sandbox.addFault({ ...fault, times: 4 });
		const outcome = await bench.run(edit);
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN)[0]?.json).toMatchObject({ id: runId(), status: 'succeeded' });
		expect(countReads()).toBe(5);
		expect(bench.sandbox.posts()).toHaveLength(1);
	});

	it.each([400, 401, 403, 422])('%d ends the wait, with the id of the run', async (status) => {
		bench.sandbox.configure({ manual: true });
		bench.sandbox.addFault({
			match: READ,
			kind: 'status',
			status,
			body: { code: 'NO', message: 'Refused', errors: null },
		});
		const outcome = await bench.run(edit);
		expect(outcome.error?.message).toBe('Refused [item 0]');
		expect(outcome.error?.description).toContain(`Run ID: ${runId()}`);
		expect(outcome.error?.description).not.toContain('No run was started');
		expect(outcome.error).toMatchObject({ httpCode: String(status), context: { runId: runId() } });
		expect(countReads()).toBe(1);
	});

	it('waits as long as Retry-After says', async () => {
		bench.sandbox.addFault({
			match: READ,
			kind: 'status',
			status: 429,
			headers: { 'retry-after': '1' },
		});
		const outcome = await bench.run(edit);
		expect(outcome.error).toBeUndefined();
		const [first, second] = bench.sandbox.requests
			.filter(({ method }) => method === 'GET')
			.map(({ at }) => at);
		expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(990);
	});

	it('reads no more often the longer it takes', async () => {
		bench.sandbox.configure({ manual: true });
		const going = bench.run({ ...edit, options: { pollingInterval: 0.2 } });
		await until(() => countReads() >= 5);
		bench.sandbox.finishRun(runId());
		expect((await going).error).toBeUndefined();
		const times = bench.sandbox.requests
			.filter(({ method }) => method === 'GET')
			.map(({ at }) => at);
		const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
		// 15% earlier or later, and a millisecond for the clock.
		expect(Math.min(...gaps)).toBeGreaterThanOrEqual(169);
	});

	it('fails immediately where Runflow no longer has a run that it has shown', async () => {
		bench.sandbox.configure({ manual: true });
		const going = bench.run(edit);
		await until(() =>
			bench.sandbox.requests.some(({ method, status }) => method === 'GET' && status === 200),
		);
		bench.sandbox.addFault({ match: READ, kind: 'status', status: 404, times: Infinity });
		const outcome = await going;
		expect(outcome.error).toMatchObject({ httpCode: '404', context: { runId: runId() } });
		expect(bench.sandbox.requests.filter(({ status }) => status === 404)).toHaveLength(1);
	});

	it('fails after the maximum wait, and says how to get the result', async () => {
		bench.sandbox.configure({ manual: true });
		const outcome = await bench.run({
			...edit,
			options: { pollingInterval: 0.02, maximumWait: 0.002 },
		});
		expect(outcome.error?.message).toBe('The run is not finished after 0.002 minutes [item 0]');
		expect(outcome.error?.description).toContain('choose Retry for this execution');
		expect(outcome.error?.description).toContain(`(Run → Get) with this Run ID`);
		expect(outcome.error?.description).toContain(`\nRun ID: ${runId()}.\n`);
		expect(outcome.error).toMatchObject({ context: { runId: runId() } });
	});

	it('stops reading once Stop is pressed', async () => {
		bench.sandbox.configure({ manual: true });
		const running = bench.engine.start(wanWorkflow(edit));
		await until(() => countReads() >= 2);
		running.stop();
		const outcome = await running.outcome;
		expect(outcome.status).toBe('canceled');
		expect(outcome.error?.description).toContain(`Run ID: ${runId()}`);
		const before = countReads();
		await wait(400); // at least three intervals, which are at most 115 ms here
		expect(countReads()).toBe(before);
	});

	it('stores a stop before the first answer as canceled too', async () => {
		bench.sandbox.addFault({ match: { method: 'POST' }, kind: 'timeout', acts: true });
		const running = bench.engine.start(wanWorkflow(edit));
		await until(() => bench.sandbox.posts().length > 0);
		running.stop();
		const outcome = await running.outcome;
		expect(outcome.status).toBe('canceled');
		expect(outcome.error?.message).toBe('The request was canceled [item 0]');
		expect(outcome.error?.description).toContain('not known whether the run was started');
	});

	describe('in an execution that n8n has ended', () => {
		afterEach(async () => {
			// Where an older n8n does not report the end, polling continues into the next test until the run ends.
			for (const { id } of bench.sandbox.acceptedRuns()) bench.sandbox.finishRun(id);
			await wait(200); // more than one interval
		});

		it('asks no more because n8n could not read another item', async () => {
			bench.sandbox.configure({ manual: true });
			const outcome = await bench.run(
				{
					...edit,
					prompt: '={{ $itemIndex === 0 ? "a" : $("Nowhere").item.json.prompt }}',
					requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 60 } } },
				},
				[{}, {}],
			);
			expect(outcome.status).toBe('error');
			await letArrive(); // a read that was under way
			const before = countReads();
			await wait(400); // at least three intervals, which are at most 115 ms here
			expect(countReads()).toBe(before);
		});

		it('asks no more where the end comes before the start is answered', async () => {
			bench.sandbox.configure({ manual: true, answerDelayMs: 300 });
			const outcome = await bench.run(
				{
					...edit,
					prompt: '={{ $itemIndex === 0 ? "a" : $("Nowhere").item.json.prompt }}',
					requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 60 } } },
				},
				[{}, {}],
			);
			expect(outcome.status).toBe('error');
			await until(() => bench.sandbox.requests.at(-1)?.status === 201);
			await wait(400);
			expect(countReads()).toBe(0);
		});
	});
});
