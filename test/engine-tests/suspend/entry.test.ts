import { jsonOf } from '../../engine/engine';
import { AFTER, FAILED, wanWorkflow } from '../../engine/workflows';
import { signCallback } from '../../sandbox';
import { until } from '../../until';
import {
	edit,
	host,
	countReads,
	open,
	prompts,
	readOf,
	runOf,
	sandbox,
	SECRET,
	send,
	start,
	suspended,
	text,
	useScene,
	video,
	statusesOf,
} from './scene';

useScene();

describe('what leaves it suspended', () => {
	it('a callback that is unsigned, wrongly signed, unreadable, of another run, or of another wait', async () => {
		const held = await suspended(start());
		const address = host.resumeUrl(held);
		const run_id = sandbox.acceptedRuns()[0]?.id ?? '';
		const good = text({ event: 'run.completed', run_id, status: 'succeeded' });
		const signature = signCallback(good, SECRET);
		const otherDigit = signature.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
		const cases: [string, string | null | undefined, number, string][] = [
			[good, null, 401, 'Runflow-Signature is missing'],
			[good, '', 401, 'Runflow-Signature is not 64 lower-case hex digits'],
			[good, signature.toUpperCase(), 401, 'Runflow-Signature is not 64 lower-case hex digits'],
			[good, signature.slice(1), 401, 'Runflow-Signature is not 64 lower-case hex digits'],
			[good, `${signature}0`, 401, 'Runflow-Signature is not 64 lower-case hex digits'],
			[
				good,
				`${signature}, ${signature}`,
				401,
				'Runflow-Signature is not 64 lower-case hex digits',
			],
			[good, otherDigit, 401, 'Runflow-Signature does not match'],
			[`${good} `, signature, 401, 'Runflow-Signature does not match'],
			[good, signCallback(good, 'whsec_Current'), 401, 'Runflow-Signature does not match'],
			[good, signCallback(good, 'current'), 401, 'Runflow-Signature does not match'],
			// By n8n itself, before the node sees it.
			['run_id=1', undefined, 422, 'Failed to parse request body'],
			['[1]', undefined, 400, 'The body is not a JSON object'],
			['', undefined, 400, 'The body is not a JSON object'],
			[`"${'x'.repeat(3e6)}"`, undefined, 400, 'The body is not a JSON object'],
			[
				'{"run_id":"other","x":"' + 'x'.repeat(3e6) + '"}',
				undefined,
				200,
				'This execution does not wait for this run',
			],
			['{"run_id":"other"}', undefined, 200, 'This execution does not wait for this run'],
			['{"event":"batch.succeeded"}', undefined, 200, 'This execution does not wait for this run'],
			[
				`{"id":"${run_id}","run_id":"other"}`,
				undefined,
				200,
				'This execution does not wait for this run',
			],
			// What the node asks itself, of an earlier suspension.
			['{"run_id":"1 2"}', undefined, 410, 'Another wait has begun'],
		];
		for (const [body, signed, status, message] of cases) {
			expect([body.slice(0, 60), await send(address, body, signed)]).toEqual([
				body.slice(0, 60),
				{ status, message },
			]);
			expect(held.status()).toBe('waiting');
		}
		expect(countReads()).toBe(1);
	});

	it('a signed end that the API does not show yet, until it does', async () => {
		const held = await suspended(start());
		const address = host.resumeUrl(held);
		const run_id = sandbox.acceptedRuns()[0]?.id ?? '';
		const body = { event: 'run.completed', run_id, status: 'succeeded' };
		const signature = signCallback(text(body), 'whsec_old');
		expect(await send(address, body, signature)).toEqual({
			status: 503,
			message: 'The runs could not be read now',
		});
		expect(held.status()).toBe('waiting');
		sandbox.configure({ callbackHosts: [] });
		sandbox.finishRun(run_id);
		expect((await held.ended).status).toBe('success');
		expect(sandbox.posts()).toHaveLength(1);
	});

	it('a report of progress', async () => {
		const held = await suspended(start());
		const [run] = sandbox.acceptedRuns();
		const body = { event: 'run.progress', run_id: run?.id ?? '', status: 'running' };
		expect(await send(host.resumeUrl(held), body)).toEqual({
			status: 202,
			message: 'Other runs have not ended',
		});
		expect(held.status()).toBe('waiting');
		sandbox.finishRun(run?.id ?? '');
		expect((await held.ended).status).toBe('success');
	});

	it('a report of progress while Runflow cannot show the run: it is read until Runflow can, and then no more', async () => {
		const held = await suspended(start());
		const run_id = sandbox.acceptedRuns()[0]?.id ?? '';
		sandbox.addFault({ kind: 'status', status: 502, match: readOf(run_id), times: 3 });
		const before = countReads();
		const body = { event: 'run.progress', run_id, status: 'running' };
		expect(await send(host.resumeUrl(held), body)).toMatchObject({ status: 503 });
		await until(() => countReads() >= before + 4);
		sandbox.finishRun(run_id);
		expect((await held.ended).status).toBe('success');
		await sandbox.idle();
		expect(statusesOf(held)).toEqual([503, 200]);
	});

	it('the address without its signature', async () => {
		const held = await suspended(start());
		const body = { run_id: sandbox.acceptedRuns()[0]?.id ?? '', status: 'succeeded' };
		const [address] = host.resumeUrl(held).split('?');
		expect(await send(address ?? '', body)).toMatchObject({ status: 401 });
		expect(held.status()).toBe('waiting');
	});

	it('an end that Runflow itself does not confirm, without a secret', async () => {
		const held = open.start(wanWorkflow(edit));
		await suspended(held);
		const [run] = sandbox.acceptedRuns();
		const body = { event: 'run.completed', run_id: run?.id ?? '', status: 'succeeded' };
		// It is not trusted; but it may be ahead of what the API shows, and the last one: it must come again.
		expect(await send(open.resumeUrl(held), body, null)).toMatchObject({ status: 503 });
		expect(held.status()).toBe('waiting');
		const progress = { ...body, event: 'run.progress', status: 'running' };
		expect(await send(open.resumeUrl(held), progress, null)).toMatchObject({ status: 202 });
		sandbox.configure({ callbackSignature: 'omitted' });
		sandbox.finishRun(run?.id ?? '');
		expect((await held.ended).status).toBe('success');
	});
});

