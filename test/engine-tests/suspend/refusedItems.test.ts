import { jsonOf } from '../../engine/engine';
import { AFTER, WAN } from '../../engine/workflows';
import type { LoggedRequest } from '../../sandbox';
import { until } from '../../until';
import { host, prompts, readOf, runOf, sandbox, start, suspended, useScene } from './scene';

useScene();

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
		await until(() => sandbox.acceptedRuns().length >= 1);
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

	it('does not lose the run of another item that n8n cannot read at the next try', async () => {
		sandbox.configure({
			manual: false,
			runDurationMs: ({ input }) => (input.prompt === 'prompt 1' ? 0 : 60_000),
		});
		const isFirst = ({ json }: LoggedRequest) => JSON.stringify(json).includes('prompt 0');
		sandbox.addFault({ kind: 'status', status: 402, match: { method: 'POST', where: isFirst } });
		// The node keeps there what it has started.
		const hasRun = '$node["Wan 2.7"].context.startedRuns?.["0.1"]?.runId';
		const held = start(
			{ prompt: `={{ $itemIndex === 1 && ${hasRun} ? $("Nowhere").item.json.x : $json.prompt }}` },
			prompts(2),
			{ onError: 'continueErrorOutput', retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		);
		await until(() => sandbox.acceptedRuns().length >= 2);
		await suspended(held);
		// At the first try alone.
		const { path } = readOf(runOf('prompt 1'));
		expect(sandbox.requests.filter((request) => request.path === path)).toHaveLength(1);
		sandbox.finishRun(runOf('prompt 0'));
		const outcome = await held.ended;
		expect(outcome.items(WAN).map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
			prompts(2).map(({ prompt }, item) => [runOf(prompt), { item }]),
		);
		expect(outcome.items(WAN, 1)).toEqual([]);
		expect(sandbox.acceptedRuns()).toHaveLength(2);
	});

	it('suspends no item where the node does not continue', async () => {
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

	it('are never mixed up over the tries where n8n cannot read one of them, nor downloaded', async () => {
		sandbox.configure({ manual: false, runDurationMs: 0 });
		const batch = { batchSize: 1, batchInterval: 100 };
		const outcome = await start(
			{
				prompt: '={{ $json.bad ? $("Nowhere").item.json.x : $json.prompt }}',
				downloadOutputs: true,
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
		// n8n has given up on the items, though their runs have ended.
		expect(sandbox.requests.filter(({ host: name }) => name === 'storage')).toEqual([]);
	});
});
