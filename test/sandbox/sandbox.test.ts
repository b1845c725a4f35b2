import { expectSecretIn } from '../secrets/watch';
import { startSandbox, type Json, type Sandbox } from './index';
import { phaseAt } from './runs/lifeCycle';
import { at, call, createEdit, createVideo, PRO_EDIT_PATH, textAt } from './testClient';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const OFFSET_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/;

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ manual: true });
});

afterEach(() => {
	sandbox.reset();
});

afterAll(async () => {
	await sandbox.close();
});

async function readRun(id: string): Promise<Json | undefined> {
	return (await call(sandbox, `/v1/runs/${id}`)).json;
}

async function finishedEdit(input = {}): Promise<Json | undefined> {
	const id = textAt((await createEdit(sandbox, input)).json, 'id');
	sandbox.finishRun(id);
	return await readRun(id);
}

describe('Who calls', () => {
	it.each([
		['no key', {}],
		['another key', { authorization: 'Bearer rf_live_other' }],
		['another scheme', { authorization: 'Basic rf_live_sandbox' }],
		['another header', { 'x-api-key': 'rf_live_sandbox' }],
	])('answers 401 to %s', async (name, headers) => {
		if (['another scheme', 'another header'].includes(name)) {
			expectSecretIn(
				'a request to the API',
				'it is given the key in the wrong way to see it refused',
			);
		}
		const response = await fetch(`${sandbox.url}/v1/auth/me`, { headers });
		expect(response.status).toBe(401);
		expect(await response.json()).toEqual({
			code: 'UNAUTHORIZED',
			message: expect.any(String) as string,
			errors: null,
		});
	});

	it.each([
		['POST', PRO_EDIT_PATH],
		['GET', '/v1/runs'],
		['GET', '/v1/runs/x'],
		['POST', '/v1/runs/x/callback-redeliveries'],
		['POST', '/v1/asset-uploads'],
		['GET', '/v1/assets/x'],
	])('answers 403 to %s %s without the scope', async (method, path) => {
		sandbox.configure({ keys: [{ key: sandbox.apiKey, scopes: [], email: 'a@example.com' }] });
		const reply = await call(sandbox, path, { method });
		expect([reply.status, at(reply.json, 'code')]).toEqual([403, 'PERMISSION_DENIED']);
	});

	it('answers 403 for an organization that it does not know', async () => {
		const reply = await call(sandbox, '/v1/auth/me', { headers: { 'X-Organization-Id': 'nope' } });
		expect([reply.status, at(reply.json, 'code')]).toEqual([
			403,
			'ORGANIZATION_MEMBERSHIP_REQUIRED',
		]);
	});

	it('may ignore the organization where the documents do not list it', async () => {
		sandbox.configure({ meOrganization: 'ignored' });
		const headers = { 'X-Organization-Id': 'nope' };
		expect((await call(sandbox, '/v1/auth/me', { headers })).status).toBe(200);
		expect((await call(sandbox, '/v1/runs', { headers })).status).toBe(403);
	});

	it('keeps organizations apart', async () => {
		const organizations = ['a', 'b'].map((id) => ({ id, name: id, slug: id, plan_code: 'free' }));
		sandbox.configure({ organizations });
		const id = textAt((await createEdit(sandbox, {}, {}, { 'X-Organization-Id': 'b' })).json, 'id');
		expect((await call(sandbox, `/v1/runs/${id}`)).status).toBe(404);
		const reply = await call(sandbox, `/v1/runs/${id}`, { headers: { 'X-Organization-Id': 'b' } });
		expect(at(reply.json, 'org_id')).toBe('b');
	});

	it('returns the identity, memberships only on request', async () => {
		const plain = await call(sandbox, '/v1/auth/me');
		expect(plain.json).toMatchObject({ email: 'sandbox@example.com', memberships: null });
		const embedded = await call(sandbox, '/v1/auth/me?embed=memberships');
		expect(at(embedded.json, 'memberships', 0, 'org', 'slug')).toBe('sandbox');
		expect((await call(sandbox, '/v1/auth/me?embed=nope')).status).toBe(422);
	});

	it('is healthy without a key, and names every answer', async () => {
		const response = await fetch(`${sandbox.url}/v1/health`);
		expect(await response.json()).toEqual({ status: 'ok' });
		expect(response.headers.get('runflow-request-id')).toMatch(UUID);
		expect(response.headers.get('access-control-allow-origin')).toBeNull();
	});

	it('answers 404 elsewhere', async () => {
		expect((await call(sandbox, '/v1/nope')).status).toBe(404);
	});
});

