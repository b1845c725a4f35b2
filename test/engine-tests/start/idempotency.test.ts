import type { INodeParameters } from 'n8n-workflow';

import { jsonOf } from '../../engine/engine';
import { images, WAN, wanWorkflow } from '../../engine/workflows';
import { useBench } from '../context';

const bench = useBench();

const parameters: INodeParameters = {
	operation: 'proEdit',
	completion: 'immediately',
	prompt: 'Make it blue',
	images: images('https://example.com/1.png'),
};

function keys(): unknown[] {
	return bench.sandbox.posts('/runs').map(({ headers }) => headers['idempotency-key']);
}

it('sends a separate key for each item', async () => {
	await bench.run(parameters, [{}, {}]);
	expect(new Set(keys()).size).toBe(2);
	for (const key of keys()) expect(key).toMatch(/^[0-9a-f]{32}$/);
});

it('keeps an item’s key over all tries of one execution', async () => {
	bench.sandbox.addFault({ match: { method: 'POST' }, kind: 'status', status: 503, times: 2 });
	await bench.run(parameters, [{}], { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 });
	expect(keys()).toHaveLength(3);
	expect(new Set(keys()).size).toBe(1);
	expect(bench.sandbox.acceptedRuns()).toHaveLength(1);
});

it('changes with the execution, the node and the run of the node', async () => {
	await bench.engine.run(wanWorkflow(parameters), { executionId: '1' });
	// The database was restored: n8n counts executions from 1 again.
	await bench.engine.run(wanWorkflow(parameters), { executionId: '1' });
	expect(new Set(keys()).size).toBe(2);
	await bench.engine.run(wanWorkflow(parameters, [{}], { id: 'another' }), { executionId: '1' });
	expect(new Set(keys()).size).toBe(3);

	// Two branches meet at the node: it runs twice in one execution.
	const twice = wanWorkflow(parameters);
	const [before] = twice.nodes;
	if (before === undefined) throw new Error('The workflow has no first node');
	twice.nodes.push({ ...before, id: 'second', name: 'Second' });
	const [toWan] = twice.connections.Before?.main ?? [];
	twice.connections = {
		...twice.connections,
		Before: { main: [[...(toWan ?? []), { node: 'Second', type: 'main', index: 0 }]] },
		Second: { main: [toWan ?? []] },
	};
	const outcome = await bench.engine.run(twice, { executionId: '3' });
	expect(outcome.runs('Wan 2.7')).toBe(2);
	expect(new Set(keys()).size).toBe(5);
});

it.each([
	['the same body', 'Make it blue'],
	['another prompt', 'Make it red'],
])(
	'starts another run where a restored database gives an execution’s number again: %s',
	async (_title, prompt) => {
		bench.sandbox.configure({ idempotency: 'honoured' });
		const settings = { executionId: '5001' };
		await bench.engine.run(wanWorkflow(parameters), settings);
		const outcome = await bench.engine.run(wanWorkflow({ ...parameters, prompt }), settings);
		expect(outcome.error).toBeUndefined();
		const runs = bench.sandbox.acceptedRuns();
		expect(runs).toHaveLength(2);
		expect(jsonOf(outcome.items(WAN))).toMatchObject([{ id: runs[1]?.id }]);
		expect(new Set(keys()).size).toBe(2);
	},
);

it('sends the user’s own key as it is', async () => {
	await bench.run({ ...parameters, options: { idempotencyKey: '={{ $json.order }}' } }, [
		{ order: 'order-1001' },
		{ order: 1002 },
	]);
	expect(keys()).toEqual(['order-1001', '1002']);
	expect(bench.bodies()).toHaveLength(2);
	expect(JSON.stringify(bench.bodies())).not.toContain('order');
});

it.each([
	['ignored', 2],
	['honoured', 1],
] as const)(
	'sends the user’s own key in every execution, and keys are %s: runs: %d',
	async (idempotency, runs) => {
		bench.sandbox.configure({ idempotency });
		const own = { ...parameters, options: { idempotencyKey: 'order-1001' } };
		const both = [await bench.run(own), await bench.run(own)];
		expect(keys()).toEqual(['order-1001', 'order-1001']);
		expect(bench.sandbox.acceptedRuns()).toHaveLength(runs);
		const ids = both.flatMap((outcome) => jsonOf(outcome.items(WAN)).map(({ id }) => id));
		expect(ids).toHaveLength(2);
		expect(new Set(ids).size).toBe(runs);
	},
);
