import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { jsonOf } from '../../engine/engine';
import type { Switches } from '../../sandbox';
import { NODE, useRunflow } from './scene';

const bench = useRunflow();
jest.setTimeout(120_000);

const getMany: INodeParameters = { resource: 'run', operation: 'getAll' };

/** Adds runs, the oldest first: one a minute from noon on. */
function addRuns(count: number): void {
	bench.sandbox.addRuns(count, (index) => ({
		clientRef: index % 2 === 0 ? `order-${index}` : null,
		outcome: index % 3 === 0 ? 'failed' : index % 3 === 1 ? 'canceled' : 'succeeded',
		createdAtMs: Date.parse('2026-11-29T12:00:00Z') + index * 60_000,
	}));
}

async function references(parameters: INodeParameters): Promise<unknown[]> {
	const outcome = await bench.run({ ...getMany, ...parameters });
	expect(outcome.error).toBeUndefined();
	return jsonOf(outcome.items(NODE)).map((run) => run.client_ref);
}

function pages(): IDataObject[] {
	return bench.sandbox.requests.map(({ query }) => query as unknown as IDataObject);
}

it('gets the newest 50 runs by default, an item each', async () => {
	addRuns(60);
	const outcome = await bench.run(getMany, [{}, {}]);
	const items = outcome.items(NODE);
	expect(items).toHaveLength(100);
	expect(items[0]).toMatchObject({
		json: { status: 'succeeded', client_ref: null },
		pairedItem: { item: 0 },
	});
	expect(items[50]?.pairedItem).toEqual({ item: 1 });
	const created = jsonOf(items.slice(0, 50)).map((run) => run.created_at);
	expect(created).toEqual([...created].sort().reverse());
});

it('returns the reason of a failed run, and everything with Simplify off', async () => {
	addRuns(2);
	const simplified = await bench.run(getMany);
	expect(jsonOf(simplified.items(NODE))).toMatchObject([
		{ status: 'cancelled', failure_message: null },
		{ status: 'failed', failure_code: 'INPUT_VALIDATION_FAILED' },
	]);
	const raw = await bench.run({ ...getMany, simplify: false });
	expect(jsonOf(raw.items(NODE))).toMatchObject([
		{ status_code: 'canceled', target_type: 'model' },
		{ status_code: 'failed', target_type: 'model' },
	]);
});

it('gets no more than Limit', async () => {
	addRuns(5);
	expect(await references({ limit: 3 })).toEqual(['order-4', null, 'order-2']);
});

