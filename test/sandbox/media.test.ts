import { expectSecretIn } from '../secrets/watch';
import { startSandbox, type Sandbox } from './index';
import { pixelsOf } from './drawn';
import { at, call, createEdit, createVideo, textAt } from './testClient';

const PNG_SIGNATURE = '89504e470d0a1a0a';

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

async function outputUrl(create: () => ReturnType<typeof createEdit>, index = 0): Promise<string> {
	const id = textAt((await create()).json, 'id');
	sandbox.finishRun(id);
	return textAt((await call(sandbox, `/v1/runs/${id}`)).json, 'output', 'outputs', index, 'url');
}

async function bytes(response: Response): Promise<Buffer> {
	return Buffer.from(await response.arrayBuffer());
}

describe('A picture', () => {
	it('is a PNG of the size that its item says', async () => {
		const url = await outputUrl(() => createEdit(sandbox, { image_size: '1024x768' }));
		const response = await fetch(url);
		const png = await bytes(response);
		expect(response.headers.get('content-type')).toBe('image/png');
		expect(response.headers.get('content-length')).toBe(String(png.length));
		expect(png.subarray(0, 8).toString('hex')).toBe(PNG_SIGNATURE);
		expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1024, 768]);
		expect(pixelsOf(png)).toHaveLength(768 * 1024);
	});

	it('differs from the others of its run', async () => {
		const id = textAt((await createEdit(sandbox, { num_images: 2 })).json, 'id');
		sandbox.finishRun(id);
		const { json } = await call(sandbox, `/v1/runs/${id}`);
		const [first, second] = await Promise.all(
			[0, 1].map(async (index) =>
				bytes(await fetch(textAt(json, 'output', 'outputs', index, 'url'))),
			),
		);
		expect(first?.equals(second ?? Buffer.alloc(0))).toBe(false);
	});
});

describe('A video', () => {
	it('is the MP4, whole or in parts', async () => {
		const url = await outputUrl(() => createVideo(sandbox));
		const whole = await fetch(url);
		const video = await bytes(whole);
		expect(whole.headers.get('content-type')).toBe('video/mp4');
		expect(whole.headers.get('accept-ranges')).toBe('bytes');
		expect(video.subarray(4, 8).toString()).toBe('ftyp');
		expect(video.length).toBeLessThan(600_000);
		// moov before mdat: it plays while it loads.
		expect(video.indexOf('moov')).toBeLessThan(video.indexOf('mdat'));
		const part = await fetch(url, { headers: { range: 'bytes=100-199' } });
		expect(part.status).toBe(206);
		expect(part.headers.get('content-range')).toBe(`bytes 100-199/${video.length}`);
		expect((await bytes(part)).equals(video.subarray(100, 200))).toBe(true);
		const tail = await fetch(url, { headers: { range: 'bytes=-10' } });
		expect((await bytes(tail)).equals(video.subarray(-10))).toBe(true);
		const open = await fetch(url, { headers: { range: 'bytes=14000-' } });
		expect((await bytes(open)).equals(video.subarray(14000))).toBe(true);
		expect((await fetch(url, { headers: { range: 'bytes=999999-' } })).status).toBe(416);
		const head = await fetch(url, { method: 'HEAD' });
		expect([head.status, head.headers.get('content-length')]).toEqual([200, String(video.length)]);
	});
});

describe('An output of a given size', () => {
	it.each([
		['picture', createEdit],
		['video', createVideo],
	] as const)('pads a %s', async (_name, create) => {
		const size = 3 * 1024 * 1024 + 7;
		sandbox.configure({ outputBytes: size });
		const url = await outputUrl(() => create(sandbox));
		const response = await fetch(url);
		expect(response.headers.get('content-length')).toBe(String(size));
		expect(await bytes(response)).toHaveLength(size);
		const across = await fetch(url, { headers: { range: 'bytes=10000-200000' } });
		expect(await bytes(across)).toHaveLength(190_001);
	});

	it('hides the padding of a video in a box that players skip', async () => {
		sandbox.configure({ outputBytes: 1_000_000 });
		const video = await bytes(await fetch(await outputUrl(() => createVideo(sandbox))));
		const boxes: string[] = [];
		for (let start = 0; start < video.length; start += video.readUInt32BE(start)) {
			boxes.push(video.subarray(start + 4, start + 8).toString());
		}
		expect(boxes.at(-1)).toBe('free');
	});
});

