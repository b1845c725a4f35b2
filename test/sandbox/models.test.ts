import { startSandbox, type Json, type JsonObject, type Sandbox, type Switches } from './index';
import { MODELS } from './models';
import { at, badFields, call, textAt } from './testClient';

const PRO_EDIT = '/v1/models/alibaba/wan/v2.7/pro/edit';
const PUBLIC = '/v1/public/models';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ manual: true });
});

afterEach(() => {
	sandbox.reset();
});

afterAll(async () => {
	await sandbox.close();
});

async function itemsOf(path: string): Promise<readonly Json[]> {
	const items = at((await call(sandbox, path)).json, 'items');
	const list: readonly Json[] = Array.isArray(items) ? items : [];
	return list;
}

async function slugs(path: string): Promise<readonly (Json | undefined)[]> {
	return (await itemsOf(path)).map((item) => at(item, 'slug'));
}

/** A field of a model's input schema. */
async function inputOf(model: string, name: string): Promise<Json | undefined> {
	const { json } = await call(sandbox, `/v1/models/${model}?embed=inputs`);
	const inputs = at(json, 'inputs');
	const list: readonly Json[] = Array.isArray(inputs) ? inputs : [];
	return list.find((field) => at(field, 'name') === name);
}

async function run(model: string, input: JsonObject) {
	return await call(sandbox, `/v1/models/${model}/runs`, { body: { input } });
}

describe('The public list of models', () => {
	it('needs no key and has the active models, whatever the filter says', async () => {
		sandbox.configure({ filters: 'exact' });
		const response = await fetch(`${sandbox.url}${PUBLIC}`);
		const body = (await response.json()) as Json;
		expect(at(body, 'items')).toHaveLength(MODELS.length - 1);
		expect(await slugs(`${PUBLIC}?q=status_code.eq:'inactive'`)).toEqual([]);
		expect(await slugs(PUBLIC)).not.toContain('sandbox/inactive');
		expect(await slugs(PUBLIC)).toContain('sandbox/unavailable');
	});

	it('may be missing', async () => {
		sandbox.configure({ publicModels: 'missing' });
		expect((await call(sandbox, PUBLIC)).status).toBe(404);
		expect((await call(sandbox, '/v1/models')).status).toBe(200);
	});

	it.each([
		'embed=nope',
		'fields=slug,nope',
		'sort_by=price:asc',
		'sort_by=name',
		'limit=0',
		'limit=501',
		'pq=nope',
		'q=name:Upscale',
	])('refuses %s', async (query) => {
		const { status, json } = await call(sandbox, `${PUBLIC}?${query}`);
		expect([status, badFields(json)]).toEqual([422, [`query.${query.split('=')[0] ?? ''}`]]);
	});
});

describe('The list of models', () => {
	it('needs a key, and has inactive models too', async () => {
		expect((await fetch(`${sandbox.url}/v1/models`)).status).toBe(401);
		expect(await slugs('/v1/models')).toEqual(MODELS.map(({ id }) => id));
	});

	it('has these fields, and a page of cursors', async () => {
		const { json } = await call(sandbox, '/v1/models?limit=1');
		expect(json).toEqual({
			items: [
				{
					id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
					slug: 'alibaba/wan/v2.7/pro/edit',
					name: 'Wan 2.7 - Pro Edit',
					description: null,
					category_code: 'image-to-image',
					status_code: 'active',
					availability_status: 'available',
					license_code: 'commercial',
					max_resolution: null,
					pricing_note: '$0.075 per image',
					created_at: expect.stringMatching(/\+00:00$/) as string,
					updated_at: expect.stringMatching(/\+00:00$/) as string,
				},
			],
			first: expect.any(String) as string,
			next: expect.any(String) as string,
			previous: null,
		});
	});

	it('may have other cursors, or be an array', async () => {
		sandbox.configure({ pagingSpelling: 'next_pq' });
		expect((await call(sandbox, '/v1/models')).json).toMatchObject({ next_pq: null });
		sandbox.configure({ modelListShape: 'array' });
		expect((await call(sandbox, '/v1/models?limit=1')).json).toHaveLength(MODELS.length);
	});

	it('can be sorted, filtered and projected', async () => {
		sandbox.configure({ filters: 'exact' });
		const [first] = await slugs('/v1/models?sort_by=name:desc&limit=1');
		expect(first).toBe('alibaba/wan/v2.7/text-to-video');
		expect(
			await itemsOf(
				"/v1/models?fields=slug,name&q=category_code.EQ:'image-to-image' AND name.EQ:'Upscale'",
			),
		).toEqual([{ slug: 'sandbox/upscale', name: 'Upscale' }]);
	});

	it('may have 1,000 models, all of which can be read and run', async () => {
		sandbox.configure({ catalogueSize: 1000 });
		const first = (await call(sandbox, '/v1/models?limit=500')).json;
		const second = (await call(sandbox, `/v1/models?limit=500&pq=${textAt(first, 'next')}`)).json;
		expect(at(second, 'items')).toHaveLength(500);
		expect(at(second, 'next')).toBeNull();
		const last = textAt(second, 'items', -1, 'slug');
		expect(at((await call(sandbox, `/v1/models/${last}`)).json, 'name')).toBe('Added Model 0987');
		expect((await run(last, { prompt: 'A shoe' })).status).toBe(201);
	});
});

