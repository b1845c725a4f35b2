import type { IDataObject } from 'n8n-workflow';

import { createEngine, setLimits, type Engine, type Outcome } from '../../engine/engine';
import { WAN, wanWorkflow } from '../../engine/workflows';
import type { JsonObject } from '../../sandbox/json';
import { bench, CREATE, lastReference, LIST, paid, parameters, posts, retry } from './scene';

// Every lookup follows the one before it at once.
beforeAll(() => {
	setLimits(bench.engine, { runShown: 0 });
});

const two = [{ prompt: 'a' }, { prompt: 'b' }];
/** The list is refused at the first try, and read at the Retry. */
let isRefused = false;

beforeEach(() => {
	isRefused = false;
});

/** An execution in which all starts got no answer, and for which the list was refused. */
async function unconfirmed(
	items: IDataObject[],
	kind: 'reset-after' | 'reset-before',
	engine: Engine = bench.engine,
): Promise<Outcome> {
	isRefused = true;
	bench.sandbox.addFault({ match: CREATE, kind, times: items.length });
	bench.sandbox.addFault({
		match: { ...LIST, where: () => isRefused },
		kind: 'status',
		status: 403,
		times: Infinity,
	});
	const failed = await engine.run(wanWorkflow(parameters, items));
	expect(failed.error?.description).toContain('not known whether the run was started');
	expect(posts()).toBe(items.length);
	isRefused = false;
	return failed;
}

/** Has Runflow answer so many reads of the list with this page. */
function answerList(body: JsonObject, times = 1, headers: Record<string, string> = {}): void {
	bench.sandbox.addFault({ match: LIST, kind: 'status', status: 200, body, headers, times });
}

/** A run that another client started so long ago (ms). */
function other(age = 0): JsonObject {
	const made = new Date(Date.now() - age).toISOString();
	return { id: `other-${age}`, client_ref: 'other', status_code: 'running', created_at: made };
}

/** The only run, in the list's form. */
function lostRun(): JsonObject {
	const id = bench.sandbox.acceptedRuns()[0]?.id ?? '';
	return { ...other(), id, client_ref: lastReference() };
}

/** What was asked of the list since the Retry, or since the beginning. */
function listReads(): unknown[] {
	return bench.sandbox.requests.flatMap(({ path, query, status }) =>
		path === '/v1/runs' && status !== 403 ? [query] : [],
	);
}

const FIRST_PAGE = { limit: '500', sort_by: 'created_at:desc' };

function ids(outcome: Outcome): unknown[] {
	return outcome.items(WAN).map(({ json }) => json.id);
}

describe('a start without an answer, in a list of several pages', () => {
	it('is looked for on the second page while one of several is missing on the first', async () => {
		const failed = await unconfirmed(two, 'reset-after');
		// Now the first page ends with the newer one of the two.
		const now = Date.now();
		bench.sandbox.addRuns(499, () => ({ createdAtMs: now, clientRef: 'other' }));
		const outcome = await bench.engine.retry(failed);
		expect(outcome.error).toBeUndefined();
		const runs = bench.sandbox.acceptedRuns();
		expect(ids(outcome)).toEqual(
			two.map(({ prompt }) => runs.find(({ input }) => input.prompt === prompt)?.id),
		);
		expect(listReads()).toEqual([FIRST_PAGE, { ...FIRST_PAGE, pq: expect.any(String) as string }]);
		expect(posts()).toBe(2);
	});

	it('is not looked for on the second page where it is on the first', async () => {
		const failed = await unconfirmed([{ prompt: 'a' }], 'reset-after');
		answerList({ items: [lostRun(), other()], next: 'second' });
		const outcome = await bench.engine.retry(failed);
		expect(ids(outcome)).toEqual([bench.sandbox.acceptedRuns()[0]?.id]);
		expect(listReads()).toEqual([FIRST_PAGE]);
		expect(posts()).toBe(1);
	});

	it('is sent again where the first page reaches back before it, without reading the second', async () => {
		const failed = await unconfirmed([{ prompt: 'a' }], 'reset-before');
		const newest = other();
		answerList({ items: [newest, newest, other(60_000)], next: 'second' });
		const outcome = await bench.engine.retry(failed);
		expect(outcome.error).toBeUndefined();
		expect(listReads()).toEqual([FIRST_PAGE]);
		expect(posts()).toBe(2);
	});

	it('is looked for ten minutes back exactly where Runflow does not say its time', async () => {
		const failed = await unconfirmed([{ prompt: 'a' }], 'reset-after');
		const since = Number(/"since":(\d+)/.exec(failed.stored.data)?.[1]);
		const made = new Date(since - 10 * 60_000).toISOString();
		const headers = { date: 'not known' };
		answerList({ items: [{ ...other(), created_at: made }], next: 'second' }, 1, headers);
		answerList({ items: [lostRun()], next: null }, 1, headers);
		const outcome = await bench.engine.retry(failed);
		expect(ids(outcome)).toEqual([bench.sandbox.acceptedRuns()[0]?.id]);
		expect(listReads()).toEqual([FIRST_PAGE, { ...FIRST_PAGE, pq: 'second' }]);
		expect(posts()).toBe(1);
	});

	it('is looked for on twenty pages, and not sent again where there are more', async () => {
		const failed = await unconfirmed([{ prompt: 'a' }], 'reset-after');
		answerList({ items: [other()], next: 'further' }, 50);
		const outcome = await bench.engine.retry(failed);
		expect(outcome.error?.message).toContain('It is still not known');
		expect(listReads()).toEqual([
			FIRST_PAGE,
			...Array.from({ length: 19 }, () => ({ ...FIRST_PAGE, pq: 'further' })),
		]);
		expect(posts()).toBe(1);
	});

	it('is not sent again where the list names no second page, but not the end either', async () => {
		const failed = await unconfirmed([{ prompt: 'a' }], 'reset-after');
		answerList({ items: [other()] }, 50);
		const outcome = await bench.engine.retry(failed);
		expect(outcome.error?.message).toContain('It is still not known');
		expect(listReads()).toEqual([FIRST_PAGE]);
		expect(posts()).toBe(1);
	});

	it('is not sent again where an entry of the first of two pages cannot be read', async () => {
		const failed = await unconfirmed([{ prompt: 'a' }], 'reset-after');
		answerList({ items: [null, other()], next: 'second' });
		answerList({ items: [other()], next: null });
		const outcome = await bench.engine.retry(failed);
		expect(outcome.error?.message).toContain('It is still not known');
		expect(listReads()).toHaveLength(2);
		expect(posts()).toBe(1);
	});

	it('is looked for only on the first page where its own Idempotency Key was used before', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'status', status: 409 });
		answerList({ items: [other()], next: 'second' }, 50);
		const options = { idempotencyKey: 'order-1001' };
		const outcome = await bench.run({ ...parameters, options }, [{ prompt: 'a' }]);
		expect(outcome.error).toMatchObject({ httpCode: '409' });
		expect(listReads()).toEqual([FIRST_PAGE, FIRST_PAGE, FIRST_PAGE, FIRST_PAGE]);
		expect(posts()).toBe(1);
	});
});

