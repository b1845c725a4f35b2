import type { INodeParameters, IRunExecutionData } from 'n8n-workflow';

import type { Outcome } from '../../engine/engine';
import { binary, images, sources, WAN } from '../../engine/workflows';
import { gradientPng } from '../../sandbox/media/png';
import { bench, paid, parameters, listReads } from './scene';

/** @param end what follows the image */
const file = (end = '') => ({
	base64: Buffer.concat([gradientPng(32, 24, 1), Buffer.from(end)]).toString('base64'),
	mimeType: 'image/png',
	fileName: '1.png',
});
type Files = NonNullable<Parameters<typeof bench.run>[3]>;

/** An execution that has failed since it did not wait for its run, which has succeeded meanwhile. */
async function failedExecution(more: INodeParameters = {}, files: Files = []): Promise<Outcome> {
	bench.sandbox.configure({ manual: true });
	const options = { pollingInterval: 0.02, maximumWait: 0.002 };
	const node = { ...parameters, ...more, options };
	const failed = await bench.run(node, [{ prompt: 'a' }], {}, files);
	expect(failed.error?.message).toContain('The run is not finished');
	bench.sandbox.configure({ manual: false });
	bench.sandbox.finishRun(bench.sandbox.acceptedRuns()[0]?.id ?? '');
	return failed;
}

/** Retries it after the user has changed the node. */
async function retryWith(failed: Outcome, more: INodeParameters = {}): Promise<Outcome> {
	const { workflow } = failed.stored;
	const data = JSON.parse(failed.stored.data) as IRunExecutionData;
	const nodes = structuredClone(workflow.nodes);
	const stacked = (data.executionData?.nodeExecutionStack ?? []).map(({ node }) => node);
	for (const node of [...nodes, ...stacked]) {
		if (node.name !== WAN) continue;
		Object.assign(node.parameters, { options: parameters.options }, more);
	}
	const stored = { workflow: { ...workflow, nodes }, data: JSON.stringify(data) };
	return await bench.engine.retry({ ...failed, stored });
}

function ids(outcome: Outcome): unknown[] {
	return outcome.items(WAN).map(({ json }) => json.id);
}

describe('a retried execution reads the run that its item has started, without a look into the list', () => {
	function expectTaken(retried: Outcome): void {
		expect(retried.error).toBeUndefined();
		expect(ids(retried)).toEqual(bench.sandbox.acceptedRuns().map(({ id }) => id));
		expect(paid()).toEqual(['a']);
		expect(listReads()).toEqual([]);
	}

	it('though its links are signed again', async () => {
		const signed = (name: string) => `=https://a.example/${name}.png?sig={{ $execution.id }}`;
		const failed = await failedExecution({ images: images(signed('1'), signed('2')) });
		expectTaken(await retryWith(failed));
	});

	it('though its file is in another binary field now', async () => {
		const files = [{ data: file(), copy: file() }];
		const failed = await failedExecution({ images: sources(binary('data')) }, files);
		expectTaken(await retryWith(failed, { images: sources(binary('copy')) }));
	});

	it('also where another Retry was refused for an invalid input', async () => {
		const failed = await failedExecution();
		const refused = await retryWith(failed, { options: { seed: 'not a number' } });
		expect(refused.error?.message).toContain('Seed');
		expectTaken(await retryWith(refused));
	});

	it('also where its first read fails: it waits for the run', async () => {
		const failed = await failedExecution();
		const match = { method: 'GET', path: /\/runs\/[^/]+$/ };
		bench.sandbox.addFault({ match, kind: 'status', status: 503 });
		expectTaken(await retryWith(failed));
	});
});

describe('a retried execution starts another run', () => {
	async function expectStarted(failed: Outcome, more: INodeParameters): Promise<void> {
		const retried = await retryWith(failed, more);
		expect(retried.error).toBeUndefined();
		const [, second, ...others] = bench.sandbox.acceptedRuns();
		expect(others).toEqual([]);
		expect(ids(retried)).toEqual([second?.id]);
	}

	it('for another prompt', async () => {
		const failed = await failedExecution();
		await expectStarted(failed, { prompt: '={{ $json.prompt }} in blue' });
		expect(paid()).toEqual(['a', 'a in blue']);
	});

	it('where only the second of two signed links is another one', async () => {
		const signed = (name: string) => `https://a.example/${name}.png?sig=1`;
		const failed = await failedExecution({ images: images(signed('1'), signed('2')) });
		await expectStarted(failed, { images: images(signed('1'), signed('3')) });
	});

	it('for another file, even of the same name and length', async () => {
		const files = [{ data: file('a'), other: file('b') }];
		const failed = await failedExecution({ images: sources(binary('data')) }, files);
		await expectStarted(failed, { images: sources(binary('other')) });
	});
});
