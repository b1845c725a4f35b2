import { startSandbox, type Fault, type Sandbox } from './index';
import { at, call, createEdit, PRO_EDIT_PATH, textAt } from './testClient';

let sandbox: Sandbox;

beforeEach(async () => {
	sandbox = await startSandbox({ manual: true });
});

afterEach(async () => {
	await sandbox.close();
});

/** Lets everything else that is due happen. */
const tick = async (): Promise<void> => {
	await new Promise((resolve) => setImmediate(resolve));
};

const runCount = (): number => sandbox.acceptedRuns().length;

describe('A fault', () => {
	it('answers with the given status, body and headers, and does nothing', async () => {
		sandbox.addFault({
			kind: 'status',
			status: 503,
			body: { code: 'MODEL_UNAVAILABLE' },
			headers: { 'Retry-After': '2' },
		});
		const reply = await createEdit(sandbox);
		expect([reply.status, reply.json, reply.headers.get('retry-after')]).toEqual([
			503,
			{ code: 'MODEL_UNAVAILABLE' },
			'2',
		]);
		expect(runCount()).toBe(0);
		expect(sandbox.requests[0]).toMatchObject({ status: 503, fault: 'status', runId: null });
	});

	it('may act first', async () => {
		sandbox.addFault({ kind: 'status', status: 502, body: 'Bad Gateway', acts: true });
		const reply = await createEdit(sandbox);
		expect([reply.status, reply.text, reply.headers.get('content-type')]).toEqual([
			502,
			'Bad Gateway',
			'text/plain',
		]);
		expect(runCount()).toBe(1);
		expect(sandbox.requests[0]?.runId).toBe(sandbox.acceptedRuns()[0]?.id);
	});

	it.each([
		['reset-before', 0],
		['reset-after', 1],
	] as const)('%s leaves %i runs', async (kind, runs) => {
		sandbox.addFault({ kind });
		await expect(createEdit(sandbox)).rejects.toThrow();
		expect(runCount()).toBe(runs);
		expect(sandbox.requests[0]).toMatchObject({ status: null, fault: kind });
	});

	it.each([
		[false, 0],
		[true, 1],
	])('timeout (acts: %s) never answers and leaves %i runs', async (acts, runs) => {
		sandbox.addFault({ kind: 'timeout', acts });
		const hanging = createEdit(sandbox).then(
			() => 'answered',
			() => 'broken off',
		);
		const deadline = Date.now() + 5000;
		while (sandbox.requests[0]?.fault === undefined && Date.now() < deadline) await tick();
		while (sandbox.requests[0]?.fault === null && Date.now() < deadline) await tick();
		// Every other request is answered meanwhile.
		expect((await call(sandbox, '/v1/health')).status).toBe(200);
		expect(runCount()).toBe(runs);
		expect(sandbox.requests[0]?.status).toBeNull();
		sandbox.reset();
		expect(await hanging).toBe('broken off');
	});

	it('slow drips the true answer', async () => {
		sandbox.addFault({ kind: 'slow', overMs: 100 });
		const startedAt = Date.now();
		const reply = await createEdit(sandbox);
		expect(reply.status).toBe(201);
		expect(textAt(reply.json, 'id')).toBe(sandbox.acceptedRuns()[0]?.id);
		expect(Date.now() - startedAt).toBeGreaterThanOrEqual(80);
	});

	it('cut-body breaks off in the middle', async () => {
		sandbox.addFault({ kind: 'cut-body' });
		await expect(createEdit(sandbox)).rejects.toThrow('terminated');
		expect(runCount()).toBe(1);
	});

	it.each<[Fault, number, string, string | null, number]>([
		[{ kind: 'html' }, 200, '<!DOCTYPE html>', 'text/html; charset=utf-8', 0],
		[{ kind: 'html', status: 502 }, 502, '<!DOCTYPE html>', 'text/html; charset=utf-8', 0],
		[{ kind: 'wrong-json' }, 201, '{"unexpected":true}', 'application/json', 1],
		[{ kind: 'wrong-json', body: '{"id":' }, 201, '{"id":', 'application/json', 1],
		[{ kind: 'wrong-json', body: [], acts: false }, 200, '[]', 'application/json', 0],
		[{ kind: 'empty' }, 201, '', null, 1],
		[{ kind: 'empty', status: 200, acts: false }, 200, '', null, 0],
	])('%j gives %i', async (fault, status, start, type, runs) => {
		sandbox.addFault(fault);
		const reply = await createEdit(sandbox);
		expect([
			reply.status,
			reply.text.slice(0, 20).startsWith(start),
			reply.headers.get('content-type'),
		]).toEqual([status, true, type]);
		expect(runCount()).toBe(runs);
	});

	it('wrong-types turns every field but those kept into something else', async () => {
		sandbox.addFault({ kind: 'wrong-types', keep: ['id'] });
		const reply = await createEdit(sandbox);
		const truth = await call(sandbox, `/v1/runs/${sandbox.acceptedRuns()[0]?.id ?? ''}`);
		expect([reply.status, runCount()]).toEqual([201, 1]);
		expect(textAt(reply.json, 'id')).toBe(textAt(truth.json, 'id'));
		expect(truth.json).toMatchObject({ status_code: 'queued', has_logs: false, output: null });
		expect(reply.json).toMatchObject({ status_code: 7, has_logs: 'seven', output: [7] });
	});

	it('redirects', async () => {
		sandbox.addFault({ kind: 'redirect', location: `${sandbox.storageUrl}/samples/clip.mp4` });
		const response = await fetch(`${sandbox.url}/v1/health`, { redirect: 'manual' });
		expect([response.status, response.headers.get('location')]).toEqual([
			302,
			sandbox.sampleUrl('clip.mp4'),
		]);
	});

	it('has an error too large to show', async () => {
		sandbox.addFault({ kind: 'huge-error' });
		const reply = await createEdit(sandbox);
		expect([reply.status, reply.text.length > 10_000_000]).toEqual([500, true]);
	});

	it('meets storage, too', async () => {
		sandbox.addFault({ kind: 'status', status: 500, match: { host: 'storage' } });
		expect((await call(sandbox, '/v1/health')).status).toBe(200);
		expect((await fetch(sandbox.sampleUrl('clip.mp4'))).status).toBe(500);
		expect((await fetch(sandbox.sampleUrl('clip.mp4'))).status).toBe(200);
	});
});

