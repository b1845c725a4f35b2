import type { IDataObject } from 'n8n-workflow';

import { AFTER, WAN } from '../../engine/workflows';
import { host, prompts, runOf, sandbox, send, start, suspended, useScene } from './scene';

useScene();

describe('a wait that runs out', () => {
	it('outputs the records of the runs, marked, and never the input', async () => {
		const held = await suspended(
			start({ options: { pollingInterval: 0.02, maximumWait: 3 } }, prompts(2)),
		);
		const left = (held.waitTill()?.getTime() ?? 0) - Date.now();
		expect(left).toBeGreaterThan(170_000);
		expect(left).toBeLessThanOrEqual(180_000);
		const { origin } = new URL(host.resumeUrl(held));
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
					message: `The wait ended before Runflow reported the end of the run [item ${item}]`,
					description: expect.stringContaining(`(Run → Get) and this Run ID`) as string,
				}) as IDataObject,
				pairedItem: { item },
			})),
		);
		for (const { json } of outcome.items(AFTER)) {
			expect(json).not.toHaveProperty('prompt');
			expect(json.description).toContain(`Check that Runflow can reach this n8n at ${origin} and`);
		}
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
						message: `The wait ended before Runflow reported the end of the run [item ${item}]`,
						runId: runOf(prompt),
					},
				},
				pairedItem: { item },
			})),
		);
	});

	it.each([
		['outputs a run that had ended before', { includeInputFields: true }, false],
		['fails an item whose files are not downloaded', {}, true],
		['fails an item whose outputs are not items yet', { splitOutputs: true }, false],
	])('%s, and sends each error to the error output', async (_what, options, downloadOutputs) => {
		sandbox.configure({
			manual: false,
			runDurationMs: ({ input }) => (input.prompt === 'late' ? 60_000 : 0),
			outcomeFor: ({ input }) => (input.prompt === 'bad' ? 'failed' : undefined),
		});
		const items = ['good', 'bad', '', 'late'].map((prompt) => ({ prompt }));
		const settings = { onError: 'continueErrorOutput' } as const;
		const held = await suspended(start({ options, downloadOutputs }, items, settings));
		await held.runOut();
		const outcome = await held.ended;
		const isOutput = 'includeInputFields' in options;
		expect(outcome.items(WAN).map(({ json }) => [json.id, json.status, json.prompt])).toEqual(
			isOutput ? [[runOf('good'), 'succeeded', 'good']] : [],
		);
		const errors = outcome.items(WAN, 1).map(({ json }) => json.error as IDataObject);
		const notDownloaded = 'The run has finished, but its outputs were not downloaded [item 0]';
		expect(errors.map(({ message, runId }) => [message, runId])).toEqual([
			...(isOutput ? [] : [[notDownloaded, runOf('good')]]),
			['The provider could not read image 1. [item 1]', runOf('bad')],
			['Prompt is empty [item 2]', null],
			['The wait ended before Runflow reported the end of the run [item 3]', runOf('late')],
		]);
		expect(sandbox.posts()).toHaveLength(3);
	});

	it('says so too where the execution was stopped while it waited and then retried, and how to get the result', async () => {
		const stopped = await (await suspended(start())).settled;
		const [run] = sandbox.acceptedRuns();
		sandbox.finishRun(run?.id ?? '');
		const outcome = await host.engine.retry(stopped);
		expect(outcome.status).toBe('success');
		const [item] = outcome.items(AFTER);
		expect(item?.json).toMatchObject({
			id: run?.id,
			timed_out: true,
			message: 'The wait ended before Runflow reported the end of the run [item 0]',
		});
		expect(item?.json.description).toMatch(
			/^Either 120 minutes have passed, or the execution was stopped while it waited and then retried\.\n/,
		);
		expect(item?.json.description).toContain(`Run ID: ${run?.id ?? ''}`);
		expect(sandbox.posts()).toHaveLength(1);
	});

	it.each([0, '0', '={{ 0 }}'])(
		'lasts the default 120 minutes when it is set to %j',
		async (zero) => {
			const held = await suspended(start({ options: { maximumWait: zero } }));
			const left = (held.waitTill()?.getTime() ?? 0) - Date.now();
			expect(left).toBeGreaterThan(119 * 60_000);
			expect(left).toBeLessThanOrEqual(120 * 60_000);
			await held.runOut();
			await held.ended;
		},
	);

	it('is refused where no date can be that late', async () => {
		const outcome = await start({ options: { maximumWait: 1e12 } }).settled;
		expect(outcome.error?.message).toMatch(
			/^Maximum Wait \(Minutes\) must be a number from 0 to 525600/,
		);
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
