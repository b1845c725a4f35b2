import { jsonOf, setLimits } from '../../engine/engine';
import { readLog } from '../../engine/logs';
import { AFTER, FAILED, wanWorkflow } from '../../engine/workflows';
import { until } from '../../until';
import {
	edit,
	host,
	readOf,
	countListRequests,
	countReads,
	open,
	prompts,
	runOf,
	sandbox,
	start,
	suspended,
	useScene,
	video,
	statusesOf,
} from './scene';

useScene();
beforeEach(() => {
	setLimits(host.engine, { missedCallbackChecks: [3000, 6000] });
});

describe('a callback that cannot be followed up', () => {
	it('is refused, so that Runflow sends it again, and still handled', async () => {
		// A check that comes first would take one of the failures.
		setLimits(host.engine, { missedCallbackChecks: [] });
		const held = await suspended(start());
		sandbox.addFault({
			kind: 'status',
			status: 502,
			match: readOf(sandbox.acceptedRuns()[0]?.id),
			times: 3,
		});
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '');
		expect((await held.ended).status).toBe('success');
		expect(statusesOf(held)[0]).toBe(503);
		expect(sandbox.posts()).toHaveLength(1);
	});

	it('resumes with an error where an output is of a type that every object knows, and no file', async () => {
		const held = await suspended(
			start({ downloadOutputs: true }, [{}], { onError: 'continueErrorOutput' }),
		);
		const id = sandbox.acceptedRuns()[0]?.id ?? '';
		const output = { outputs: [{ url: `${sandbox.storageUrl}/file`, type: 'constructor' }] };
		sandbox.addFault({
			kind: 'wrong-json',
			body: { id, status_code: 'succeeded', output },
			match: readOf(id),
			times: Infinity,
		});
		// Without a type: bytes without a name.
		sandbox.addFault({ kind: 'empty', status: 200, match: { host: 'storage' }, times: Infinity });
		sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(jsonOf(outcome.items(FAILED))).toMatchObject([{ error: { runId: id } }]);
	});

	it('becomes an error with the run id where Runflow refuses to show the run', async () => {
		const held = await suspended(start({}, [{}], { onError: 'continueErrorOutput' }));
		const [run] = sandbox.acceptedRuns();
		sandbox.addFault({
			kind: 'status',
			status: 404,
			body: { code: 'RUN_NOT_FOUND', message: 'No such run', errors: null },
			match: readOf(run?.id),
			times: 5,
		});
		sandbox.finishRun(run?.id ?? '');
		const outcome = await held.ended;
		expect(jsonOf(outcome.items(FAILED))).toMatchObject([
			{ error: { message: 'No such run [item 0]', httpCode: '404', runId: run?.id } },
		]);
	});
});

describe('a callback that is lost', () => {
	it.each([
		['with a signing secret', () => host],
		['without one', () => open],
	])('in the moment of the suspension is replaced by a read, %s', async (_what, which) => {
		sandbox.configure({ callbackHosts: [] });
		const held = await suspended(which().start(wanWorkflow(edit)));
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '');
		const outcome = await held.ended;
		expect(jsonOf(outcome.items(AFTER))).toMatchObject([{ status: 'succeeded' }]);
		// At the suspension, late, because of the callback without information, and for the item.
		expect(countReads()).toBe(4);
	});

	it('is replaced at the second check if Runflow does not show the run at the first', async () => {
		sandbox.configure({ callbackHosts: [] });
		const held = await suspended(start());
		const id = runOf('Make it blue');
		sandbox.addFault({ kind: 'status', status: 502, match: readOf(id) });
		sandbox.finishRun(id);
		expect(jsonOf((await held.ended).items(AFTER))).toMatchObject([{ id, status: 'succeeded' }]);
		expect(countReads()).toBe(5);
		expect(statusesOf(held)).toEqual([200]);
	});

	it('is replaced for many runs too, once the list shows that all have ended and not before', async () => {
		sandbox.configure({ callbackHosts: [] });
		setLimits(host.engine, { missedCallbackChecks: [300, 600, 1200, 2400, 4800] });
		const held = await suspended(start(video, prompts(6)));
		const before = countListRequests();
		await until(() => countListRequests() >= before + 2);
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		await until(() => held.status() !== 'waiting');
		const outcome = await held.ended;
		expect(jsonOf(outcome.items(AFTER)).map(({ id, status }) => [id, status])).toEqual(
			prompts(6).map(({ prompt }) => [runOf(prompt), 'succeeded']),
		);
		expect(statusesOf(held)).toEqual([200]);
	});
});

it('warns about an execution that the node has called back, and not about one that Runflow has called back', async () => {
	const warned: (string | undefined)[] = [];
	const stopReading = readLog((message, about) => {
		if (message.startsWith('No callback from Runflow was accepted'))
			warned.push(about?.executionId);
	});
	const calledBack = await suspended(start());
	sandbox.finishRun(runOf('Make it blue'));
	await calledBack.ended;
	sandbox.configure({ callbackHosts: [] });
	const lost = await suspended(start({ prompt: 'lost' }));
	sandbox.finishRun(runOf('lost'));
	// By now, the first one has been checked too, since it was suspended before.
	await lost.ended;
	await until(() => warned.includes(lost.executionId));
	stopReading();
	// A warning of an earlier test may come in between.
	expect(warned.filter((id) => id === lost.executionId)).toHaveLength(1);
	expect(warned).not.toContain(calledBack.executionId);
	expect(statusesOf(calledBack)).toEqual([200]);
});

it('is called back by the node itself once n8n has stored it, though that took a while', async () => {
	setLimits(host.engine, { missedCallbackChecks: [1000, 3000] });
	const timeouts = jest.spyOn(AbortSignal, 'timeout');
	sandbox.configure({ callbackHosts: [] });
	host.storing = async () => {
		await until(() => statusesOf(held).length > 0);
	};
	const held = start();
	try {
		await until(() => sandbox.acceptedRuns().length >= 1);
		await until(() => countReads() === 1);
		sandbox.finishRun(runOf('Make it blue'));
		await held.settled;
	} finally {
		host.storing = async () => {
			await Promise.resolve();
		};
	}
	const outcome = await held.ended;
	expect(jsonOf(outcome.items(AFTER))).toMatchObject([{ status: 'succeeded' }]);
	// At the first of the late reads, and two seconds later at the second.
	expect(statusesOf(held)).toEqual([409, 200]);
	expect(timeouts.mock.calls.flat()).toEqual(expect.arrayContaining([1000, 2000]));
	timeouts.mockRestore();
});