describe('unsigned callbacks that are ahead of the API', () => {
	it('are all requested again, since the last one may be the one that counts', async () => {
		const held = open.start(wanWorkflow(edit, prompts(2)));
		await suspended(held);
		for (const { id } of sandbox.acceptedRuns()) {
			const body = { event: 'run.completed', run_id: id, status: 'succeeded' };
			expect(await send(open.resumeUrl(held), body, null)).toMatchObject({ status: 503 });
		}
		expect(held.status()).toBe('waiting');
		sandbox.configure({ callbackSignature: 'omitted' });
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		expect((await held.ended).status).toBe('success');
	});
});

describe('callbacks of several runs', () => {
	it('read one unfinished run each, and skip a run that Runflow refuses to show', async () => {
		const held = await suspended(start(video, prompts(7), { onError: 'continueErrorOutput' }));
		sandbox.configure({ callbackHosts: [] });
		const ids = prompts(7).map(({ prompt }) => runOf(prompt));
		const [refused = '', first = '', ...others] = ids;
		const body = { code: 'RUN_NOT_FOUND', message: 'No such run', errors: null };
		const fault = { kind: 'status', status: 404, body } as const;
		sandbox.addFault({ ...fault, match: readOf(refused), times: Infinity });
		const LIST = '/v1/runs';
		const own = new Set([LIST, ...ids.map((id) => `${LIST}/${id}`)]);
		const report = async (run_id: string) => {
			const before = sandbox.requests.length;
			const said = await send(host.resumeUrl(held), { run_id, status: 'succeeded' });
			const read = sandbox.requests.slice(before).map(({ path }) => path);
			// An execution of an earlier test may still read its own runs.
			return { said, read: read.filter((path) => own.has(path)) };
		};
		const stays = { status: 202, message: 'Other runs have not ended' };

		sandbox.finishRun(refused, 'failed');
		sandbox.finishRun(first);
		const { said, read } = await report(first);
		expect(said).toEqual(stays);
		const unfinished = others.find((id) => read.includes(`${LIST}/${id}`)) ?? '';
		expect(read).toEqual([LIST, `${LIST}/${unfinished}`]);

		const next = others.find((id) => id !== unfinished) ?? '';
		sandbox.finishRun(next);
		expect(await report(next)).toEqual({ said: stays, read: [`${LIST}/${unfinished}`] });

		for (const id of others) if (id !== next) sandbox.finishRun(id);
		expect(await report(unfinished)).toEqual({
			said: { status: 200, message: 'The execution resumes' },
			// To find out whether all have ended, and for their items.
			read: [LIST, `${LIST}/${refused}`, LIST, `${LIST}/${refused}`],
		});
		const outcome = await held.ended;
		expect(jsonOf(outcome.items(AFTER)).map(({ id }) => id)).toEqual([first, ...others]);
		expect(jsonOf(outcome.items(FAILED))).toMatchObject([
			{ error: { message: 'No such run [item 0]', runId: refused } },
		]);
		expect(sandbox.posts()).toHaveLength(7);
	});
});
