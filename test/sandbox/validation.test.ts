import { startSandbox, type JsonObject, type Sandbox } from './index';
import { badFields, call, createEdit, createVideo, PRO_EDIT_PATH, VIDEO_PATH } from './testClient';

const URL_OK = 'https://example.com/a.png';
const CLIP_OK = 'https://example.com/a.mp4';
const VOICE_OK = 'https://example.com/a.wav';
const PNG_DATA = 'data:image/png;base64,iVBORw0KGgo=';

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

describe('Pro Edit input', () => {
	it.each<[string, JsonObject]>([
		['only what is required', {}],
		[
			'everything',
			{
				negative_prompt: 'x'.repeat(500),
				image_size: 'square_hd',
				num_images: 4,
				enable_prompt_expansion: false,
				seed: 2147483647,
				enable_safety_checker: true,
			},
		],
		['four pictures', { image_urls: [URL_OK, URL_OK, URL_OK, URL_OK] }],
		['a data URI', { image_urls: [PNG_DATA] }],
		['seed 0', { seed: 0 }],
		['a long prompt', { prompt: 'x'.repeat(6000) }],
		['500 emoji', { negative_prompt: '😀'.repeat(500) }],
		['1024x1024', { image_size: '1024x1024' }],
		['768*2048', { image_size: '768*2048' }],
	])('takes %s', async (_name, input) => {
		const reply = await createEdit(sandbox, input);
		expect(reply.text).toContain('"status_code":"queued"');
		expect(reply.status).toBe(201);
	});

	it.each<[string, JsonObject, readonly string[]]>([
		['prompt empty', { prompt: '' }, ['prompt']],
		['prompt blank', { prompt: '  ' }, ['prompt']],
		['prompt null', { prompt: null }, ['prompt']],
		['prompt a number', { prompt: 5 }, ['prompt']],
		['no picture', { image_urls: [] }, ['image_urls']],
		['five pictures', { image_urls: [URL_OK, URL_OK, URL_OK, URL_OK, URL_OK] }, ['image_urls']],
		['pictures as a text', { image_urls: URL_OK }, ['image_urls']],
		['pictures null', { image_urls: null }, ['image_urls']],
		['one picture empty', { image_urls: [URL_OK, ''] }, ['image_urls.1']],
		['one picture null', { image_urls: [null, URL_OK] }, ['image_urls.0']],
		['ftp', { image_urls: ['ftp://example.com/a.png'] }, ['image_urls.0']],
		['file', { image_urls: ['file:///etc/passwd'] }, ['image_urls.0']],
		['no host', { image_urls: ['https:///a.png'] }, ['image_urls.0']],
		['a bare path', { image_urls: ['a.png'] }, ['image_urls.0']],
		['spaces in a URL', { image_urls: [' https://example.com/a.png'] }, ['image_urls.0']],
		['bare base64', { image_urls: ['iVBORw0KGgo='] }, ['image_urls.0']],
		['a data URI without base64', { image_urls: ['data:image/png,abc'] }, ['image_urls.0']],
		['a data URI with junk', { image_urls: ['data:image/png;base64,a b='] }, ['image_urls.0']],
		[
			'a data URI of no known type',
			{ image_urls: ['data:text/plain;base64,YQ=='] },
			['image_urls.0'],
		],
		['a data URI of a video', { image_urls: ['data:video/mp4;base64,YQ=='] }, ['image_urls.0']],
		['an unknown asset', { image_urls: ['runflow://assets/nope'] }, ['image_urls.0']],
		['negative_prompt empty', { negative_prompt: '' }, ['negative_prompt']],
		['negative_prompt too long', { negative_prompt: 'x'.repeat(501) }, ['negative_prompt']],
		['image_size empty', { image_size: '' }, ['image_size']],
		['image_size unknown', { image_size: 'huge' }, ['image_size']],
		['image_size from the prototype', { image_size: 'constructor' }, ['image_size']],
		['image_size too small', { image_size: '767x1024' }, ['image_size']],
		['image_size too large', { image_size: '1024x2049' }, ['image_size']],
		['image_size with a capital X', { image_size: '1024X1024' }, ['image_size']],
		['image_size with spaces', { image_size: '1024 x 1024' }, ['image_size']],
		['image_size an object', { image_size: { width: 1024, height: 1024 } }, ['image_size']],
		['num_images 0', { num_images: 0 }, ['num_images']],
		['num_images 5', { num_images: 5 }, ['num_images']],
		['num_images a text', { num_images: '2' }, ['num_images']],
		['num_images a fraction', { num_images: 1.5 }, ['num_images']],
		['num_images null', { num_images: null }, ['num_images']],
		['a flag as a text', { enable_prompt_expansion: 'true' }, ['enable_prompt_expansion']],
		['a flag as a number', { enable_safety_checker: 1 }, ['enable_safety_checker']],
		['seed negative', { seed: -1 }, ['seed']],
		['seed too large', { seed: 2147483648 }, ['seed']],
		['seed a text', { seed: '5' }, ['seed']],
		['an unknown field', { size: 'square' }, ['size']],
		['a field of the other model', { duration: 5 }, ['duration']],
		[
			'everything at once',
			{ prompt: '', seed: -1, num_images: 9, nope: 1, also: 2 },
			['prompt', 'num_images', 'seed', 'nope', 'also'],
		],
	])('refuses %s', async (_name, input, wanted) => {
		const reply = await createEdit(sandbox, input);
		expect(reply.status).toBe(422);
		expect(reply.json).toMatchObject({
			code: 'VALIDATION_ERROR',
			message: expect.any(String) as string,
		});
		expect(badFields(reply.json)).toEqual(wanted.map((name) => `body.input.${name}`));
		expect(sandbox.acceptedRuns()).toHaveLength(0);
	});

	it('names what is missing', async () => {
		const reply = await call(sandbox, PRO_EDIT_PATH, { body: { input: {} } });
		expect(reply.json).toMatchObject({
			errors: [
				{ loc: ['body', 'input', 'prompt'], msg: 'Field required', type: 'missing' },
				{ loc: ['body', 'input', 'image_urls'], msg: 'Field required', type: 'missing' },
			],
		});
	});

	it.each([
		['x', '1024x1024', '1024*1024'],
		['*', '1024*1024', '1024x1024'],
		['object', { width: 1024, height: 768 }, '1024x1024'],
		['object', 'square', { width: 1024, height: 100 }],
		['object', 'square', { width: 1024 }],
	] as const)('spells explicit sizes with %s', async (imageSizeSpelling, good, bad) => {
		sandbox.configure({ imageSizeSpelling });
		expect((await createEdit(sandbox, { image_size: good })).status).toBe(201);
		expect((await createEdit(sandbox, { image_size: bad })).status).toBe(422);
	});
});

