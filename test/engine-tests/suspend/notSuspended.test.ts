import { jsonOf, setLimits } from '../../engine/engine';
import { startWaitingHost } from '../../engine/waiting';
import { AFTER, wanWorkflow } from '../../engine/workflows';
import type { LoggedRequest } from '../../sandbox';
import { until } from '../../until';
import {
	countListRequests,
	countReads,
	edit,
	host,
	prompts,
	READ_LIST,
	readOf,
	runOf,
	sandbox,
	start,
	suspended,
	useScene,
} from './scene';

useScene();

/** Has Runflow refuse the next start of the second of two items. */
function refuseSecondStart(): void {
	const where = ({ json }: LoggedRequest) => JSON.stringify(json).includes('prompt 1');
	sandbox.addFault({ kind: 'status', status: 402, match: { method: 'POST', where } });
}

/** The execution fails for its second item. Retried, it polls for the run of the first one until that has ended. */
async function expectFirstPolledAtRetry(): Promise<void> {
	const failed = await start({}, prompts(2)).settled;
	expect(failed.status).toBe('error');
	const held = host.retry(failed);
	const { path } = readOf(runOf('prompt 0'));
	// An execution that waits for a callback is suspended after two.
	await until(() => sandbox.requests.filter((request) => request.path === path).length >= 3);
	expect(held.status()).toBe('running');
	sandbox.finishRun(runOf('prompt 0'));
	await suspended(held);
	sandbox.finishRun(runOf('prompt 1'));
	const outcome = await held.ended;
	expect(outcome.items(AFTER).map(({ json }) => [json.id, json.status])).toEqual(
		prompts(2).map(({ prompt }) => [runOf(prompt), 'succeeded']),
	);
	expect(sandbox.acceptedRuns()).toHaveLength(2);
}

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
			/^Completion "When Finished, on Callback" needs an n8n that Runflow can reach, but the address of this one is http:\/\/127\.0\.0\.1:\d+ \[item 0\]$/,
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

	it.each([
		['one item', 1],
		['several items', 3],
	])('polls in a sub-workflow, for %s', async (_title, count) => {
		sandbox.configure({ manual: false, runDurationMs: 60 });
		const workflow = wanWorkflow(edit, prompts(count));
		const outcome = await host.engine.run(workflow, { mode: 'integrated' });
		expect(outcome.status).toBe('success');
		expect(outcome.items(AFTER).map(({ json, pairedItem }) => [json.status, pairedItem])).toEqual(
			prompts(count).map((_prompt, item) => ['succeeded', { item }]),
		);
		const bodies = sandbox.posts().map(({ json }) => json);
		expect(bodies).toHaveLength(count);
		for (const body of bodies) expect(body).not.toHaveProperty('callback_url');
	});

	it('polls for a run that reports to the execution which is retried', async () => {
		sandbox.addFault({
			kind: 'status',
			status: 402,
			body: { code: 'INSUFFICIENT_CREDIT', message: 'No credit left', errors: null },
			match: { method: 'POST', nth: 2 },
		});
		// The second read comes more than a second after the first, once the run has ended.
		const failed = await start({ options: { pollingInterval: 2 } }, prompts(2)).settled;
		expect(failed.status).toBe('error');
		const [run] = sandbox.acceptedRuns();
		const retried = host.engine.retry(failed);
		await until(() => sandbox.acceptedRuns().length >= 2);
		sandbox.finishRun(run?.id ?? '');
		const outcome = await retried;
		expect(outcome.status).toBe('waiting');
		expect(sandbox.acceptedRuns()).toHaveLength(2);
		const reads = sandbox.requests.filter(({ path }) => path.endsWith(run?.id ?? '-'));
		expect(reads.map(({ method }) => method)).toEqual(['GET', 'GET']);
	});

	it('polls for such a run until it has ended, and only then waits for the others', async () => {
		refuseSecondStart();
		await expectFirstPolledAtRetry();
	});
});

describe('a run that Runflow does not show at first when the node is tried again', () => {
	beforeEach(() => {
		refuseSecondStart();
		sandbox.addFault({ kind: 'status', status: 500, match: { method: 'GET', path: '/v1/runs/' } });
	});

	it('is polled in another execution, which it does not report to', async () => {
		await expectFirstPolledAtRetry();
	});

	it('is not polled in the same execution: its callback is awaited', async () => {
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const held = start({}, prompts(2), settings);
		await until(() => held.status() === 'waiting');
		// The one that failed, and one of each run right before the execution is suspended.
		expect(countReads()).toBe(3);
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(outcome.items(AFTER).map(({ json }) => [json.id, json.status])).toEqual(
			prompts(2).map(({ prompt }) => [runOf(prompt), 'succeeded']),
		);
		expect(sandbox.acceptedRuns()).toHaveLength(2);
	});
});

describe('a run that is found in the list only at the next try', () => {
	beforeAll(() => {
		setLimits(host.engine, { runShown: 1500 });
	});

	it('is not polled: it reports to the same execution', async () => {
		let isListed = false;
		sandbox.addFault({ kind: 'reset-after', match: { method: 'POST' } });
		sandbox.addFault({
			kind: 'status',
			status: 500,
			match: { ...READ_LIST, where: () => !isListed },
			times: Infinity,
		});
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1000 };
		const held = start({}, [{}], settings);
		// So often the first try looks for it.
		await until(() => countListRequests() >= 4);
		isListed = true;
		await until(() => held.status() === 'waiting');
		expect(countReads()).toBe(1);
		sandbox.finishRun(runOf('Make it blue'));
		const outcome = await held.ended;
		expect(outcome.items(AFTER).map(({ json }) => [json.id, json.status])).toEqual([
			[runOf('Make it blue'), 'succeeded'],
		]);
		expect(sandbox.posts()).toHaveLength(1);
	});
});