describe('Which request a fault meets', () => {
	async function statuses(count: number): Promise<readonly number[]> {
		const all: number[] = [];
		for (let index = 0; index < count; index += 1)
			all.push((await call(sandbox, '/v1/runs')).status);
		return all;
	}

	it.each<[string, Fault, readonly number[]]>([
		['the first one', { kind: 'status', status: 500 }, [500, 200, 200]],
		['two', { kind: 'status', status: 500, times: 2 }, [500, 500, 200]],
		['all', { kind: 'status', status: 500, times: Infinity }, [500, 500, 500]],
		['the second', { kind: 'status', status: 500, match: { nth: 2 } }, [200, 500, 200]],
		[
			'from the second',
			{ kind: 'status', status: 500, match: { nth: 2 }, times: 9 },
			[200, 500, 500],
		],
		['by method', { kind: 'status', status: 500, match: { method: 'POST' } }, [200, 200, 200]],
		[
			'by a part of the path',
			{ kind: 'status', status: 500, match: { path: '/runs' } },
			[500, 200, 200],
		],
		[
			'by an expression',
			{ kind: 'status', status: 500, match: { path: /runs$/g }, times: 2 },
			[500, 500, 200],
		],
		[
			'those for which something holds',
			{
				kind: 'status',
				status: 500,
				match: { where: ({ query }) => query.limit === undefined },
				times: 2,
			},
			[500, 500, 200],
		],
		[
			'none for which it does not',
			{ kind: 'status', status: 500, match: { where: ({ host }) => host === 'storage' } },
			[200, 200, 200],
		],
		[
			'not another path',
			{ kind: 'status', status: 500, match: { path: /assets/ } },
			[200, 200, 200],
		],
	])('is %s', async (_name, fault, wanted) => {
		sandbox.addFault(fault);
		expect(await statuses(3)).toEqual(wanted);
	});

	it('is in the order in which faults were added', async () => {
		sandbox.addFault({ kind: 'status', status: 500 });
		sandbox.addFault({ kind: 'status', status: 503 });
		expect(await statuses(3)).toEqual([500, 503, 200]);
	});

	it('counts beside other faults', async () => {
		sandbox.addFault({ kind: 'status', status: 500 });
		sandbox.addFault({ kind: 'status', status: 503, match: { nth: 3 } });
		expect(await statuses(3)).toEqual([500, 200, 503]);
	});

	it('lets an honoured key find the answer that was lost', async () => {
		sandbox.configure({ idempotency: 'honoured' });
		sandbox.addFault({ kind: 'reset-after', match: { path: PRO_EDIT_PATH } });
		const headers = { 'idempotency-key': 'k' };
		await expect(createEdit(sandbox, {}, {}, headers)).rejects.toThrow();
		const again = await createEdit(sandbox, {}, {}, headers);
		expect(textAt(again.json, 'id')).toBe(sandbox.acceptedRuns()[0]?.id);
		expect(runCount()).toBe(1);
	});
});