describe('filters', () => {
	beforeEach(() => {
		addRuns(10);
	});

	it.each<[string, IDataObject, unknown[]]>([
		['Statuses', { statuses: ['failed'] }, [null, 'order-6', null, 'order-0']],
		[
			'two statuses',
			{ statuses: ['failed', 'succeeded'], clientReferencePrefix: 'o' },
			['order-8', 'order-6', 'order-2', 'order-0'],
		],
		[
			'a status as Runflow spells it',
			{ statuses: '={{ "canceled" }}', clientReferencePrefix: 'o' },
			['order-4'],
		],
		[
			'a status with a capital',
			{ statuses: ['Canceled'], clientReferencePrefix: 'o' },
			['order-4'],
		],
		['Client Reference', { clientReference: 'order-2' }, ['order-2']],
		['a part of a Client Reference', { clientReference: 'order' }, []],
		['Client Reference Starts With', { clientReferencePrefix: ' order-2 ' }, ['order-2']],
		['Created After', { createdAfter: '2026-11-29T12:08:00Z' }, [null, 'order-8']],
		[
			'Created After as a date of n8n',
			{ createdAfter: '={{ DateTime.fromISO("2026-11-29T12:08:00Z") }}' },
			[null, 'order-8'],
		],
		[
			'Created After as a date of JavaScript',
			{ createdAfter: '={{ new Date("2026-11-29T12:08:00Z") }}' },
			[null, 'order-8'],
		],
		['Created Before', { createdBefore: '2026-11-29T13:01:00+01:00' }, [null, 'order-0']],
		[
			'both',
			{ createdAfter: '2026-11-29T12:03:00Z', createdBefore: '2026-11-29T12:05:00Z' },
			[null, 'order-4', null],
		],
		[
			'nothing',
			{},
			[null, 'order-8', null, 'order-6', null, 'order-4', null, 'order-2', null, 'order-0'],
		],
	])('by %s', async (_what, filters, expected) => {
		expect(await references({ filters: filters as INodeParameters })).toEqual(expected);
		expect(pages().every((query) => !('q' in query))).toBe(true);
	});

	it.each<[string, IDataObject, string]>([
		['statuses', { statuses: ['broken'] }, 'Statuses must be'],
		['statuses', { statuses: '={{ $json.none }}' }, 'The expression for Statuses found nothing'],
		[
			'a reference',
			{ clientReference: '={{ $json.none }}' },
			'The expression for Client Reference found nothing',
		],
		[
			'a reference',
			{ clientReference: '={{ "" }}' },
			'The expression for Client Reference found nothing',
		],
		[
			'a beginning',
			{ clientReferencePrefix: '={{ " " }}' },
			'The expression for Client Reference Starts With found nothing',
		],
		['a time', { createdAfter: 'yesterday' }, 'Created After must be a date, but is "yesterday"'],
		[
			'a time',
			{ createdBefore: '={{ $json.none }}' },
			'The expression for Created Before found nothing',
		],
		[
			'a day that there is not',
			{ createdAfter: '2026-02-31' },
			'Created After must be a date, but is "2026-02-31"',
		],
		[
			'an object that became text',
			{ clientReference: '={{ ({}) }} ' },
			'Client Reference has an object that became text',
		],
		['a number', { createdBefore: '={{ 5 }}' }, 'Created Before must be a date, but is 5'],
	])('refuses %s that it cannot read: %j', async (_what, filters, message) => {
		const outcome = await bench.run({ ...getMany, filters: filters as INodeParameters });
		expect(outcome.error?.message).toContain(message);
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('says so where the list shows no references', async () => {
		bench.sandbox.configure({ listsClientRef: false });
		// The newest run has none.
		bench.sandbox.addRuns(1, () => ({ clientRef: 'newest' }));
		const filters = { clientReference: 'order-2' };
		const outcome = await bench.run({ ...getMany, filters });
		expect(outcome.error?.message).toBe(
			"Runflow's list of runs shows no client references [item 0]",
		);
	});
});

it.each<Partial<Switches>>([{ pagingSpelling: 'next' }, { pagingSpelling: 'next_pq' }])(
	'reads all pages, and stops at Created After: %j',
	async (switches) => {
		bench.sandbox.configure(switches);
		bench.sandbox.addRuns(1200, (index) => ({ clientRef: String(index) }));
		const all = await references({ returnAll: true });
		expect(all).toHaveLength(1200);
		expect(new Set(all).size).toBe(1200);
		expect(all[0]).toBe('1199');
		expect(pages().map(({ limit }) => limit)).toEqual(['500', '500', '500']);
		const after = new Date(Date.now() - 100_000).toISOString();
		const newest = await references({ returnAll: true, filters: { createdAfter: after } });
		expect(newest.length).toBeGreaterThan(90);
		expect(newest.length).toBeLessThan(101);
		expect(pages()).toHaveLength(4);
	},
);

it('stops reading pages once it has enough', async () => {
	bench.sandbox.addRuns(1200);
	const statuses = ['succeeded'];
	expect(await references({ limit: 501, filters: { statuses } })).toHaveLength(501);
	expect(pages()).toHaveLength(2);
});

it('ends where the list repeats itself', async () => {
	addRuns(3);
	const runs = [{ id: 'a', status_code: 'succeeded' }];
	bench.sandbox.addFault({
		kind: 'wrong-json',
		status: 200,
		body: { items: runs, next: 'again' },
		times: 99,
	});
	const outcome = await bench.run({ ...getMany, returnAll: true });
	expect(jsonOf(outcome.items(NODE)).map(({ id }) => id)).toEqual(['a']);
	expect(pages()).toHaveLength(2);
});

it('reads 10,000 runs in 20 requests', async () => {
	bench.sandbox.addRuns(10_000);
	expect(await references({ returnAll: true })).toHaveLength(10_000);
	expect(pages()).toHaveLength(20);
});

it('gives the error of a page that cannot be read, and no runs', async () => {
	bench.sandbox.addRuns(600);
	bench.sandbox.addFault({
		kind: 'status',
		status: 403,
		body: { code: 'PERMISSION_DENIED' },
		match: { nth: 2 },
	});
	const outcome = await bench.run({ ...getMany, returnAll: true });
	expect(outcome.error?.description).toContain('The API key lacks the scope runs:read');
});
