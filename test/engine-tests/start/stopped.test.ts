import type { INodeParameters } from 'n8n-workflow';

import type { Outcome } from '../../engine/engine';
import { binary, sources, WAN, wanWorkflow } from '../../engine/workflows';
import { gradientPng } from '../../sandbox/media/png';
import { until } from '../../until';
import { bench, CREATE, lastReference, LIST, parameters, posts, retry } from './scene';

const SESSION = { method: 'POST', path: /^\/v1\/asset-uploads$/ };

const immediately: INodeParameters = { ...parameters, completion: 'immediately' };
const withFile: INodeParameters = { ...immediately, images: sources(binary('data')) };
const base64 = gradientPng(32, 24, 1).toString('base64');
const files = [1, 2].map(() => ({ data: { base64, mimeType: 'image/png', fileName: '1.png' } }));
/** Long enough to press Stop before the second item. */
const inBatches = {
	requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 4500 } } },
};
const two = [{ prompt: 'a' }, { prompt: 'b' }];

function count(match: { method: string; path: string | RegExp }): number {
	return bench.sandbox.requests.filter(
		({ method, path }) => method === match.method && path.search(match.path) >= 0,
	).length;
}

/** Presses Stop once this holds. */
async function stopAfter(
	workflow: ReturnType<typeof wanWorkflow>,
	condition: () => boolean,
	mode: 'manual' | 'retry' = 'manual',
): Promise<Outcome> {
	const running = bench.engine.start(workflow, { mode });
	await until(condition);
	running.stop();
	return await running.outcome;
}

/** The error of an item, where the node continues. */
function errorOf(outcome: Outcome, itemIndex: number): unknown {
	return outcome
		.items(WAN, 1)
		.find(({ pairedItem }) => (pairedItem as { item: number }).item === itemIndex)?.json.error;
}

describe('after Stop', () => {
	it('no file of an item of a later batch is uploaded', async () => {
		const node = { ...withFile, ...inBatches };
		const workflow = wanWorkflow(node, two, { onError: 'continueErrorOutput' }, files);
		const outcome = await stopAfter(workflow, () => posts() > 0);
		expect(errorOf(outcome, 1)).toMatchObject({
			message: 'The request was canceled before it was sent [item 1]',
			description: 'No run was started.',
		});
		expect([posts(), count(SESSION)]).toEqual([1, 1]);
	});

	it('an item whose start of an earlier try is not clear says so', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 403 });
		const settings = { ...retry, waitBetweenTries: 500 };
		const workflow = wanWorkflow(immediately, [{ prompt: 'a' }], settings);
		const outcome = await stopAfter(workflow, () => count(LIST) > 0);
		expect(outcome.error?.message).toBe(
			'It is still not known whether an earlier try has started the run [item 0]',
		);
		expect(outcome.error?.description).toBe(
			`It is not known whether the run was started. Look at Runs in Runflow before you run this item again, so that you do not pay twice.\nClient Reference: ${lastReference()}`,
		);
		expect(posts()).toBe(1);
	});

	it('a retried execution says that a lost one may have started the run', async () => {
		bench.sandbox.addFault({ match: LIST, kind: 'slow', overMs: 200 });
		const workflow = wanWorkflow(immediately, [{ prompt: 'a' }]);
		const outcome = await stopAfter(workflow, () => count(LIST) > 0, 'retry');
		expect(outcome.status).toBe('canceled');
		expect(outcome.error?.message).toBe('The request was canceled before it was sent [item 0]');
		expect(outcome.error?.description).toMatch(
			/^An earlier execution may have started the run\. Retry the first, failed execution again: it continues with that run, or starts one if there is none\.\nClient Reference: n8n-Test-item-0-[0-9a-f]{32}$/,
		);
		expect(posts()).toBe(0);
	});

	it('a retried execution says so for an item of a later batch too', async () => {
		bench.sandbox.addFault({ match: LIST, kind: 'slow', overMs: 200 });
		const node = { ...immediately, ...inBatches };
		const workflow = wanWorkflow(node, two, { onError: 'continueErrorOutput' });
		const outcome = await stopAfter(workflow, () => count(LIST) > 0, 'retry');
		expect(errorOf(outcome, 1)).toMatchObject({
			message: 'The request was canceled before it was sent [item 1]',
			description:
				'An earlier execution may have started the run. Retry the first, failed execution again: it continues with that run, or starts one if there is none.',
		});
		expect(posts()).toBe(0);
	});
});
