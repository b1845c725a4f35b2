import { rawRun, readArtifacts, simplifyRun } from '../../../../nodes/shared/api/output';

const URL = 'https://storage.example/a.png?sig=1';

describe('what a run made', () => {
	it.each([
		[
			'outputs',
			{ outputs: [{ url: URL, type: 'image', width: 2, height: 3 }] },
			[{ url: URL, type: 'image', width: 2, height: 3 }],
		],
		[
			'outputs of a video',
			{ outputs: [{ url: URL, type: 'video', duration: 5, width: null }] },
			[{ url: URL, type: 'video', duration: 5 }],
		],
		[
			'image_urls',
			{ image_urls: [URL, URL] },
			[
				{ url: URL, type: 'image' },
				{ url: URL, type: 'image' },
			],
		],
		['images as texts', { images: [URL] }, [{ url: URL, type: 'image' }]],
		[
			'images as objects',
			{ images: [{ url: URL, width: 1 }] },
			[{ url: URL, type: 'image', width: 1 }],
		],
		['image', { image: { url: URL } }, [{ url: URL, type: 'image' }]],
		['video', { video: { url: URL } }, [{ url: URL, type: 'video' }]],
		['audio', { audio: { url: URL } }, [{ url: URL, type: 'audio' }]],
		['url', { url: URL }, [{ url: URL }]],
		['output_url', { output_url: URL }, [{ url: URL }]],
		[
			'outputs, some of which cannot be fetched',
			{ outputs: [{ url: 'runflow://assets/1', type: 'image' }, { url: URL }] },
			[{ url: 'runflow://assets/1', type: 'image' }, { url: URL }],
		],
		[
			'outputs that cannot be fetched, where nothing else can',
			{ outputs: [{ url: 'runflow://assets/1', width: 1 }] },
			[{ url: 'runflow://assets/1', width: 1 }],
		],
		[
			'what can be fetched beside outputs that cannot',
			{ outputs: [{ url: 'runflow://assets/1' }], image_urls: [URL] },
			[{ url: URL, type: 'image' }],
		],
		['ComfyUI', { '9': [URL], '12': [URL] }, [{ url: URL }, { url: URL }]],
	])('as %s', (_shape, output, artifacts) => {
		expect(readArtifacts(output)).toEqual(artifacts);
	});

	it.each([
		[null],
		[undefined],
		['x'],
		[[]],
		[{}],
		[{ outputs: [] }],
		[{ outputs: [{ url: '' }, { url: 5 }, null, 'file:///etc/passwd'] }],
		[{ error: { message: 'x' } }],
	])('is nothing in %j', (output) => {
		expect(readArtifacts(output)).toEqual([]);
	});

	it('prefers outputs to the other shapes', () => {
		expect(readArtifacts({ image_urls: [URL], outputs: [{ url: `${URL}2` }] })).toEqual([
			{ url: `${URL}2` },
		]);
	});
});

describe('the simplified run', () => {
	const NAMES = [
		'id',
		'status',
		'outputs',
		'seed',
		'nsfw_detected',
		'cost',
		'duration_ms',
		'created_at',
		'completed_at',
		'metadata',
		'client_ref',
	];

	it('always has the same eleven fields', () => {
		expect(Object.keys(simplifyRun({}))).toEqual(NAMES);
		expect(
			Object.keys(simplifyRun({ id: '1', status_code: 'queued', input: {}, org_id: 'x' })),
		).toEqual(NAMES);
	});

	it('reads the older spellings too', () => {
		expect(
			simplifyRun({
				run_id: '1',
				status: 'canceled',
				finished_at: 'then',
				output: { seed: 0, nsfw_detected: false },
			}),
		).toMatchObject({
			id: '1',
			status: 'cancelled',
			completed_at: 'then',
			seed: 0,
			nsfw_detected: false,
		});
	});

	it.each([
		['0.5000', 0.5],
		[' 12 ', 12],
		[0.75, 0.75],
		['free', 'free'],
		['', ''],
	])('has the cost that Runflow says, as a number: %j', (cost, number) => {
		const input = { duration: 5, resolution: '1080p' };
		const run = { id: '1', status_code: 'succeeded', input, cost };
		expect(simplifyRun(run).cost).toBe(number);
		expect(simplifyRun({ ...run, cost: null }).cost).toBeNull();
	});
});

it('keeps what a model made that is no file', () => {
	const output = { model_data: { description: 'A picture.' }, seed: 1 };
	const simplified = (run: object) => simplifyRun({ status_code: 'succeeded', output, ...run });
	expect(simplified({})).toMatchObject({ outputs: [], seed: 1, output });
	const files = { outputs: [{ url: 'https://x.example/a.png' }], ...output };
	for (const run of [
		{ output: files },
		{ output: null },
		{ output: {} },
		{ status_code: 'failed' },
	]) {
		expect(simplified(run)).not.toHaveProperty('output');
	}
});

it('says of a simplified run without a result why it has none', () => {
	expect(simplifyRun({ status: 'failed', failure_message: 'No', failure_code: 'x' })).toMatchObject(
		{
			failure_message: 'No',
			failure_code: 'x',
		},
	);
	expect(simplifyRun({ status: 'cancelled' })).toMatchObject({
		failure_message: null,
		failure_code: null,
	});
});

it('leaves an error of null out of a raw record, and only that', () => {
	expect(rawRun({ id: '1', error: null })).toEqual({ id: '1' });
	expect(rawRun({ id: '1', error: 'no', failure_code: null })).toEqual({
		id: '1',
		error: 'no',
		failure_code: null,
	});
});
