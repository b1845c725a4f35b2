import { setTimeout as wait } from 'node:timers/promises';

import { jsonOf } from '../../engine/engine';
import { startWaitingHost } from '../../engine/waiting';
import { AFTER, WAN, wanWorkflow } from '../../engine/workflows';
import { until } from '../../until';
import {
	edit,
	endUnreported,
	host,
	readOf,
	prompts,
	runOf,
	sandbox,
	SECRET,
	send,
	start,
	suspended,
	useScene,
} from './scene';

useScene();

describe('an API that is slow to show what it reports', () => {
	it('is read again and again for one callback, though Runflow gives up', async () => {
		const held = await suspended(start());
		const read = readOf(sandbox.acceptedRuns()[0]?.id);
		// Three callbacks; each tries three times.
		sandbox.addFault({ kind: 'status', status: 502, match: read, times: 9 });
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '');
		const outcome = await held.ended;
		expect(jsonOf(outcome.items(AFTER))).toMatchObject([{ status: 'succeeded' }]);
	});

	it('is waited for even if n8n cannot reach its own address: the execution resumes', async () => {
		sandbox.configure({ callbackHosts: [] });
		const other = await startWaitingHost({
			runflowApi: {
				apiKey: sandbox.apiKey,
				baseUrl: sandbox.url,
				organizationId: '',
				callbackSecrets: SECRET,
			},
		});
		const held = await suspended(other.start(wanWorkflow(edit)));
		const runId = runOf('Make it blue');
		sandbox.finishRun(runId);
		sandbox.addFault({ kind: 'status', status: 502, match: readOf(runId), times: 3 });
		const body = { event: 'run.completed', run_id: runId, status: 'succeeded' };
		expect(await send(other.resumeUrl(held), body)).toMatchObject({ status: 503 });
		await other.close();
		await until(() => held.status() !== 'waiting');
		expect(jsonOf((await held.ended).items(AFTER))).toMatchObject([
			{ id: runId, status: 'succeeded' },
		]);
		expect(sandbox.posts()).toHaveLength(1);
	});

	it('is not read any more once another callback was taken, however far the execution is then', async () => {
		const workflow = wanWorkflow(edit, prompts(2));
		workflow.nodes.push({ ...workflow.nodes[1], id: 'second', name: 'Second' } as never);
		const to = (node: string) => [[{ node, type: 'main' as const, index: 0 }]];
		workflow.connections[WAN] = { main: to('Second') };
		workflow.connections.Second = { main: to(AFTER) };
		const held = await suspended(host.start(workflow));
		const { a, b, report } = endUnreported(held);
		sandbox.addFault({ kind: 'status', status: 502, match: { path: `/v1/runs/${a}` }, times: 3 });
		expect(await report(b)).toMatchObject({ status: 503 });
		// It reads again after one to one and a half seconds.
		expect(await report(a)).toMatchObject({ status: 200 });
		await until(() => sandbox.acceptedRuns().length >= 4);
		await until(() => held.status() === 'waiting');
		await wait(1600);
		expect(sandbox.acceptedRuns()).toHaveLength(4);
		expect(held.status()).toBe('waiting');
	});

	it('keeps every run under a rate limit', async () => {
		const held = await suspended(start({}, prompts(40), { onError: 'continueErrorOutput' }));
		sandbox.configure({ rateLimit: { perSecond: 20, retryAfter: false } });
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(outcome.items(AFTER)).toHaveLength(40);
	});

	it('is read for the first callback with what is needed', async () => {
		const held = await suspended(start({}, prompts(2)));
		const { a, b, report } = endUnreported(held);
		sandbox.addFault({ kind: 'status', status: 502, match: { path: `/v1/runs/${a}` }, times: 4 });
		expect(await report(b)).toMatchObject({ status: 503 });
		expect(await report(a)).toMatchObject({ status: 200 });
		expect(jsonOf((await held.ended).items(AFTER)).map(({ id }) => id)).toEqual([a, b]);
	});
});