describe('A run', () => {
	it('starts as the full record, queued', async () => {
		const reply = await createEdit(sandbox, { seed: 7 }, { metadata: { row: 3 }, client_ref: 'r' });
		expect(reply.status).toBe(201);
		expect(reply.json).toMatchObject({
			id: expect.stringMatching(UUID) as string,
			model_id: expect.stringMatching(UUID) as string,
			status_code: 'queued',
			input: { seed: 7 },
			output: null,
			cost: null,
			duration_ms: null,
			client_ref: 'r',
			metadata: { row: 3 },
			created_at: expect.stringMatching(OFFSET_TIME) as string,
			started_at: null,
			completed_at: null,
			failure_code: null,
			failure_message: null,
			failure_stage_code: null,
			request_id: reply.headers.get('runflow-request-id'),
		});
	});

	it('can be answered with 200', async () => {
		sandbox.configure({ createStatus: 200 });
		expect((await createEdit(sandbox)).status).toBe(200);
	});

	it('takes the given statuses, and ends once', async () => {
		const id = textAt((await createEdit(sandbox)).json, 'id');
		for (const status of ['dispatching', 'running'] as const) {
			sandbox.setRunStatus(id, status);
			expect(at(await readRun(id), 'status_code')).toBe(status);
		}
		sandbox.finishRun(id, 'failed');
		sandbox.finishRun(id, 'succeeded');
		sandbox.setRunStatus(id, 'running');
		expect(at(await readRun(id), 'status_code')).toBe('failed');
		expect(() => {
			sandbox.finishRun('nope');
		}).toThrow('nope');
	});

	it('goes by the clock through its statuses', async () => {
		sandbox.configure({ manual: false, runDurationMs: 150 });
		const id = textAt((await createEdit(sandbox)).json, 'id');
		const seen = new Set<Json | undefined>();
		const deadline = Date.now() + 5000;
		while (!seen.has('succeeded') && Date.now() < deadline)
			seen.add(at(await readRun(id), 'status_code'));
		// A busy machine may miss some, but never sees them in another order.
		const order = ['queued', 'dispatching', 'running', 'succeeded'];
		expect([...seen]).toEqual(order.filter((status) => seen.has(status)));
		const run = await readRun(id);
		expect(run).toMatchObject({ status_code: 'succeeded', duration_ms: 150 });
		const took = (from: string): number =>
			Date.parse(textAt(run, 'completed_at')) - Date.parse(textAt(run, from));
		expect([took('created_at'), took('started_at')]).toEqual([150, 120]);
	});

	it.each([
		[0, 'queued'],
		[99, 'queued'],
		[100, 'dispatching'],
		[200, 'running'],
		[999, 'running'],
	])('is after %i of 1000 ms %s', (elapsedMs, status) => {
		expect(phaseAt(elapsedMs, 1000)).toBe(status);
	});

	it('may have its own duration and outcome', async () => {
		sandbox.configure({
			manual: false,
			runDurationMs: ({ index }) => index,
			outcomeFor: ({ input }) => (input.seed === 1 ? 'failed' : undefined),
			outcome: 'canceled',
			failure: ({ id }) => ({ code: 'X', message: id, stage: 'dispatch' }),
		});
		const ids: string[] = [];
		for (const seed of [1, 2]) ids.push(textAt((await createEdit(sandbox, { seed })).json, 'id'));
		await sandbox.idle();
		const [first, second] = await Promise.all(ids.map(readRun));
		expect(first).toMatchObject({
			status_code: 'failed',
			failure_message: ids[0],
			failure_stage_code: 'dispatch',
		});
		expect(second).toMatchObject({ status_code: 'canceled', output: null, cost: '0.0000' });
	});

	it('ends with its pictures, seed and cost', async () => {
		const run = await finishedEdit({ num_images: 3, seed: 42, image_size: 'landscape_16_9' });
		expect(run).toMatchObject({
			status_code: 'succeeded',
			cost: '0.2250',
			completed_at: expect.stringMatching(OFFSET_TIME) as string,
			output: {
				outputs: [0, 1, 2].map(() => ({ type: 'image', width: 1024, height: 576 })),
				seed: 42,
				nsfw_detected: false,
				timing: { inference_ms: expect.any(Number) as number },
			},
		});
	});

	it('ends with its video, and invents a seed', async () => {
		const id = textAt((await createVideo(sandbox, { duration: 10, prompt: 'Turn' })).json, 'id');
		sandbox.finishRun(id);
		expect(await readRun(id)).toMatchObject({
			cost: '1.0000',
			output: {
				outputs: [{ type: 'video', width: 1920, height: 1080, duration: 10 }],
				seed: expect.any(Number) as number,
				model_data: { prompt: 'Turn', actual_prompt: 'Turn' },
			},
		});
	});

	it('may end in part', async () => {
		const id = textAt((await createEdit(sandbox, { num_images: 4 })).json, 'id');
		sandbox.finishRun(id, 'partial_succeeded');
		const run = await readRun(id);
		expect(run).toMatchObject({ status_code: 'partial_succeeded', cost: '0.1500' });
		expect(at(run, 'output', 'outputs')).toHaveLength(2);
	});

	it.each([
		['canceled', 'canceled'],
		['cancelled', 'cancelled'],
	] as const)('spells canceled as %s', async (canceledSpelling, word) => {
		sandbox.configure({ canceledSpelling, outcome: 'canceled' });
		expect(at(await finishedEdit(), 'status_code')).toBe(word);
	});

	it.each([
		['codes', { failure_code: 'INPUT_VALIDATION_FAILED', failure_stage_code: 'preprocess' }],
		[
			'stage',
			{ failure_message: 'The provider could not read image 1.', failure_stage: 'preprocess' },
		],
		[
			'error',
			{
				error: { code: 'INPUT_VALIDATION_FAILED', message: 'The provider could not read image 1.' },
			},
		],
	] as const)('spells its failure as %s', async (failureSpelling, wanted) => {
		sandbox.configure({ failureSpelling, outcome: 'failed' });
		expect(await finishedEdit()).toMatchObject({ ...wanted, output: null, cost: '0.0000' });
	});

	it.each([
		['image_urls', ['image_urls', 0]],
		['image', ['image', 'url']],
		['url', ['url']],
		['output_url', ['output_url']],
		['images', ['images', 0]],
		['image_objects', ['images', 0, 'url']],
		['comfy', ['9', 0]],
	] as const)('shapes its output as %s', async (outputShape, way) => {
		sandbox.configure({ outputShape });
		const run = await finishedEdit();
		expect((await fetch(textAt(run, 'output', ...way))).status).toBe(200);
	});

	it('has other names for its id and status', async () => {
		sandbox.configure({ idKey: 'run_id', statusKey: 'status' });
		const { json } = await createEdit(sandbox);
		expect(json).toMatchObject({ run_id: expect.stringMatching(UUID) as string, status: 'queued' });
		expect(at(json, 'id')).toBeUndefined();
		expect(at(json, 'status_code')).toBeUndefined();
	});

	it('renews the signatures of its output at each read', async () => {
		const run = await finishedEdit();
		const again = await readRun(textAt(run, 'id'));
		const way = ['output', 'outputs', 0, 'url'] as const;
		expect(textAt(again, ...way)).not.toBe(textAt(run, ...way));
	});

	it('is 404 when unknown', async () => {
		const reply = await call(sandbox, '/v1/runs/0198c7a0-0000-7000-8000-00000000ffff');
		expect([reply.status, at(reply.json, 'code')]).toEqual([404, 'RUN_NOT_FOUND']);
	});
});

