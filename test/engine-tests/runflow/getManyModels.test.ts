import type { INodeParameters } from 'n8n-workflow';

import { jsonOf } from '../../engine/engine';
import type { Switches } from '../../sandbox';
import { NODE, onlyError, useRunflow, WITH_ERROR_OUTPUT } from './scene';

const bench = useRunflow();
const getMany: INodeParameters = { resource: 'model', operation: 'getAll', returnAll: true };
const EDIT = {
	slug: 'alibaba/wan/v2.7/pro/edit',
	name: 'Wan 2.7 - Pro Edit',
	category_code: expect.any(String) as unknown,
	pricing_note: expect.stringContaining('$0.075') as unknown,
	availability_status: 'available',
};

it.each<Partial<Switches>>([
	{},
	{ publicModels: 'missing' },
	{ modelListShape: 'array' },
	{ modelSlug: 'without-owner' },
	{ pagingSpelling: 'next_pq' },
	{ modelInputs: 'always' },
])('gets every model as a linked item, simplified: %j', async (switches) => {
	bench.sandbox.configure(switches);
	const outcome = await bench.run(getMany);
	expect(outcome.error).toBeUndefined();
	const items = outcome.items(NODE);
	expect(items.length).toBeGreaterThan(11);
	expect(jsonOf(items)).toContainEqual(EDIT);
	expect(new Set(items.map(({ pairedItem }) => JSON.stringify(pairedItem)))).toEqual(
		new Set(['{"item":0}']),
	);
});

it('gets all that Runflow says with Simplify off', async () => {
	const outcome = await bench.run({ ...getMany, simplify: false });
	expect(jsonOf(outcome.items(NODE))[0]).toMatchObject({
		status_code: expect.anything() as unknown,
	});
});

it.each([
	['PRO edit', ['alibaba/wan/v2.7/pro/edit']],
	['alibaba/wan/v2.7/text-to-video', ['alibaba/wan/v2.7/text-to-video']],
	['no such model', []],
])('searches for %j', async (search, slugs) => {
	const outcome = await bench.run({ ...getMany, filters: { search } });
	expect(outcome.error).toBeUndefined();
	expect(jsonOf(outcome.items(NODE)).map(({ slug }) => slug)).toEqual(slugs);
	expect(bench.sandbox.requests.every(({ query }) => !('q' in query))).toBe(true);
});

it('refuses a search whose expression finds nothing', async () => {
	const outcome = await bench.run({ ...getMany, filters: { search: '={{ $json.none }}' } });
	expect(outcome.error?.message).toBe('The expression for Search found nothing [item 0]');
	expect(bench.sandbox.requests).toEqual([]);
});

it('gets 1,000 models in two requests, and 50 in one by default', async () => {
	bench.sandbox.configure({ catalogueSize: 1000 });
	const all = await bench.run(getMany);
	// The public catalogue leaves inactive models out.
	expect(all.items(NODE)).toHaveLength(999);
	expect(new Set(jsonOf(all.items(NODE)).map(({ slug }) => slug)).size).toBe(999);
	expect(bench.sandbox.requests).toHaveLength(2);
	const usual = await bench.run({ resource: 'model', operation: 'getAll' });
	expect(usual.items(NODE)).toHaveLength(50);
	expect(bench.sandbox.requests).toHaveLength(3);
});

it('gives the error of a catalogue that cannot be read', async () => {
	bench.sandbox.addFault({
		kind: 'status',
		status: 500,
		body: { code: 'INTERNAL', message: 'Broken' },
		times: 99,
	});
	const outcome = await bench.run(getMany, [{}], WITH_ERROR_OUTPUT);
	expect(onlyError(outcome)).toMatchObject({ message: 'Broken [item 0]', httpCode: '500' });
	expect(outcome.items(NODE, 1)[0]?.pairedItem).toEqual({ item: 0 });
});