describe('Image to Video input', () => {
	it.each<[string, JsonObject]>([
		['the first frame', { image_url: URL_OK }],
		['the first frame with sound', { image_url: URL_OK, audio_url: VOICE_OK }],
		['both frames', { image_url: URL_OK, end_image_url: URL_OK }],
		['both frames with sound', { image_url: URL_OK, end_image_url: URL_OK, audio_url: VOICE_OK }],
		['a clip', { video_url: CLIP_OK }],
		['a clip and a last frame', { video_url: CLIP_OK, end_image_url: URL_OK }],
		[
			'everything else',
			{
				image_url: URL_OK,
				prompt: 'Turn',
				resolution: '720p',
				duration: 15,
				negative_prompt: 'blur',
				enable_prompt_expansion: true,
				seed: 1,
				enable_safety_checker: false,
			},
		],
		['the shortest', { image_url: URL_OK, duration: 2, resolution: '1080p' }],
	])('takes %s', async (_name, input) => {
		const reply = await call(sandbox, VIDEO_PATH, { body: { input } });
		expect([reply.status, badFields(reply.json)]).toEqual([201, []]);
	});

	it.each<[string, JsonObject, readonly string[]]>([
		['nothing', {}, ['image_url']],
		['a prompt alone', { prompt: 'x' }, ['image_url']],
		['a last frame alone', { end_image_url: URL_OK }, ['image_url']],
		['sound alone', { audio_url: VOICE_OK }, ['image_url']],
		['a clip and a first frame', { video_url: CLIP_OK, image_url: URL_OK }, ['image_url']],
		['a clip and sound', { video_url: CLIP_OK, audio_url: VOICE_OK }, ['audio_url']],
		[
			'a clip and all',
			{ video_url: CLIP_OK, image_url: URL_OK, audio_url: VOICE_OK },
			['image_url', 'audio_url'],
		],
		['an empty URL', { image_url: '' }, ['image_url']],
		['a null beside a good one', { image_url: URL_OK, end_image_url: null }, ['end_image_url']],
		['a list', { image_url: [URL_OK] }, ['image_url']],
		['an empty prompt', { image_url: URL_OK, prompt: '' }, ['prompt']],
		['a prompt too long', { image_url: URL_OK, prompt: 'x'.repeat(5001) }, ['prompt']],
		['resolution 480p', { image_url: URL_OK, resolution: '480p' }, ['resolution']],
		['resolution 1080P', { image_url: URL_OK, resolution: '1080P' }, ['resolution']],
		['duration 1', { image_url: URL_OK, duration: 1 }, ['duration']],
		['duration 16', { image_url: URL_OK, duration: 16 }, ['duration']],
		['duration a text', { image_url: URL_OK, duration: '5' }, ['duration']],
		['duration a fraction', { image_url: URL_OK, duration: 2.5 }, ['duration']],
		[
			'negative_prompt too long',
			{ image_url: URL_OK, negative_prompt: 'x'.repeat(501) },
			['negative_prompt'],
		],
		['sound that is a picture', { image_url: URL_OK, audio_url: PNG_DATA }, ['audio_url']],
		['a field of the other model', { image_url: URL_OK, num_images: 1 }, ['num_images']],
	])('refuses %s', async (_name, input, wanted) => {
		const reply = await call(sandbox, VIDEO_PATH, { body: { input } });
		expect(reply.status).toBe(422);
		expect(badFields(reply.json)).toEqual(wanted.map((name) => `body.input.${name}`));
	});
});