describe('The list of runs', () => {
	async function indexes(query: string): Promise<readonly Json[]> {
		const items = at((await call(sandbox, `/v1/runs${query}`)).json, 'items');
		const list: readonly Json[] = Array.isArray(items) ? items : [];
		return list.map((item) => at(item, 'client_ref') ?? null);
	}

	beforeEach(async () => {
		for (const client_ref of ['a', 'b', 'c']) await createEdit(sandbox, {}, { client_ref });
	});

	it('has the newest first, or the oldest', async () => {
		expect(await indexes('')).toEqual(['c', 'b', 'a']);
		expect(await indexes('?sort_by=created_at:asc')).toEqual(['a', 'b', 'c']);
	});

	it('comes in pages', async () => {
		const first = (await call(sandbox, '/v1/runs?limit=2')).json;
		const next = textAt(first, 'next');
		expect(await indexes(`?limit=2&pq=${next}`)).toEqual(['a']);
		const second = (await call(sandbox, `/v1/runs?limit=2&pq=${next}`)).json;
		expect(at(second, 'next')).toBeNull();
		expect(await indexes(`?limit=2&pq=${textAt(second, 'previous')}`)).toEqual(['c', 'b']);
	});

	it('has older names for its cursors', async () => {
		sandbox.configure({ pagingSpelling: 'next_pq' });
		const { json } = await call(sandbox, '/v1/runs?limit=2');
		expect(json).toMatchObject({ next_pq: expect.any(String) as string, prev_pq: null });
		expect(at(json, 'next')).toBeUndefined();
	});

	it('can be projected', async () => {
		const { json } = await call(sandbox, '/v1/runs?fields=id,status_code&limit=1');
		expect(Object.keys(at(json, 'items', 0) ?? {})).toEqual(['id', 'status_code']);
	});

	it.each(['?limit=0', '?limit=501', '?sort_by=cost:asc', '?pq=nope', '?q=status_code:failed'])(
		'refuses %s',
		async (query) => {
			expect((await call(sandbox, `/v1/runs${query}`)).status).toBe(422);
		},
	);

	it('can be filtered by exact matches, or ignore its filter', async () => {
		sandbox.configure({ filters: 'exact' });
		expect(await indexes("?q=client_ref.EQ:'b'")).toEqual(['b']);
		expect(await indexes("?q=client_ref.eq:'b' AND status_code.eq:'failed'")).toEqual([]);
		for (const q of ["client_ref.EQ:'b", "client_ref:'b'", "metadata.EQ:'b'", 'client_ref>b'])
			expect((await call(sandbox, `/v1/runs?q=${encodeURIComponent(q)}`)).status).toBe(422);
		sandbox.configure({ filters: 'ignored' });
		expect(await indexes("?q=client_ref.EQ:'b'")).toEqual(['c', 'b', 'a']);
	});

	it('can be filled with thousands of finished runs', async () => {
		const began = Date.now();
		sandbox.addRuns(10_000, (index) => ({
			createdAtMs: began - 60_000 + index,
			clientRef: `row-${index}`,
			outcome: index % 2 === 0 ? 'succeeded' : 'failed',
		}));
		const { json } = await call(sandbox, '/v1/runs?limit=500');
		expect(at(json, 'items')).toHaveLength(500);
		expect(at(json, 'items', 3)).toMatchObject({
			client_ref: 'row-9999',
			status_code: 'failed',
			cost: '0.0000',
			duration_ms: 300,
		});
		expect(at(json, 'items', 4, 'output', 'outputs', 0, 'type')).toBe('image');
		expect(sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(3);
	});

	it('has a list of statuses', async () => {
		const items = at((await call(sandbox, '/v1/runs/statuses')).json, 'items');
		expect(items).toContainEqual({ code: 'partial_succeeded', is_terminal: true });
	});
});

describe('Keys of idempotency', () => {
	const headers = { 'Idempotency-Key': 'k1' };

	it('are ignored by default', async () => {
		await createEdit(sandbox, {}, {}, headers);
		await createEdit(sandbox, {}, {}, headers);
		expect(sandbox.acceptedRuns()).toHaveLength(2);
	});

	it('give the first answer again, 409 for another body', async () => {
		sandbox.configure({ idempotency: 'honoured' });
		const first = await createEdit(sandbox, {}, {}, headers);
		const again = await createEdit(sandbox, {}, {}, headers);
		expect([again.status, again.text]).toEqual([first.status, first.text]);
		const other = await createEdit(sandbox, { seed: 1 }, {}, headers);
		expect([other.status, at(other.json, 'code')]).toEqual([409, 'CONFLICT']);
		expect(sandbox.acceptedRuns()).toHaveLength(1);
		expect(sandbox.posts('/runs').map(({ runId }) => runId !== null)).toEqual([true, false, false]);
	});

	it('give 409 while the first call is under way', async () => {
		sandbox.configure({ idempotency: 'honoured', answerDelayMs: 2000 });
		const replies = await Promise.all([0, 1].map(() => createEdit(sandbox, {}, {}, headers)));
		expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
	});

	it('are free again after a refusal', async () => {
		sandbox.configure({ idempotency: 'honoured' });
		expect((await createEdit(sandbox, { seed: -1 }, {}, headers)).status).toBe(422);
		expect((await createEdit(sandbox, {}, {}, headers)).status).toBe(201);
	});
});

describe('The request log', () => {
	it('has every request with its answer', async () => {
		const reply = await createEdit(sandbox, { seed: 3 });
		await fetch(`${sandbox.sampleUrl('sneaker.png')}?a=1`);
		expect(sandbox.requests).toMatchObject([
			{
				host: 'api',
				method: 'POST',
				path: PRO_EDIT_PATH,
				headers: { authorization: 'Bearer rf_live_sandbox' },
				json: { input: { seed: 3 } },
				status: 201,
				runId: at(reply.json, 'id'),
				fault: null,
			},
			{
				host: 'storage',
				method: 'GET',
				path: '/samples/sneaker.png',
				query: { a: '1' },
				status: 200,
				runId: null,
			},
		]);
		expect(sandbox.requests[0]?.rawBody.toString()).toContain('"seed":3');
		expect(sandbox.posts('pro/edit')).toHaveLength(1);
		expect(sandbox.posts('image-to-video')).toHaveLength(0);
	});

	it('keeps the first MiB of a body', async () => {
		await createEdit(sandbox, { prompt: 'x'.repeat(2 * 1024 * 1024) });
		expect(sandbox.requests[0]?.rawBody).toHaveLength(1024 * 1024);
		expect(sandbox.requests[0]?.bodyBytes).toBeGreaterThan(2 * 1024 * 1024);
	});
});

describe('Several sandboxes', () => {
	it('know nothing of each other, and can be given ports', async () => {
		const other = await startSandbox({
			keys: [{ key: 'rf_live_b', scopes: ['runs:create'], email: 'b@example.com' }],
		});
		await createEdit(sandbox);
		expect(other.apiKey).toBe('rf_live_b');
		expect(other.acceptedRuns()).toHaveLength(0);
		expect(other.requests).toHaveLength(0);
		await call(other, '/v1/health');
		const { port } = new URL(other.url);
		const { port: storagePort } = new URL(other.storageUrl);
		await other.close();
		expect(other.requests).toHaveLength(1);
		await expect(startSandbox({ port: Number(new URL(sandbox.url).port) })).rejects.toThrow(
			'EADDRINUSE',
		);
		const again = await startSandbox({ port: Number(port), storagePort: Number(storagePort) });
		expect(again.url).toBe(other.url);
		await again.close();
	});

	it('forget everything on reset, switches included', async () => {
		sandbox.configure({ createStatus: 200 });
		sandbox.addFault({ kind: 'status', status: 500, times: Infinity });
		await createEdit(sandbox);
		sandbox.reset();
		expect(sandbox.requests).toHaveLength(0);
		expect((await createEdit(sandbox)).status).toBe(201);
	});
});