describe('The storage host', () => {
	it('lets a signed URL expire', async () => {
		sandbox.configure({ outputUrlTtlMs: 0 });
		const response = await fetch(await outputUrl(() => createEdit(sandbox)));
		expect(response.status).toBe(403);
		expect(response.headers.get('content-type')).toBe('application/xml');
		expect(await response.text()).toContain('<Message>Request has expired</Message>');
	});

	it('refuses a URL that is not signed for what it opens', async () => {
		const url = new URL(await outputUrl(() => createEdit(sandbox, { num_images: 2 })));
		const stripped = `${url.origin}${url.pathname}`;
		const other = url.href.replace('/0.png', '/1.png');
		const longer = new URL(url);
		longer.searchParams.set('X-Amz-Expires', '99999999999999');
		const statuses = await Promise.all(
			[stripped, other, longer.href].map(async (href) => (await fetch(href)).status),
		);
		expect(statuses).toEqual([403, 403, 403]);
		expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403);
	});

	it('refuses an API key, also for what is public', async () => {
		expectSecretIn('a request to another host', 'the storage is shown the key to see it refused');
		const headers = { authorization: `Bearer ${sandbox.apiKey}` };
		const url = await outputUrl(() => createEdit(sandbox));
		expect((await fetch(url, { headers })).status).toBe(400);
		expect((await fetch(sandbox.sampleUrl('clip.mp4'), { headers })).status).toBe(400);
	});

	it.each([
		['sneaker.png', 'image/png', PNG_SIGNATURE],
		['studio.png', 'image/png', PNG_SIGNATURE],
		['clip.mp4', 'video/mp4', '0000002066747970'],
		['voice.wav', 'audio/wav', '52494646'],
	] as const)('serves the sample %s', async (name, type, start) => {
		const response = await fetch(sandbox.sampleUrl(name));
		expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
		expect((await bytes(response)).toString('hex').startsWith(start)).toBe(true);
	});

	it('answers 404 and 405 elsewhere', async () => {
		expect((await fetch(`${sandbox.storageUrl}/samples/nope.png`)).status).toBe(403);
		expect((await fetch(sandbox.sampleUrl('clip.mp4'), { method: 'DELETE' })).status).toBe(405);
		const url = await outputUrl(() => createEdit(sandbox));
		sandbox.reset();
		expect((await fetch(url)).status).toBe(404);
	});
});

describe('Media inside the input', () => {
	it('becomes an asset whose URL each read signs', async () => {
		const data = Buffer.from('not really a picture');
		const { json } = await createEdit(
			sandbox,
			{ image_urls: [`data:image/png;base64,${data.toString('base64')}`] },
			{ metadata: { logo: `data:image/png;base64,${data.toString('base64')}` } },
		);
		const response = await fetch(textAt(json, 'input', 'image_urls', 0));
		expect((await bytes(response)).equals(data)).toBe(true);
		expect(at(json, 'metadata', 'logo')).toMatch(/^runflow:\/\/assets\//);
		expect(sandbox.uploads()).toHaveLength(0);
	});

	it('is refused as in the days when references were', async () => {
		sandbox.configure({ assetRefs: 'rejected' });
		const { status, text } = await createEdit(sandbox, {
			image_urls: ['data:image/png;base64,YQ=='],
		});
		expect(status).toBe(422);
		expect(text).toContain("media URL must be HTTP(S) or data URI, got 'runflow'");
	});
});