describe('One model', () => {
	const encoded = `/v1/models/alibaba/${encodeURIComponent('wan/v2.7/pro/edit')}`;
	const upscale = '/v1/models/sandbox/upscale';

	it.each<[Switches['modelPath'], readonly number[]]>([
		['segments', [200, 404, 200]],
		['encoded', [404, 200, 200]],
		['refused', [404, 404, 200]],
	])('with a path of several segments is %s', async (modelPath, statuses) => {
		sandbox.configure({ modelPath });
		const replies = await Promise.all(
			[PRO_EDIT, encoded, upscale].map((path) => call(sandbox, path)),
		);
		expect(replies.map(({ status }) => status)).toEqual(statuses);
	});

	it('is found by its id, and nowhere else', async () => {
		sandbox.configure({ modelPath: 'refused' });
		const id = textAt((await itemsOf('/v1/models?limit=1'))[0], 'id');
		const { json } = await call(sandbox, `/v1/models/alibaba/${id}`);
		expect(at(json, 'slug')).toBe('alibaba/wan/v2.7/pro/edit');
		expect((await call(sandbox, `/v1/models/sandbox/${id}`)).status).toBe(404);
		expect(at((await call(sandbox, '/v1/models/sandbox/nope')).json, 'code')).toBe(
			'MODEL_NOT_FOUND',
		);
	});

	it('may have a slug without its owner', async () => {
		sandbox.configure({ modelSlug: 'without-owner' });
		expect((await call(sandbox, PRO_EDIT)).json).toMatchObject({
			slug: 'wan/v2.7/pro/edit',
			creator: { slug: 'alibaba' },
		});
	});
});

describe('The input schema', () => {
	it.each<[Switches['modelInputs'], readonly boolean[]]>([
		['always', [true, true, true, true]],
		['embed', [false, true, false, true]],
		['single', [false, false, true, true]],
		['never', [false, false, false, false]],
	])('is there %s', async (modelInputs, wanted) => {
		sandbox.configure({ modelInputs });
		const list = `${PUBLIC}?limit=1`;
		const records = await Promise.all([
			itemsOf(list).then(([first]) => first),
			itemsOf(`${list}&embed=inputs`).then(([first]) => first),
			call(sandbox, PRO_EDIT).then(({ json }) => json),
			call(sandbox, `${PRO_EDIT}?embed=inputs`).then(({ json }) => json),
		]);
		expect(records.map((record) => at(record, 'inputs') !== undefined)).toEqual(wanted);
	});

	it('has these fields', async () => {
		expect(await inputOf('sandbox/text-to-image/v1', 'num_images')).toEqual({
			name: 'num_images',
			display_name: 'Num Images',
			description: null,
			variable_type_code: 'integer',
			default_behavior_code: 'default',
			validator_code: 'range',
			validator_attrs: { min: 1, max: 8 },
			is_required: false,
			default_value: 1,
			sort_order: 2,
			is_featured: false,
		});
	});

	it('is listed by name: the order of the page is sort_order', async () => {
		const { json } = await call(sandbox, '/v1/models/sandbox/text-to-image/v1?embed=inputs');
		const inputs = at(json, 'inputs');
		const list: readonly Json[] = Array.isArray(inputs) ? inputs : [];
		expect(list.map((field) => [at(field, 'name'), at(field, 'sort_order')])).toEqual([
			['enable_safety_checker', 4],
			['num_images', 2],
			['prompt', 0],
			['seed', 3],
			['style', 1],
		]);
	});

	it.each<[Switches['validatorSpelling'], string | null, JsonObject | null]>([
		['choices', 'choice', { choices: ['row', 'column', 'grid'] }],
		['enum', 'enum', { enum: ['row', 'column', 'grid'] }],
		[
			'options',
			'select',
			{
				options: [
					{ value: 'row', label: 'Row' },
					{ value: 'column', label: 'Column' },
					{ value: 'grid', label: 'Grid' },
				],
			},
		],
		['values', 'one_of', { values: ['row', 'column', 'grid'] }],
		['none', null, null],
	])('spells choices as %s', async (validatorSpelling, code, attrs) => {
		sandbox.configure({ validatorSpelling });
		expect(await inputOf('sandbox/combine/images', 'layout')).toMatchObject({
			variable_type_code: 'string',
			validator_code: code,
			validator_attrs: attrs,
		});
	});

	it('has nested fields, and a type that no page names', async () => {
		expect(await inputOf('sandbox/combine/images', 'canvas')).toMatchObject({
			variable_type_code: 'json',
			validator_attrs: {
				fields: [
					{ name: 'width', variable_type_code: 'integer', is_required: true },
					{ name: 'height', variable_type_code: 'integer', is_required: true },
					{ name: 'color', variable_type_code: 'string', default_value: '#ffffff' },
				],
			},
		});
		expect(await inputOf('sandbox/custom', 'weights')).toMatchObject({
			variable_type_code: 'lora_list',
			validator_code: null,
		});
		const { json } = await call(sandbox, '/v1/models/sandbox/random-image?embed=inputs');
		expect(at(json, 'inputs')).toEqual([]);
	});
});