describe('A host at which nothing listens', () => {
	it('refuses connections, also over one that was open, until it listens again', async () => {
		expect((await call(sandbox, '/v1/health')).status).toBe(200);
		sandbox.refuse('api');
		await expect(call(sandbox, '/v1/health')).rejects.toMatchObject({
			cause: { code: 'ECONNREFUSED' },
		});
		expect((await fetch(sandbox.sampleUrl('clip.mp4'))).status).toBe(200);
		await sandbox.listenAgain('api');
		expect((await call(sandbox, '/v1/health')).status).toBe(200);
		expect(sandbox.requests.filter(({ path }) => path === '/v1/health')).toHaveLength(2);
	});

	it('still answers earlier requests', async () => {
		const last = await startSandbox({
			manual: true,
			onRequest: () => {
				last.refuse('api');
			},
		});
		expect((await createEdit(last)).status).toBe(201);
		await expect(call(last, '/v1/health')).rejects.toThrow();
		expect(last.acceptedRuns()).toHaveLength(1);
		await last.close();
	});
});

describe('The rate limit', () => {
	it.each([
		[true, '1'],
		[false, null],
	])('answers 429 with Retry-After: %s', async (retryAfter, header) => {
		sandbox.configure({ rateLimit: { perSecond: 2, retryAfter } });
		const replies = await Promise.all([0, 1, 2].map(() => call(sandbox, '/v1/runs')));
		const limited = replies.filter(({ status }) => status === 429);
		expect(limited).toHaveLength(1);
		expect(limited[0]?.headers.get('retry-after')).toBe(header);
		expect(at(limited[0]?.json, 'code')).toBe('RATE_LIMITED');
		const deadline = Date.now() + 5000;
		let status = 429;
		while (status === 429 && Date.now() < deadline) ({ status } = await call(sandbox, '/v1/runs'));
		expect(status).toBe(200);
	});
});

describe('Closing', () => {
	it('breaks off all that is open', async () => {
		sandbox.configure({ answerDelayMs: 60_000, runDurationMs: 60_000, manual: false });
		sandbox.addFault({ kind: 'timeout', match: { path: '/v1/health' } });
		const open = [createEdit(sandbox), call(sandbox, '/v1/health')].map(async (reply) =>
			reply.then(
				() => 'answered',
				() => 'broken off',
			),
		);
		const deadline = Date.now() + 5000;
		while ((sandbox.requests.length < 2 || runCount() < 1) && Date.now() < deadline) await tick();
		await sandbox.close();
		expect(await Promise.all(open)).toEqual(['broken off', 'broken off']);
	});
});
