import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { setTimeout as wait } from 'node:timers/promises';

import type { TestFiles } from '../../engine/binaryData';
import { setLimits, type Outcome } from '../../engine/engine';
import { images, type NodeSettings } from '../../engine/workflows';
import type { LoggedRequest } from '../../sandbox';
import { createEdit } from '../../sandbox/testClient';
import { until } from '../../until';
import { useBench } from '../context';

/** What the tests of one file share. */
export const bench = useBench();

// A request that got no answer is looked for four times, the last time after that.
beforeAll(() => {
	setLimits(bench.engine, { runShown: 1500 });
});
jest.setTimeout(60_000);

export const CREATE = { method: 'POST', path: '/runs' };
export const LIST = { method: 'GET', path: /^\/v1\/runs$/ };

export const parameters: INodeParameters = {
	operation: 'proEdit',
	prompt: '={{ $json.prompt }}',
	images: images('https://example.com/1.png'),
	options: { pollingInterval: 0.02 },
};
/** What these send for the prompt a. */
export const INPUT = { prompt: 'a', image_urls: ['https://example.com/1.png'], num_images: 1 };
/**
 * How much older (ms) a run is than those of the execution, to differ from them: Runflow's times are in whole seconds, and a
 * busy machine reads them late.
 */
export const OLDER = 10_000;
export const three: IDataObject[] = [{ prompt: 'a' }, { prompt: 'b' }, { prompt: 'c' }];
export const retry: NodeSettings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

/** What ends the first try while its first item is under way: n8n cannot read the second one. */
export const secondUnreadable: INodeParameters = {
	prompt: "={{ $itemIndex === 1 && !$vars.nextTry ? $('Nowhere').item.json.x : $json.prompt }}",
	requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 20 } } },
};

/** Runs the node over two items. Between the first try and the next one, it sets the variable that makes both readable. */
export async function runTwice(
	node: INodeParameters,
	waitBetweenTries: number,
	files?: TestFiles[],
): Promise<Outcome> {
	bench.engine.variables.nextTry = '';
	const running = bench.run(node, three.slice(0, 2), { ...retry, waitBetweenTries }, files);
	await until(() => bench.sandbox.posts().length > 0);
	await wait(waitBetweenTries / 2);
	bench.engine.variables.nextTry = 'yes';
	return await running;
}

/** The prompts of the runs that were accepted, so are paid for if they succeed. */
export function paid(): unknown[] {
	return bench.sandbox.acceptedRuns().map(({ input }) => input.prompt);
}

export function posts(): number {
	return bench.sandbox.posts('/runs').length;
}

/** The requests for the list of runs. */
export function listReads(): LoggedRequest[] {
	return bench.sandbox.requests.filter(
		({ method, path }) => method === 'GET' && path === '/v1/runs',
	);
}

/** The name of the last create request. */
export function lastReference(): string {
	const { client_ref } = bench.sandbox.posts('/runs').at(-1)?.json as { client_ref: string };
	return client_ref;
}

/** Has Runflow accept the last create request, late. */
export async function startLate(): Promise<void> {
	await createEdit(bench.sandbox, INPUT, { client_ref: lastReference() });
}
