import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { setLimits } from '../../engine/engine';
import { images, type NodeSettings } from '../../engine/workflows';
import type { LoggedRequest } from '../../sandbox';
import { createEdit } from '../../sandbox/testClient';
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
export const three: IDataObject[] = [{ prompt: 'a' }, { prompt: 'b' }, { prompt: 'c' }];
export const retry: NodeSettings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

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
	await createEdit(
		bench.sandbox,
		{ prompt: 'a', image_urls: ['https://example.com/1.png'], num_images: 1 },
		{ client_ref: lastReference() },
	);
}
