import type { INodeListSearchItems } from 'n8n-workflow';

import { bench, editor } from './scene';

function reads(): string[] {
	return bench.sandbox.requests.map(({ path, query }) =>
		query.pq === undefined ? path : `${path} further`,
	);
}

describe('the list of models', () => {
	it('says what each model does and costs, by name, without those that cannot be run', async () => {
		const { results, paginationToken } = await editor().search();
		expect(paginationToken).toBeUndefined();
		expect(results.map(({ value }) => value).sort()).toEqual(
			[
				'alibaba/wan/v2.7/image-to-video',
				'alibaba/wan/v2.7/pro/edit',
				'alibaba/wan/v2.7/text-to-video',
				'sandbox/combine/images',
				'sandbox/custom',
				'sandbox/describe-image',
				'sandbox/random-image',
				'sandbox/restyle/video/fast',
				'sandbox/text-to-image/v1',
				'sandbox/text-to-speech',
				'sandbox/unavailable',
				'sandbox/upscale',
			].sort(),
		);
		const names = results.map(({ name }) => name);
		expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
		expect(results).toContainEqual<INodeListSearchItems>({
			name: 'Upscale · $0.01 per image · image-to-image',
			value: 'sandbox/upscale',
			url: 'https://docs.runflow.io/models/sandbox/upscale',
		});
		expect(names).toContain(
			'Unavailable Model · not available now · $0.02 per image · text-to-image',
		);
		expect(reads()).toEqual(['/v1/public/models']);
	});

	it('is read with the API key when there is no public list', async () => {
		bench.sandbox.configure({ publicModels: 'missing', modelSlug: 'without-owner' });
		const { results } = await editor().search();
		expect(results.map(({ value }) => value)).toContain('alibaba/wan/v2.7/pro/edit');
		expect(results.map(({ value }) => value)).not.toContain('sandbox/inactive');
		expect(reads()).toEqual(['/v1/public/models', '/v1/models']);
	});

	it('is loaded page by page: 1,000 models in 2 requests', async () => {
		bench.sandbox.configure({ catalogueSize: 1000 });
		const first = await editor().search();
		expect(first.results).toHaveLength(500);
		const second = await editor().search('', String(first.paginationToken));
		expect(second.results).toHaveLength(499);
		expect(second.paginationToken).toBeUndefined();
		expect(reads()).toEqual(['/v1/public/models', '/v1/public/models further']);
	});

	it.each([
		['Model 0987', ['sandbox/added/model-0987']],
		['wan edit', ['alibaba/wan/v2.7/pro/edit']],
		['VIDEO-TO-VIDEO', ['sandbox/restyle/video/fast']],
		['nothing like it', []],
	])('is searched through all of 1,000 models for %j', async (words, ids) => {
		bench.sandbox.configure({ catalogueSize: 1000 });
		const { results, paginationToken } = await editor().search(words);
		expect(results.map(({ value }) => value)).toEqual(ids);
		expect(paginationToken).toBeUndefined();
		expect(reads()).toHaveLength(2);
	});

	it('says why it cannot be loaded', async () => {
		bench.sandbox.addFault({ match: { method: 'GET' }, kind: 'status', status: 401, times: 9 });
		await expect(editor().search()).rejects.toMatchObject({
			message: 'Injected 401.',
			description: expect.stringContaining('The API key was not accepted') as string,
			httpCode: '401',
		});
	});
});