describe('The rest of the body', () => {
	it.each<[string, JsonObject]>([
		['nulls', { callback_url: null, metadata: null, client_ref: null }],
		[
			'all',
			{
				callback_url: 'https://example.com/hook?a=1',
				metadata: { any: ['thing', null] },
				client_ref: 'row 1',
			},
		],
		['the longest callback_url', { callback_url: `https://example.com/${'x'.repeat(2028)}` }],
	])('takes %s', async (_name, rest) => {
		expect((await createVideo(sandbox, {}, rest)).status).toBe(201);
	});

	it.each<[string, JsonObject, readonly string[]]>([
		['callback_url empty', { callback_url: '' }, ['callback_url']],
		['callback_url without a scheme', { callback_url: 'example.com/hook' }, ['callback_url']],
		['callback_url with another scheme', { callback_url: 'ftp://example.com' }, ['callback_url']],
		[
			'callback_url too long',
			{ callback_url: `https://example.com/${'x'.repeat(2029)}` },
			['callback_url'],
		],
		['callback_url a number', { callback_url: 1 }, ['callback_url']],
		['metadata a text', { metadata: '{}' }, ['metadata']],
		['metadata a list', { metadata: [] }, ['metadata']],
		['client_ref too long', { client_ref: 'x'.repeat(256) }, ['client_ref']],
		['client_ref empty', { client_ref: '' }, ['client_ref']],
		['client_ref a number', { client_ref: 7 }, ['client_ref']],
		['an unknown field', { webhook: URL_OK }, ['webhook']],
		['input null', { input: null }, ['input']],
		['input a list', { input: [] }, ['input']],
	])('refuses %s', async (_name, rest, wanted) => {
		const reply = await createEdit(sandbox, {}, rest);
		expect(reply.status).toBe(422);
		expect(badFields(reply.json)).toEqual(wanted.map((name) => `body.${name}`));
	});

	it('refuses no input at all, with the other errors', async () => {
		const reply = await call(sandbox, PRO_EDIT_PATH, { body: { metadata: 1 } });
		expect(badFields(reply.json)).toEqual(['body.input', 'body.metadata']);
	});

	it('refuses a list for a body', async () => {
		expect(badFields((await call(sandbox, PRO_EDIT_PATH, { body: [] })).json)).toEqual(['body']);
	});

	it('answers 400 to what is not JSON, and to JSON under another name', async () => {
		const headers = { authorization: `Bearer ${sandbox.apiKey}` };
		const broken = await fetch(`${sandbox.url}${PRO_EDIT_PATH}`, {
			method: 'POST',
			headers: { ...headers, 'content-type': 'application/json' },
			body: '{"input":',
		});
		const form = await fetch(`${sandbox.url}${PRO_EDIT_PATH}`, {
			method: 'POST',
			headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
			body: '{}',
		});
		expect([broken.status, form.status]).toEqual([400, 400]);
		expect(await broken.json()).toMatchObject({ code: 'BAD_REQUEST', errors: null });
	});

	it('answers 413 to a body over the limit', async () => {
		sandbox.configure({ jsonBodyLimitBytes: 100 });
		expect((await createEdit(sandbox, { prompt: 'x'.repeat(200) })).status).toBe(413);
	});

	it('answers 404 for another model', async () => {
		const reply = await call(sandbox, '/v1/models/alibaba/wan/v2.7/edit/runs', {
			body: { input: {} },
		});
		expect(reply.status).toBe(404);
	});
});
