import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { jsonOf } from '../../engine/engine';
import { DEFAULT_API_KEY, type AddedRun, type SandboxRun } from '../../sandbox';
import { createVideo, textAt } from '../../sandbox/testClient';
import { byId, NODE, onlyError, RUNFLOW_TOOL, useRunflow, WITH_ERROR_OUTPUT } from './scene';

const bench = useRunflow();
jest.setTimeout(30_000);

/** Get with the id of the item, without downloads unless the test is about them. */
const get: INodeParameters = {
	resource: 'run',
	operation: 'get',
	runId: byId('={{ $json.id }}'),
	downloadOutputs: false,
};

function addRun(run: AddedRun = {}): SandboxRun {
	const [added] = bench.sandbox.addRuns(1, () => run);
	if (added === undefined) throw new Error('No run was added');
	return added;
}

function filesOf({ binary = {} }: INodeExecutionData): string[] {
	return Object.keys(binary);
}

it('gets each run as a linked item, simplified', async () => {
	const run = addRun({ clientRef: 'order-1', metadata: { order: 1 } });
	const other = addRun();
	const outcome = await bench.run(get, [{ id: run.id }, { id: ` ${other.id}\n` }]);
	const [first, second] = outcome.items(NODE);
	expect(first).toEqual({
		json: {
			id: run.id,
			status: 'succeeded',
			outputs: [expect.objectContaining({ type: 'image' })],
			seed: run.seed,
			nsfw_detected: false,
			cost: 0.075,
			duration_ms: 300,
			created_at: expect.any(String) as unknown,
			completed_at: expect.any(String) as unknown,
			metadata: { order: 1 },
			client_ref: 'order-1',
		},
		pairedItem: { item: 0 },
	});
	expect(second).toMatchObject({
		json: { id: other.id, client_ref: null },
		pairedItem: { item: 1 },
	});
	expect(bench.sandbox.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
		`GET /v1/runs/${run.id}`,
		`GET /v1/runs/${other.id}`,
	]);
});

it.each(['"', '“'])('takes the ID out of quotes and a sentence: %s', async (quote) => {
	const { id } = addRun();
	const end = quote === '“' ? '”' : quote;
	const items = [{ id: `${quote}${id}${end}.` }, { id: ` ${quote}${id}.${end}\u200b` }];
	const outcome = await bench.run(get, items);
	expect(jsonOf(outcome.items(NODE))).toMatchObject([{ id }, { id }]);
});

it('gets all that Runflow says with Simplify off, but not the token of a callback address', async () => {
	const callbackUrl = 'https://n8n.example.com/webhook-waiting/1?signature=secret';
	const run = addRun({ callbackUrl });
	const outcome = await bench.run({ ...get, simplify: false }, [{ id: run.id }]);
	expect(outcome.items(NODE)[0]?.json).toMatchObject({
		id: run.id,
		status_code: 'succeeded',
		callback_url: 'https://n8n.example.com/webhook-waiting/1',
	});
});

it('downloads the outputs by default, one file a field', async () => {
	const run = addRun({ input: { prompt: 'a', num_images: 3 } });
	const outcome = await bench.run({ ...get, downloadOutputs: true }, [{ id: run.id }]);
	const [item] = outcome.items(NODE);
	expect(item && filesOf(item)).toEqual(['data', 'data_1', 'data_2']);
	const usual = { resource: 'run', operation: 'get', runId: byId(run.id) };
	expect((await bench.run(usual)).items(NODE)[0]?.binary).toBeDefined();
});

it('makes an item per output, each with its file in the same field', async () => {
	const run = addRun({ input: { prompt: 'a', num_images: 2 } });
	const options = { splitOutputs: true, outputPropertyName: 'picture' };
	for (const simplify of [true, false]) {
		const parameters = { ...get, downloadOutputs: true, simplify, options };
		const items = (
			await bench.run(parameters, [{}, { id: run.id }], { onError: 'continueRegularOutput' })
		).items(NODE);
		const made = items.slice(1);
		expect(made.map(filesOf)).toEqual([['picture'], ['picture']]);
		expect(made.map(({ json }) => json.output_item)).toEqual([
			expect.objectContaining({ type: 'image' }),
			expect.objectContaining({ type: 'image' }),
		]);
		expect(made.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 1 }]);
		expect(new Set(made.map(({ binary }) => binary?.picture?.fileName)).size).toBe(2);
	}
});

it('gives one item with output_item null where a run has no outputs yet', async () => {
	bench.sandbox.configure({ manual: true });
	const id = textAt((await createVideo(bench.sandbox)).json, 'id');
	const options = { splitOutputs: true };
	const outcome = await bench.run({ ...get, options }, [{ id }]);
	expect(jsonOf(outcome.items(NODE))).toEqual([
		expect.objectContaining({ id, status: 'queued', outputs: [], output_item: null }),
	]);
});

it('returns new links, so that an old run still has its files', async () => {
	bench.sandbox.configure({ outputUrlTtlMs: 1 });
	const run = addRun();
	await new Promise((resolve) => setTimeout(resolve, 5));
	bench.sandbox.configure({ outputUrlTtlMs: 60_000 });
	const outcome = await bench.run({ ...get, downloadOutputs: true }, [{ id: run.id }]);
	expect(outcome.error).toBeUndefined();
	expect(outcome.items(NODE).map(filesOf)).toEqual([['data']]);
});

it('downloads nothing as the tool of an agent', async () => {
	const run = addRun();
	const parameters = { ...get, downloadOutputs: true };
	const outcome = await bench.run(parameters, [{ id: run.id }], RUNFLOW_TOOL);
	expect(outcome.items(NODE).map(filesOf)).toEqual([[]]);
	expect(bench.sandbox.requests).toHaveLength(1);
});

