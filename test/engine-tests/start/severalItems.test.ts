import type { IRunExecutionData } from 'n8n-workflow';

import { WAN } from '../../engine/workflows';
import { bench, CREATE, LIST, paid, parameters, posts, retry, three } from './scene';

describe('an error among several items', () => {
	it('lists the runs that the other items have started', async () => {
		const items = [{ prompt: 'a' }, { prompt: 'b', more: '{"unheard_of": 1}' }, { prompt: 'c' }];
		const outcome = await bench.run(
			{
				...parameters,
				completion: 'immediately',
				options: { additionalInput: '={{ $json.more }}' },
			},
			items,
		);
		const [a, c] = ['a', 'c'].map(
			(prompt) => bench.sandbox.acceptedRuns().find(({ input }) => input.prompt === prompt)?.id,
		);
		expect(outcome.error).toMatchObject({
			httpCode: '422',
			context: { itemIndex: 1, startedRuns: { 0: a, 2: c } },
		});
		expect(outcome.error?.description).toContain(`• item 0: ${a}\n• item 2: ${c}`);
	});

	it('says of another item that it is not known whether its run was started', async () => {
		const of = (prompt: string) => ({
			...CREATE,
			where: ({ json }: { json: unknown }) =>
				(json as { input: { prompt: string } }).input.prompt === prompt,
		});
		bench.sandbox.addFault({ match: of('a'), kind: 'status', status: 402 });
		bench.sandbox.addFault({ match: of('b'), kind: 'reset-after' });
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 403 });
		const outcome = await bench.run({ ...parameters, completion: 'immediately' }, three);
		const [b, c] = ['b', 'c'].map((prompt) =>
			bench.sandbox.acceptedRuns().find(({ input }) => input.prompt === prompt),
		);
		expect(outcome.error?.message).toContain('[item 0]');
		expect(outcome.error?.description).toContain(
			`• item 1: not known whether it was started, look for the Client Reference ${b?.clientRef} under Runs in Runflow\n• item 2: ${c?.id}`,
		);
		expect(outcome.error).toMatchObject({ context: { startedRuns: { 2: c?.id } } });
	});

	it('lets a retried execution look them up', async () => {
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 402 });
		const failed = await bench.run(parameters, three);
		expect(failed.error).toMatchObject({ httpCode: '402' });
		expect(paid()).toHaveLength(2);

		const retried = await bench.engine.retry(failed);
		expect(retried.error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'b', 'c']);
		expect(retried.items(WAN).map(({ json, pairedItem }) => [json.status, pairedItem])).toEqual([
			['succeeded', { item: 0 }],
			['succeeded', { item: 1 }],
			['succeeded', { item: 2 }],
		]);
	});

	it('are named by a retried execution that cannot look them up, where it does not wait for them', async () => {
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 402 });
		const failed = await bench.run({ ...parameters, completion: 'immediately' }, three.slice(0, 2));
		const [run] = bench.sandbox.acceptedRuns();
		const match = { method: 'GET', path: `/v1/runs/${run?.id}` };
		bench.sandbox.addFault({ match, kind: 'reset-before' });
		const retried = await bench.engine.retry(failed);
		expect(retried.error).toMatchObject({
			message: 'Runflow did not answer [item 0]',
			context: { runId: run?.id, itemIndex: 0 },
		});
		expect(paid().sort()).toEqual(['a', 'b']);
	});

	it('keeps them over a retried execution that is refused', async () => {
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 402 });
		const named = (clientReference: string) => ({
			options: { pollingInterval: 0.02, clientReference },
		});
		const failed = await bench.run({ ...parameters, ...named('a') }, three.slice(0, 2));
		expect(paid()).toEqual(['a']);

		const again = async (outcome: typeof failed, words: string) => {
			const { workflow } = outcome.stored;
			const nodes = workflow.nodes.map((node) =>
				node.name === WAN ? { ...node, parameters: { ...node.parameters, ...named(words) } } : node,
			);
			const data = JSON.parse(outcome.stored.data) as IRunExecutionData;
			for (const { node } of data.executionData?.nodeExecutionStack ?? []) {
				if (node.name === WAN) Object.assign(node.parameters, named(words));
			}
			const stored = { workflow: { ...workflow, nodes }, data: JSON.stringify(data) };
			return await bench.engine.retry({ ...outcome, stored });
		};
		const refused = await again(failed, 'x'.repeat(300));
		expect(refused.error?.message).toContain('Client Reference has 300 characters');
		const done = await again(refused, 'a');
		expect(done.error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'b']);
	});

	it('lets a retried execution look them up, also where what goes with the input has changed', async () => {
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 402 });
		const failed = await bench.run(
			{
				...parameters,
				options: { pollingInterval: 0.02, metadataJson: '={{ { execution: $execution.id } }}' },
			},
			three,
		);
		expect((await bench.engine.retry(failed)).error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'b', 'c']);
	});

	it('finds a lost start for each retry of the execution', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 403 });
		const failed = await bench.run(parameters, [{ prompt: 'a' }]);
		expect(failed.error).toBeDefined();
		const retried = await bench.engine.retry(failed);
		expect(retried.error).toBeUndefined();
		const again = await bench.engine.retry(failed);
		expect(again.error).toBeUndefined();
		expect(again.items(WAN)[0]?.json.id).toBe(retried.items(WAN)[0]?.json.id);
		expect(paid()).toEqual(['a']);
	});

	it('finds a lost start also where its prompt is another one at each try', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 403 });
		const outcome = await bench.run(
			{ ...parameters, prompt: '={{ "cat " + Math.random() }}' },
			[{}],
			retry,
		);
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN)[0]?.json.id).toBe(bench.sandbox.acceptedRuns()[0]?.id);
		expect(posts()).toBe(1);
	});

	it('lists nothing where the node continues, since nothing is lost', async () => {
		const items = [{ prompt: 'a' }, { prompt: 'b', more: '{"unheard_of": 1}' }];
		const outcome = await bench.run(
			{
				...parameters,
				completion: 'immediately',
				options: { additionalInput: '={{ $json.more }}' },
			},
			items,
			{ onError: 'continueErrorOutput' },
		);
		expect(JSON.stringify(outcome.items(WAN, 1))).not.toContain('other items');
	});

	it('lists the runs of the others beside a refused item, where they go in batches', async () => {
		const outcome = await bench.run(
			{
				...parameters,
				completion: 'immediately',
				requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 20 } } },
			},
			[{ prompt: '' }, { prompt: 'b' }],
		);
		expect(outcome.error?.message).toBe('Prompt is empty [item 0]');
		expect(outcome.error?.description).toContain(`item 1: ${bench.sandbox.acceptedRuns()[0]?.id}`);
	});
});
