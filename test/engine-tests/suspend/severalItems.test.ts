import { jsonOf } from '../../engine/engine';
import { AFTER, WAN, wanWorkflow } from '../../engine/workflows';
import { signCallback, type LoggedRequest } from '../../sandbox';
import { letArrive, until } from '../../until';
import {
	edit,
	host,
	countListRequests,
	countReads,
	prompts,
	READ_LIST,
	runOf,
	sandbox,
	SECRET,
	send,
	start,
	suspended,
	text,
	video,
	useScene,
	answersTo,
} from './scene';

useScene();

/** How many runs each list request asks for, of the requests that look for so many runs as `count` items have first. */
function limitsOf(count: number): number[] {
	return listRequestsOf(count).map(({ query }) => Number(query.limit));
}

/** The list requests for `count` items: the newest 50 runs more, or twice as many. No other test here has as many items. */
function listRequestsOf(count: number): LoggedRequest[] {
	const limits = [String(count + 50), String(2 * (count + 50))];
	return sandbox.requests.filter(
		({ path, query }) => path === '/v1/runs' && limits.includes(query.limit ?? ''),
	);
}

describe('several items', () => {
	it('resume together, in order, once, for all callbacks in between', async () => {
		const count = 25;
		sandbox.configure({ callbackCopies: 2 });
		const held = await suspended(start(video, prompts(count)));
		const address = host.resumeUrl(held);
		const shuffled = prompts(count)
			.map(({ prompt }) => ({ id: runOf(prompt), at: Math.random() }))
			.sort((a, b) => a.at - b.at);
		let forged = 0;
		for (const [index, { id }] of shuffled.entries()) {
			const callback = { event: 'run.completed', run_id: id, status: 'succeeded', output: null };
			const altered = signCallback(text({ ...callback, run_id: 'other' }), SECRET);
			for (const signature of [null, altered, signCallback(text(callback), 'whsec_wrong')]) {
				const { status } = await send(address, callback, signature);
				// The execution may resume meanwhile, after the last callback.
				expect(status).toBe(401);
				forged++;
			}
			expect(held.status()).toBe('waiting');
			sandbox.finishRun(id);
			if (index < count - 1) {
				await until(() => sandbox.deliveries(id).every(({ status }) => status === 'delivered'));
			}
		}
		const outcome = await held.ended;
		expect(forged).toBe(75);
		expect(outcome.status).toBe('success');
		expect(outcome.runs(WAN)).toBe(1);
		expect(outcome.runs(AFTER)).toBe(1);
		expect(outcome.items(AFTER).map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
			prompts(count).map(({ prompt }, item) => [runOf(prompt), { item }]),
		);
		expect(outcome.items(WAN).map(({ pairedItem }) => pairedItem)).toEqual(
			prompts(count).map((_, item) => ({ item })),
		);
		expect(sandbox.posts()).toHaveLength(count);
		const answers = answersTo(held);
		expect(answers.filter(({ body }) => body.includes('resumes"'))).toHaveLength(1);
		// One for each callback that finds another run unfinished; before the end and for the items, the list.
		expect(countReads()).toBeLessThanOrEqual(2 * count);
	});

	it('of images stay awake for runs of a few seconds: no callback is needed', async () => {
		const held = start({}, prompts(6));
		const before = countListRequests();
		await until(() => sandbox.acceptedRuns().length >= 6 && countListRequests() >= before + 2);
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(outcome.status).toBe('success');
		expect(outcome.items(AFTER).map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
			prompts(6).map(({ prompt }, item) => [runOf(prompt), { item }]),
		);
		expect(outcome.runs(WAN)).toBe(1);
		expect(countReads()).toBe(0);
		expect(sandbox.posts()).toHaveLength(6);
	});

	it('of images read the list further where so many of others are newer, but not for a read that fails', async () => {
		const spans = () => {
			const all = sandbox.requests.filter(({ path, query }) => path === '/v1/runs' && query.limit);
			return all.map(({ query }) => Number(query.limit)).filter((limit) => limit >= 54);
		};
		const held = start({}, prompts(4));
		await until(() => sandbox.acceptedRuns().length >= 4);
		sandbox.addFault({
			kind: 'status',
			status: 500,
			match: READ_LIST,
		});
		sandbox.addRuns(52, () => ({ createdAtMs: Date.now() + 1000 }));
		await until(() => spans().includes(108));
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		expect((await held.ended).status).toBe('success');
		const [first, second, third] = spans();
		expect([first, second, third]).toEqual([54, 54, 108]);
	});

	it('of images: a run that fails meanwhile is noticed before the execution is suspended', async () => {
		const held = start({}, prompts(7));
		await until(() => sandbox.acceptedRuns().length >= 7);
		await until(() => limitsOf(7).length >= 2);
		sandbox.finishRun(runOf('prompt 3'), 'failed');
		const before = limitsOf(7).length;
		const outcome = await held.settled;
		expect(outcome.status).toBe('error');
		expect(outcome.error?.message).toContain('[item 3]');
		expect(sandbox.posts()).toHaveLength(7);
		// By the next reading: the execution does not stay awake for the others.
		expect(limitsOf(7).length).toBeLessThanOrEqual(before + 1);
	});

	it('of images stay awake though one has ended, also where the list then lacks it, and are read no more often than once a second', async () => {
		const held = start({}, prompts(5));
		await until(() => sandbox.acceptedRuns().length >= 5);
		sandbox.finishRun(runOf('prompt 0'));
		// Before the second request, the list has shown that run.
		await until(() => limitsOf(5).length >= 2);
		const others = sandbox.acceptedRuns().slice(1);
		const items = others.map(({ id }) => ({ id, status_code: 'running' }));
		const where = ({ query }: LoggedRequest) => query.limit === '55';
		const match = { ...READ_LIST, where };
		sandbox.addFault({ kind: 'wrong-json', body: { items, next: null }, match });
		await until(() => limitsOf(5).length >= 4);
		for (const { id } of others) sandbox.finishRun(id);
		const before = limitsOf(5).length;
		const outcome = await held.settled;
		expect(outcome.status).toBe('success');
		expect(outcome.items(AFTER).map(({ json }) => [json.id, json.status])).toEqual(
			prompts(5).map(({ prompt }) => [runOf(prompt), 'succeeded']),
		);
		expect(countReads()).toBe(0);
		expect(limitsOf(5).length).toBeLessThanOrEqual(before + 1);
		// All of those that had not ended were found, so no request looks further.
		expect(new Set(limitsOf(5))).toEqual(new Set([55]));
		const times = listRequestsOf(5).map(({ at }) => at);
		for (const [index, at] of times.slice(1).entries()) {
			expect(at - (times[index] ?? 0)).toBeGreaterThan(990);
		}
	});

	it('of images stay awake no longer than their Maximum Wait', async () => {
		// 2.7 s: it is read after one second and after two.
		const options = { pollingInterval: 0.02, maximumWait: 0.045 };
		const held = await suspended(start({ options }, prompts(8)));
		expect(limitsOf(8).length).toBeLessThanOrEqual(2);
		await held.runOut();
		expect((await held.ended).items(AFTER)).toHaveLength(8);
		expect(sandbox.posts()).toHaveLength(8);
	});

	it('of images are suspended at once where Runflow refuses to show the list, and each run is read', async () => {
		sandbox.addFault({ kind: 'status', status: 403, match: READ_LIST, times: Infinity });
		const held = await suspended(start({}, prompts(9)));
		expect(limitsOf(9)).toEqual([59]);
		expect(countReads()).toBe(9);
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(outcome.items(AFTER).map(({ json }) => [json.id, json.status])).toEqual(
			prompts(9).map(({ prompt }) => [runOf(prompt), 'succeeded']),
		);
		expect(sandbox.posts()).toHaveLength(9);
	});

	it('of images are suspended at once where the list shows none of the runs', async () => {
		const where = ({ query }: LoggedRequest) => query.limit === '61';
		const match = { ...READ_LIST, where };
		sandbox.addFault({ kind: 'wrong-json', body: { items: [], next: null }, match });
		await suspended(start({}, prompts(11)));
		expect(limitsOf(11)).toEqual([61]);
		expect(countReads()).toBe(11);
		expect(sandbox.posts()).toHaveLength(11);
	});

	it('of images stay awake for one that the list lacks, though the others have ended', async () => {
		const held = start({}, prompts(12));
		await until(() => sandbox.acceptedRuns().length >= 12);
		const output = { outputs: [{ url: `${sandbox.storageUrl}/file.png` }] };
		const ended = sandbox.acceptedRuns().slice(1);
		const items = ended.map(({ id }) => ({ id, status_code: 'succeeded', output, cost: 3 }));
		const where = ({ query }: LoggedRequest) => query.limit === '62';
		const match = { ...READ_LIST, where };
		sandbox.addFault({ kind: 'wrong-json', body: { items, next: null }, match });
		await until(() => limitsOf(12).includes(124));
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.settled;
		expect(outcome.status).toBe('success');
		expect(outcome.items(AFTER).map(({ json }) => [json.id, json.status])).toEqual(
			prompts(12).map(({ prompt }) => [runOf(prompt), 'succeeded']),
		);
		expect(countReads()).toBe(0);
	});

	it('read those that the list lacks one by one, no longer spread than so few need', async () => {
		const held = start(video, prompts(100));
		await until(() => sandbox.acceptedRuns().length >= 100);
		const items = sandbox.acceptedRuns().map(({ id }) => ({ id, status_code: 'running' }));
		const body = { items: items.slice(10), next: null };
		const where = ({ query }: LoggedRequest) => query.limit === '150';
		sandbox.addFault({ kind: 'wrong-json', body, match: { ...READ_LIST, where } });
		await suspended(held);
		const own = items.map(({ id }) => `/v1/runs/${id}`);
		const reads = sandbox.requests.filter(({ path }) => own.includes(path));
		expect(reads.map(({ path }) => path).sort()).toEqual(own.slice(0, 10).sort());
		// Half a second for ten, which would be ten for a hundred.
		const [list] = listRequestsOf(100);
		const last = Math.max(...reads.map(({ at }) => at));
		expect(last - (list?.at ?? 0)).toBeLessThan(4000);
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		expect((await held.ended).items(AFTER)).toHaveLength(100);
	});

	it('of images stay awake though one has failed, where the node continues, and though a read fails', async () => {
		const held = start({}, prompts(6), { onError: 'continueRegularOutput' });
		await until(() => sandbox.acceptedRuns().length >= 6);
		let before = countListRequests();
		await until(() => countListRequests() >= before + 2);
		sandbox.addFault({
			kind: 'status',
			status: 500,
			match: READ_LIST,
		});
		sandbox.finishRun(runOf('prompt 3'), 'failed');
		before = countListRequests();
		await until(() => countListRequests() >= before + 3);
		for (const { id, status } of sandbox.acceptedRuns()) {
			if (status !== 'failed') sandbox.finishRun(id);
		}
		const outcome = await held.ended;
		expect(outcome.runs(WAN)).toBe(1);
		expect(outcome.items(AFTER).map(({ json }) => json.status)).toEqual(
			prompts(6).map((_, item) => (item === 3 ? undefined : 'succeeded')),
		);
		expect(outcome.items(AFTER)[3]?.json.error).toMatchObject({ runId: runOf('prompt 3') });
		expect(countReads()).toBe(1);
	});

	it('resume though the list lags behind what a single run shows', async () => {
		const held = await suspended(start(video, prompts(6)));
		const items = sandbox.acceptedRuns().map(({ id }) => ({ id, status_code: 'running' }));
		sandbox.addFault({
			kind: 'wrong-json',
			body: { items },
			match: READ_LIST,
			times: Infinity,
		});
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(outcome.items(AFTER).map(({ json }) => json.status)).toEqual(Array(6).fill('succeeded'));
	});

	it('read a list that lacks some of them until its end', async () => {
		const held = await suspended(start(video, prompts(6)));
		sandbox.configure({ callbackHosts: [] });
		const items = sandbox.acceptedRuns().map(({ id }) => ({ id, status_code: 'running' }));
		const body = { items: items.slice(0, 2), next: null };
		sandbox.addFault({ kind: 'wrong-json', body, match: READ_LIST, times: Infinity });
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const before = countListRequests();
		await send(host.resumeUrl(held), { run_id: runOf('prompt 0'), status: 'succeeded' });
		expect((await held.ended).items(AFTER)).toHaveLength(6);
		// To find out whether all have ended, and for their items: each time the newest 60 or so, then the newest 2000.
		expect(countListRequests()).toBe(before + 4);
	});

	it('of videos are suspended after one read of the list', async () => {
		const before = countListRequests();
		const held = await suspended(start(video, prompts(6)));
		expect(countListRequests()).toBe(before + 1);
		expect(countReads()).toBe(0);
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		expect((await held.ended).status).toBe('success');
	});

	it('are read in the list for one callback at a time, however many come', async () => {
		const held = await suspended(start(video, prompts(40)));
		const before = countListRequests();
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(outcome.items(AFTER)).toHaveLength(40);
		// The run that is read first, then the list; then the list for the items.
		expect(countReads()).toBeLessThanOrEqual(4);
		expect(countListRequests() - before).toBeLessThanOrEqual(4);
	});

	it('resume once where all callbacks come at the same moment', async () => {
		const held = await suspended(start(video, prompts(10)));
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(jsonOf(outcome.items(AFTER)).map(({ status }) => status)).toEqual(
			Array(10).fill('succeeded'),
		);
		await sandbox.idle();
		const answers = answersTo(held);
		expect(answers.filter(({ body }) => body.includes('The execution resumes"'))).toHaveLength(1);
		expect(new Set(answers.map(({ status }) => status))).toEqual(
			new Set(answers.some(({ status }) => status === 409) ? [200, 409] : [200]),
		);
		expect(outcome.runs(AFTER)).toBe(1);
	});

	it('wait together where n8n hands them over in batches', async () => {
		const batch = { batchSize: 1, batchInterval: 30 };
		const held = start({ requestOptions: { batching: { batch } } }, prompts(3));
		await until(() => sandbox.acceptedRuns().length >= 1);
		sandbox.finishRun(sandbox.acceptedRuns()[0]?.id ?? '');
		await suspended(held);
		expect(sandbox.acceptedRuns()).toHaveLength(3);
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		const outcome = await held.ended;
		expect(outcome.items(AFTER).map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
			prompts(3).map(({ prompt }, item) => [runOf(prompt), { item }]),
		);
	});
});