describe('A run of any model', () => {
	const picture = (): string => sandbox.sampleUrl('sneaker.png');
	const clip = (): string => sandbox.sampleUrl('clip.mp4');
	const voice = (): string => sandbox.sampleUrl('voice.wav');

	it.each<[string, () => JsonObject, string, string | undefined]>([
		[
			'alibaba/wan/v2.7/text-to-video',
			() => ({ prompt: 'A shoe', aspect_ratio: '1:1', audio_url: voice(), duration: 2 }),
			'0.2000',
			'video',
		],
		[
			'sandbox/text-to-image/v1',
			() => ({ prompt: 'A shoe', style: '3d', num_images: 8 }),
			'0.1600',
			'image',
		],
		['sandbox/upscale', () => ({ image: picture(), factor: 1.5 }), '0.0100', 'image'],
		[
			'sandbox/combine/images',
			() => ({
				images: [picture(), picture()],
				layout: 'row',
				canvas: { width: 64, height: 64 },
			}),
			'0.0500',
			'image',
		],
		[
			'sandbox/restyle/video/fast',
			() => ({ video: clip(), soundtrack: voice(), strength: 0.5, keep_sound: false }),
			'0.2000',
			'video',
		],
		['sandbox/text-to-speech', () => ({ text: 'Hello', voice: 'high' }), '0.0010', 'audio'],
		['sandbox/describe-image', () => ({ image_url: picture() }), '0.0020', undefined],
		['sandbox/random-image', () => ({}), '0.0050', 'image'],
		[
			'sandbox/custom',
			() => ({ prompt: 'A shoe', weights: [{ path: 'a', scale: 1 }], extra: [1, 'a'] }),
			'0.0300',
			'image',
		],
	])('%s ends with its output', async (model, input, cost, type) => {
		const created = await run(model, input());
		expect([created.status, created.text]).toEqual([201, expect.any(String)]);
		const id = textAt(created.json, 'id');
		sandbox.finishRun(id);
		const { json } = await call(sandbox, `/v1/runs/${id}`);
		expect(json).toMatchObject({ status_code: 'succeeded', cost });
		expect(at(json, 'output', 'outputs')).toBeInstanceOf(Array);
		expect(at(json, 'output', 'outputs', 0, 'type')).toBe(type);
		if (type === undefined) return;
		const file = await fetch(textAt(json, 'output', 'outputs', 0, 'url'));
		expect((await file.blob()).type).toMatch(new RegExp(`^${type}/`));
	});

	it.each<[string, JsonObject, readonly string[]]>([
		['alibaba/wan/v2.7/text-to-video', {}, ['prompt']],
		['alibaba/wan/v2.7/text-to-video', { prompt: 'x'.repeat(5001) }, ['prompt']],
		['alibaba/wan/v2.7/text-to-video', { prompt: 'x', aspect_ratio: '2:1' }, ['aspect_ratio']],
		['alibaba/wan/v2.7/text-to-video', { prompt: 'x', duration: 16 }, ['duration']],
		['alibaba/wan/v2.7/text-to-video', { prompt: 'x', image_url: 'https://a/b' }, ['image_url']],
		['sandbox/upscale', { image: 'https://a/b.png', factor: '2' }, ['factor']],
		['sandbox/upscale', { image: 'https://a/b.png', factor: 4.5 }, ['factor']],
		['sandbox/combine/images', { images: ['https://a/b.png'], layout: 'row' }, ['images']],
		[
			'sandbox/combine/images',
			{
				images: ['https://a/b.png', 'https://a/b.png'],
				layout: 'pile',
				canvas: { width: 63, color: '', depth: 1 },
			},
			['layout', 'canvas.width', 'canvas.height', 'canvas.color', 'canvas.depth'],
		],
		['sandbox/random-image', { prompt: 'x' }, ['prompt']],
		['sandbox/custom', { prompt: 'x', extra: null }, ['extra']],
	])('%s refuses %j', async (model, input, fields) => {
		const { status, json } = await run(model, input);
		expect([status, badFields(json)]).toEqual([422, fields.map((name) => `body.input.${name}`)]);
	});

	it.each([
		['sandbox/unavailable', 503, 'MODEL_UNAVAILABLE'],
		['sandbox/inactive', 404, 'MODEL_NOT_FOUND'],
		['sandbox/nope', 404, 'MODEL_NOT_FOUND'],
	])('%s is refused with %i', async (model, status, code) => {
		const reply = await run(model, { prompt: 'A shoe' });
		expect([reply.status, at(reply.json, 'code')]).toEqual([status, code]);
	});
});
