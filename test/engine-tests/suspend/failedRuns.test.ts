import { jsonOf } from '../../engine/engine';
import { AFTER, FAILED, WAN } from '../../engine/workflows';
import type { LoggedRequest } from '../../sandbox';
import { until } from '../../until';
import {
	host,
	readOf,
	prompts,
	runOf,
	sandbox,
	start,
	suspended,
	useScene,
	statusesOf,
} from './scene';

useScene();

describe('a run that fails meanwhile', () => {
	it('leaves through the error output, linked to its item, and the others through the main one', async () => {
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

	it.each([
		['has no setting for errors', {}],
		['stops on errors', { onError: 'stopWorkflow' } as const],
	])('fails the node when it %s, with the ids of the others', async (_what, settings) => {
		const held = await suspended(start({}, prompts(2), settings));
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
		sandbox.addFault({ kind: 'status', status: 500, match: { ...readOf(id), nth: 2 }, times: 3 });
		sandbox.finishRun(id, 'failed');
		const outcome = await held.ended;
		expect(outcome.status).toBe('error');
		expect(outcome.error?.message).toBe('The provider could not read image 1. [item 0]');
		expect(outcome.error?.description).toContain(`Run ID: ${id}`);
		// Nor is it suspended again, until the node calls itself back.
		expect(statusesOf(held)).toEqual([200]);
	});

	it('can be retried: only it is started again, the others are looked up', async () => {
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
		await until(() => sandbox.acceptedRuns().length >= 3);
		await until(() => held.status() === 'waiting');
		sandbox.finishRun(sandbox.acceptedRuns()[2]?.id ?? '');
		await held.ended;
		await sandbox.idle();
		expect(held.status()).toBe('success');
	});

	it('starts no other run under Retry On Fail where the node continues by the older setting', async () => {
		const settings = { continueOnFail: true, retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const held = await suspended(start({}, [{}], settings));
		sandbox.finishRun(runOf('Make it blue'), 'failed');
		await held.ended;
		await sandbox.idle();
		expect(statusesOf(held)).toHaveLength(1);
		expect(held.status()).toBe('success');
		expect(sandbox.posts()).toHaveLength(1);
	});

	it('fails the node when each try of Retry On Fail has had its run, and Retry starts one more', async () => {
		const held = start({}, [{}], { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 });
		for (const count of [1, 2]) {
			await until(() => sandbox.acceptedRuns().length === count && held.status() === 'waiting');
			sandbox.finishRun(sandbox.acceptedRuns()[count - 1]?.id ?? '', 'failed');
		}
		const outcome = await held.ended;
		expect(outcome.status).toBe('error');
		expect(outcome.error?.message).toBe('The provider could not read image 1. [item 0]');
		expect(outcome.error?.description).toContain(`Run ID: ${sandbox.acceptedRuns()[1]?.id}`);
		expect(sandbox.acceptedRuns()).toHaveLength(2);
		sandbox.configure({ manual: false, runDurationMs: 0 });
		const retried = await host.engine.retry(outcome);
		expect(retried.status).toBe('success');
		expect(sandbox.acceptedRuns()).toHaveLength(3);
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

	it('fails the node without a download of the other runs, which n8n would drop', async () => {
		sandbox.configure({
			manual: false,
			runDurationMs: 1,
			outcomeFor: ({ input }) => (input.prompt === 'prompt 1' ? 'failed' : undefined),
		});
		const outcome = await start({ downloadOutputs: true }, prompts(2)).settled;
		expect(outcome.error?.message).toBe('The provider could not read image 1. [item 1]');
		expect(sandbox.requests.filter(({ host: name }) => name === 'storage')).toEqual([]);
	});

	it('fails the node without a download also where it fails while the execution is suspended', async () => {
		const held = await suspended(start({ downloadOutputs: true }, prompts(2)));
		sandbox.finishRun(runOf('prompt 0'));
		sandbox.finishRun(runOf('prompt 1'), 'failed');
		const outcome = await held.ended;
		expect(outcome.error?.message).toBe('The provider could not read image 1. [item 1]');
		expect(sandbox.requests.filter(({ host: name }) => name === 'storage')).toEqual([]);
	});

	it('fails the node without a download also where another item is not even started', async () => {
		sandbox.configure({ manual: false, runDurationMs: 0 });
		const isLast = ({ json }: LoggedRequest) => JSON.stringify(json).includes('prompt 1');
		const match = { method: 'POST', where: isLast };
		sandbox.addFault({ kind: 'status', status: 402, match, times: 2 });
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const outcome = await start({ downloadOutputs: true }, prompts(2), settings).settled;
		expect(outcome.error?.message).toContain('[item 1]');
		// At the second try, the run was found to have ended.
		const { path } = readOf(runOf('prompt 0'));
		expect(sandbox.requests.filter((request) => request.path === path)).toHaveLength(1);
		expect(sandbox.requests.filter(({ host: name }) => name === 'storage')).toEqual([]);
		expect(sandbox.acceptedRuns()).toHaveLength(1);
	});

	it('fails the node at once where Runflow refuses to show the run before the execution is suspended', async () => {
		sandbox.addFault({
			kind: 'status',
			status: 403,
			body: { code: 'FORBIDDEN', message: 'Not allowed', errors: null },
			match: { method: 'GET', path: '/v1/runs/' },
		});
		const outcome = await start().settled;
		expect(outcome.status).toBe('error');
		expect(outcome.error?.message).toBe('Not allowed [item 0]');
		expect(outcome.error?.description).toContain(`Run ID: ${runOf('Make it blue')}`);
		expect(sandbox.posts()).toHaveLength(1);
	});

	it('is output with its status when only some outputs were made', async () => {
		const held = await suspended(start({ numberOfImages: 2 }));
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '', 'partial_succeeded');
		expect(jsonOf((await held.ended).items(AFTER))).toMatchObject([
			{ status: 'partial_succeeded' },
		]);
	});
});
