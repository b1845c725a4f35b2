import type { INodeParameters } from 'n8n-workflow';

import { keepBinaryData } from '../../engine/binaryData';
import { jsonOf, type Outcome } from '../../engine/engine';
import { binary, images, sources, url, WAN, wanWorkflow } from '../../engine/workflows';
import { gradientPng } from '../../sandbox/media/png';
import { until } from '../../until';
import { useBench } from '../context';

/** What Runflow's pages say in two ways, row by row. @see docs/readings.md */
const bench = useBench();

const edit: INodeParameters = {
	operation: 'proEdit',
	prompt: 'Make it blue',
	images: images('https://example.com/1.png'),
	options: { pollingInterval: 0.02 },
};
const four = [{}, {}, {}, {}];

function runIds(): string[] {
	return bench.sandbox.acceptedRuns().map(({ id }) => id);
}

// Several runs are read in the list, a single one by its id.
describe.each([1, 4])('records of %d runs', (count) => {
	it.each([
		['id', 'status_code'],
		['run_id', 'status'],
	] as const)('row 7: are read with %s and %s', async (idKey, statusKey) => {
		bench.sandbox.configure({ idKey, statusKey });
		const outcome = await bench.run(edit, four.slice(0, count));
		expect(outcome.error).toBeUndefined();
		const items = jsonOf(outcome.items(WAN));
		expect(items.map(({ status }) => status)).toEqual(Array(count).fill('succeeded'));
		expect(items.map(({ id }) => id).sort()).toEqual(runIds().sort());
	});

	it.each([
		['outputs', { type: 'image', width: 1024, height: 1024 }, 2],
		['image_urls', { type: 'image' }, 2],
		['images', { type: 'image' }, 2],
		['image_objects', { type: 'image' }, 2],
		['image', { type: 'image' }, 1],
		['url', {}, 1],
		['output_url', {}, 1],
		['comfy', {}, 2],
	] as const)('row 8: have outputs, spelled %s', async (outputShape, more, made) => {
		bench.sandbox.configure({ outputShape });
		const outcome = await bench.run({ ...edit, numberOfImages: 2 }, four.slice(0, count));
		const artifact = { url: expect.stringMatching(/\/outputs\//) as string, ...more };
		expect(jsonOf(outcome.items(WAN)).map(({ outputs }) => outputs)).toEqual(
			Array(count).fill(Array(made).fill(artifact)),
		);
	});
});

it.each([true, false])('row 5: a rate limit is waited out, Retry-After: %s', async (retryAfter) => {
	bench.sandbox.configure({ manual: true, rateLimit: { perSecond: 4, retryAfter } });
	const going = bench.run(edit, [{}, {}, {}]);
	await until(() => bench.sandbox.requests.some(({ status }) => status === 429));
	for (const id of runIds()) bench.sandbox.finishRun(id);
	const outcome = await going;
	expect(outcome.error).toBeUndefined();
	expect(outcome.items(WAN)).toHaveLength(3);
	expect(bench.sandbox.posts().map(({ status }) => status)).toEqual([201, 201, 201]);
});

it.each([
	['codes', 'status_code'],
	['stage', 'status'],
] as const)('row 7: the stage of a failure is shown, by %s', async (failureSpelling, statusKey) => {
	bench.sandbox.configure({ outcome: 'failed', failureSpelling, statusKey });
	expect((await bench.run(edit)).error?.description).toContain('Stage: preprocess');
});

it('row 13: nothing is cancelled at Runflow when Stop is pressed', async () => {
	bench.sandbox.configure({ manual: true });
	const running = bench.engine.start(wanWorkflow(edit));
	await until(() => bench.sandbox.requests.some(({ method }) => method === 'GET'));
	running.stop();
	expect((await running.outcome).status).toBe('canceled');
	const sent = bench.sandbox.requests.filter(({ method }) => method !== 'GET');
	expect(sent.map(({ path }) => path)).toEqual(['/v1/models/alibaba/wan/v2.7/pro/edit/runs']);
	expect(bench.sandbox.acceptedRuns()[0]?.status).toBe('queued');
});

describe.each(['accepted', 'rejected'] as const)(
	'row 14: by an API where asset references are %s',
	(assetRefs) => {
		const given = 'data:image/png;base64,iVBORw0KGgo=';
		const shoe = {
			base64: gradientPng(64, 48, 1).toString('base64'),
			mimeType: 'image/png',
			fileName: 'shoe.png',
		};
		const upload = { ...edit, images: sources(binary('data')) };

		/** The reference to an uploaded file, or the data: URI, that the run was given. */
		const sent = () =>
			bench.bodies().map((body) => (body as { input: { image_urls: string[] } }).input.image_urls);

		const expectOutcome = (outcome: Outcome) => {
			if (assetRefs === 'accepted') {
				expect(outcome.error).toBeUndefined();
				expect(bench.sandbox.acceptedRuns()).toHaveLength(1);
			} else {
				expect(outcome.error).toMatchObject({ httpCode: '422' });
				expect(outcome.error?.description).toContain("got 'runflow'");
				expect(bench.sandbox.acceptedRuns()).toEqual([]);
			}
		};

		beforeEach(async () => {
			await keepBinaryData('default');
			bench.sandbox.configure({ assetRefs });
		});

		it('a data: URI is validated, which came unchanged', async () => {
			const outcome = await bench.run({ ...edit, images: sources(url(given)) });
			expect(sent()).toEqual([[given]]);
			expectOutcome(outcome);
		});

		it('the reference to an uploaded file is validated', async () => {
			const outcome = await bench.run(upload, [{}], {}, [{ data: shoe }]);
			const [asset] = bench.sandbox.uploads();
			expect(sent()).toEqual([[`runflow://assets/${asset?.id ?? ''}`]]);
			expectOutcome(outcome);
		});

		it('the signed URL of an uploaded file is taken', async () => {
			const options = { ...(edit.options as INodeParameters), assetReference: 'signedUrl' };
			const outcome = await bench.run({ ...upload, options }, [{}], {}, [{ data: shoe }]);
			expect(outcome.error).toBeUndefined();
			expect(bench.sandbox.acceptedRuns()).toHaveLength(1);
		});
	},
);

it.each([200, 201] as const)(
	'row 21: a run was started where HTTP status %d says so',
	async (createStatus) => {
		bench.sandbox.configure({ createStatus });
		const outcome = await bench.run(edit);
		expect(jsonOf(outcome.items(WAN))).toMatchObject([{ id: runIds()[0], status: 'succeeded' }]);
		expect(bench.sandbox.posts().map(({ status }) => status)).toEqual([createStatus]);
		// An answer that is not understood sends the node to the list, where the run would be found as well.
		expect(bench.sandbox.requests.map(({ path }) => path)).not.toContain('/v1/runs');
	},
);

it('rows 16, 21: a run was started by any 2xx, also one whose id is no UUID', async () => {
	const record = { id: '01J0ABCDEF', status_code: 'queued' };
	const output = { url: 'https://example.com/1.png' };
	bench.sandbox.addFault({
		match: { method: 'POST' },
		kind: 'wrong-json',
		status: 202,
		body: record,
	});
	bench.sandbox.addFault({
		match: { method: 'GET', path: '/v1/runs/01J0ABCDEF' },
		kind: 'wrong-json',
		status: 200,
		body: { ...record, status_code: 'succeeded', output },
	});
	const outcome = await bench.run(edit);
	expect(outcome.error).toBeUndefined();
	expect(jsonOf(outcome.items(WAN))).toMatchObject([
		{ id: '01J0ABCDEF', status: 'succeeded', outputs: [output] },
	]);
	expect(bench.sandbox.posts()).toHaveLength(1);
});