describe('a start without an answer is looked for again', () => {
	it('where the second page is refused: its cursor may be what is refused', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		answerList({ items: [other()], next: 'second' });
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 400 });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }]);
		expect(outcome.error).toBeUndefined();
		expect(listReads()).toEqual([FIRST_PAGE, { ...FIRST_PAGE, pq: 'second' }, FIRST_PAGE]);
		expect(posts()).toBe(1);
	});

	it('where the list fails this time', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 500 });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }]);
		expect(outcome.error).toBeUndefined();
		expect(listReads()).toEqual([FIRST_PAGE, FIRST_PAGE]);
		expect(posts()).toBe(1);
	});
});

describe('two starts without an answer, in two organizations', () => {
	const items = ['a', 'b'].map((name) => ({ prompt: name, org: `org-${name}` }));
	let engine: Engine;
	/** How often the credential was read, and which reads fail. */
	let reads = 0;
	let unreadable = { from: Infinity, to: Infinity };

	beforeAll(async () => {
		const runflowApi = {
			apiKey: bench.sandbox.apiKey,
			baseUrl: bench.sandbox.url,
			callbackSecrets: '',
			organizationId: '={{ $json.org }}',
		};
		engine = await createEngine({
			get runflowApi() {
				reads++;
				if (reads >= unreadable.from && reads <= unreadable.to) throw new Error('not now');
				return runflowApi;
			},
		});
	});

	/** How often n8n itself reads the credential before the node does anything. */
	async function readsOfN8n(): Promise<number> {
		reads = 0;
		const refused = await engine.run(wanWorkflow(parameters, [{ prompt: '' }]));
		expect(refused.error?.message).toContain('Prompt is empty');
		return reads;
	}

	it.each([
		['', 0],
		[', even if the node cannot read their credential at that moment', 2],
	])('are each found in the list of their own%s', async (_when, failing) => {
		bench.sandbox.configure({
			organizations: items.map(({ org: id }) => ({ id, name: id, slug: id, plan_code: 'free' })),
		});
		const failed = await unconfirmed(items, 'reset-after', engine);
		const before = await readsOfN8n();
		reads = 0;
		unreadable = { from: before + 1, to: before + failing };
		const outcome = await engine.retry(failed);
		expect(outcome.error).toBeUndefined();
		const runs = bench.sandbox.acceptedRuns();
		expect(ids(outcome)).toEqual(
			items.map(({ prompt }) => runs.find(({ input }) => input.prompt === prompt)?.id),
		);
		expect(listReads()).toEqual([FIRST_PAGE, FIRST_PAGE]);
		expect(posts()).toBe(2);
	});
});

describe('a start under a Client Reference of the user’s own, without an answer', () => {
	const own = (prompt: string) => ({
		...parameters,
		prompt,
		options: { pollingInterval: 0.02, clientReference: 'order-1001' },
	});

	beforeEach(() => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 403 });
	});

	it('is found at the next try', async () => {
		const outcome = await bench.run(own('a'), [{}], retry);
		expect(ids(outcome)).toEqual([bench.sandbox.acceptedRuns()[0]?.id]);
		expect(paid()).toEqual(['a']);
	});

	it('is not sent again where the prompt is another one at each try', async () => {
		const outcome = await bench.run(own('={{ "cat " + Math.random() }}'), [{}], retry);
		expect(outcome.error?.message).toBe(
			'It is still not known whether an earlier try has started the run [item 0]',
		);
		expect(posts()).toBe(1);
	});
});
