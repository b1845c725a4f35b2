import type { INodeParameters, IRunExecutionData } from 'n8n-workflow';

import type { Outcome } from '../../engine/engine';
import { binary, images, sources, WAN } from '../../engine/workflows';
import { gradientPng } from '../../sandbox/media/png';
import { bench, CREATE, paid, parameters } from './scene';

const two = [{ prompt: 'a' }, { prompt: 'b' }];
const file = (color: number, fileName = '1.png') => ({
	base64: gradientPng(32, 24, color).toString('base64'),
	mimeType: 'image/png',
	fileName,
});

/** An execution in which the run of the first item was started, and that of the second one refused. */
async function failedExecution(
	more: INodeParameters = {},
	files: Parameters<typeof bench.run>[3] = [],
): Promise<Outcome> {
	bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 402 });
	const failed = await bench.run({ ...parameters, ...more }, two, {}, files);
	expect(failed.error).toMatchObject({ httpCode: '402' });
	expect(paid()).toEqual(['a']);
	return failed;
}

/** Retries it after the user has changed the node. */
async function retryWith(failed: Outcome, more: INodeParameters): Promise<Outcome> {
	const { workflow } = failed.stored;
	const data = JSON.parse(failed.stored.data) as IRunExecutionData;
	const nodes = structuredClone(workflow.nodes);
	const stacked = (data.executionData?.nodeExecutionStack ?? []).map(({ node }) => node);
	for (const node of [...nodes, ...stacked]) {
		if (node.name === WAN) Object.assign(node.parameters, more);
	}
	const stored = { workflow: { ...workflow, nodes }, data: JSON.stringify(data) };
	return await bench.engine.retry({ ...failed, stored });
}

describe('a retried execution takes the run that its item has started', () => {
	it('though its links are signed again', async () => {
		const signed = (name: string) => `=https://a.example/${name}.png?sig={{ $execution.id }}`;
		const failed = await failedExecution({ images: images(signed('1'), signed('2')) });
		expect((await bench.engine.retry(failed)).error).toBeUndefined();
		expect(paid()).toEqual(['a', 'b']);
	});

	it('though its file is in another binary field now', async () => {
		const files = [1, 2].map((color) => ({ data: file(color), copy: file(color) }));
		const failed = await failedExecution({ images: sources(binary('data')) }, files);
		const retried = await retryWith(failed, { images: sources(binary('copy')) });
		expect(retried.error).toBeUndefined();
		expect(paid()).toEqual(['a', 'b']);
	});

	it('also where another Retry was refused for an invalid input', async () => {
		const failed = await failedExecution();
		const refused = await retryWith(failed, {
			options: { pollingInterval: 0.02, seed: 'not a number' },
		});
		expect(refused.error?.message).toContain('Seed');
		const retried = await retryWith(refused, { options: parameters.options });
		expect(retried.error).toBeUndefined();
		expect(paid()).toEqual(['a', 'b']);
	});
});

describe('a retried execution starts another run', () => {
	it('for another prompt', async () => {
		const failed = await failedExecution();
		const retried = await retryWith(failed, { prompt: '={{ $json.prompt }} in blue' });
		expect(retried.error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'a in blue', 'b in blue']);
	});

	it('where only the second of two signed links is another one', async () => {
		const signed = (name: string) => `https://a.example/${name}.png?sig=1`;
		const failed = await failedExecution({ images: images(signed('1'), signed('2')) });
		const retried = await retryWith(failed, { images: images(signed('1'), signed('3')) });
		expect(retried.error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'a', 'b']);
	});

	it('for another file', async () => {
		const files = [1, 2].map((color) => ({ data: file(color), other: file(color + 2, '2.png') }));
		const failed = await failedExecution({ images: sources(binary('data')) }, files);
		const retried = await retryWith(failed, { images: sources(binary('other')) });
		expect(retried.error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'a', 'b']);
	});
});