it('is not suspended any more once Stop is pressed, and names every run that continues', async () => {
	const running = host.engine.start(wanWorkflow(edit, prompts(4)));
	await until(() => sandbox.acceptedRuns().length >= 4);
	const before = countListRequests();
	// Many images are read together as soon as all have their answers, for 15 s.
	await until(() => countListRequests() >= before + 2);
	running.stop();
	const outcome = await running.outcome;
	expect([outcome.status, outcome.waitTill]).toEqual(['canceled', undefined]);
	const text = JSON.stringify(outcome.error);
	expect(sandbox.acceptedRuns().filter(({ id }) => !text.includes(id))).toEqual([]);
	expect(sandbox.posts()).toHaveLength(4);
});

it('ends once Stop is pressed while another item is still being started, and names the run that continues', async () => {
	sandbox.addFault({ kind: 'timeout', match: { method: 'POST', nth: 2 } });
	const running = host.engine.start(wanWorkflow(edit, prompts(2)));
	await until(() => sandbox.posts().length >= 2 && sandbox.acceptedRuns().length >= 1);
	await letArrive(); // the answer to the first start
	running.stop();
	const outcome = await running.outcome;
	expect([outcome.status, outcome.waitTill]).toEqual(['canceled', undefined]);
	expect(outcome.error?.message).toBe('The wait for the run was canceled [item 0]');
	expect(outcome.error?.description).toContain(`Run ID: ${sandbox.acceptedRuns()[0]?.id}`);
	expect(sandbox.posts()).toHaveLength(2);
});