it.each(['failed', 'canceled'] as const)(
	'gets a %s run with its status, without an error',
	async (end) => {
		const run = addRun({ outcome: end });
		const outcome = await bench.run({ ...get, downloadOutputs: true }, [{ id: run.id }]);
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(NODE)[0]?.json).toMatchObject(
			end === 'failed'
				? {
						status: 'failed',
						outputs: [],
						failure_message: 'The provider could not read image 1.',
						failure_code: 'INPUT_VALIDATION_FAILED',
					}
				: { status: 'cancelled', failure_message: null },
		);
	},
);

it.each(['outputs', 'image_urls', 'image', 'url', 'output_url', 'images', 'comfy'] as const)(
	'gets the output in the shape %s',
	async (outputShape) => {
		bench.sandbox.configure({ outputShape, idKey: 'run_id', statusKey: 'status' });
		const run = addRun();
		const outcome = await bench.run(get, [{ id: run.id }]);
		expect(outcome.items(NODE)[0]?.json).toMatchObject({
			id: run.id,
			status: 'succeeded',
			outputs: [{ url: expect.stringContaining('http') as unknown }],
		});
	},
);

describe('Wait Until Finished', () => {
	const waiting: INodeParameters = {
		...get,
		options: { waitUntilFinished: true, pollingInterval: 0.02 },
	};

	it('waits for the end, and then downloads', async () => {
		bench.sandbox.configure({ runDurationMs: 60 });
		const ids = [];
		for (let count = 0; count < 5; count++) {
			ids.push({ id: textAt((await createVideo(bench.sandbox)).json, 'id') });
		}
		const outcome = await bench.run({ ...waiting, downloadOutputs: true }, ids);
		expect(outcome.error).toBeUndefined();
		const items = outcome.items(NODE);
		expect(items.map(({ json }) => json.status)).toEqual(Array(5).fill('succeeded'));
		expect(items.map(filesOf)).toEqual(Array(5).fill(['data']));
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(ids.map((_, item) => ({ item })));
	});

	it('fails for a run that fails, with the reason and the id', async () => {
		const run = addRun({ outcome: 'failed' });
		const outcome = await bench.run(waiting, [{}, { id: run.id }].slice(1), WITH_ERROR_OUTPUT);
		const error = onlyError(outcome);
		expect(error).toMatchObject({ runId: run.id, code: 'INPUT_VALIDATION_FAILED' });
		expect(error.message).toBe('The provider could not read image 1. [item 0]');
		expect(error.description).toContain('Start another run');
		expect(outcome.items(NODE)).toEqual([]);
	});

	it('says how to continue when the time is over', async () => {
		bench.sandbox.configure({ manual: true });
		const id = textAt((await createVideo(bench.sandbox)).json, 'id');
		const options = { waitUntilFinished: true, pollingInterval: 0.01, maximumWait: 0.001 };
		const outcome = await bench.run({ ...get, options }, [{ id }]);
		expect(outcome.error?.message).toBe('The run is not finished after 0.001 minutes [item 0]');
		expect(outcome.error?.description).toContain(`Run ID: ${id}`);
	});
});

describe('what cannot be read', () => {
	it('is an error of its item, which names the id', async () => {
		const run = addRun();
		const outcome = await bench.run(get, [{ id: run.id }, { id: 'nothing' }], WITH_ERROR_OUTPUT);
		expect(outcome.items(NODE)).toHaveLength(1);
		const error = onlyError(outcome);
		expect(error).toMatchObject({ httpCode: '404', code: 'RUN_NOT_FOUND' });
		expect(error.description).toContain('Runflow has no run with the ID nothing');
		expect(outcome.items(NODE, 1)[0]?.pairedItem).toEqual({ item: 1 });
	});

	it.each([
		['={{ $json.nothing }}', 'The expression for Run found nothing [item 0]'],
		['={{ null }}', 'The expression for Run found nothing [item 0]'],
		['a/b', 'Run must be the ID of a run, but is "a/b" [item 0]'],
		['..', 'Run must be the ID of a run, but is ".." [item 0]'],
		['Run ID: 1', 'Run must be the ID of a run, but is "Run ID: 1" [item 0]'],
		['={{ [1] }}', 'Run must be the ID of a run, but is [1] [item 0]'],
	])('refuses the id %j before anything is sent', async (id, message) => {
		const outcome = await bench.run({ ...get, runId: byId(id) });
		expect(outcome.error?.message).toBe(message);
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('names the scope that the API key lacks', async () => {
		const key = { key: DEFAULT_API_KEY, scopes: ['runs:create'], email: 'a@example.com' };
		bench.sandbox.configure({ keys: [key] });
		const outcome = await bench.run(get, [{ id: 'a' }]);
		expect(outcome.error?.description).toContain('The API key lacks the scope runs:read');
	});

	it.each([
		['Download Outputs', { downloadOutputs: 'perhaps' }],
		['Simplify', { simplify: 'perhaps' }],
		['Wait Until Finished', { options: { waitUntilFinished: 'perhaps' } }],
		['One Item per Output', { options: { splitOutputs: 2 } }],
		['Maximum Wait (Minutes)', { options: { waitUntilFinished: true, maximumWait: 'long' } }],
		['Polling Interval (Seconds)', { options: { waitUntilFinished: true, pollingInterval: -1 } }],
	])('refuses an invalid value of %s', async (name, wrong) => {
		const outcome = await bench.run({ ...get, ...wrong }, [{ id: addRun().id }]);
		expect(outcome.error?.message).toContain(`${name} must be`);
		expect(bench.sandbox.requests).toEqual([]);
	});
});
