import { expectSecretIn } from '../secrets/watch';
import {
	DEFAULT_ORGANIZATION,
	startSandbox,
	type Json,
	type JsonObject,
	type Sandbox,
} from './index';
import { at, badFields, call, createEdit, createVideo, textAt, type Reply } from './testClient';

const BYTES = Buffer.from('a picture, let us say');
const OTHER_ORG = { ...DEFAULT_ORGANIZATION, id: 'other' };

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

async function open(
	change: JsonObject = {},
): Promise<{ readonly id: string; readonly url: string }> {
	const body = { filename: 'a b.png', mime_type: 'image/png', size_bytes: BYTES.length, ...change };
	const { json } = await call(sandbox, '/v1/asset-uploads', { body });
	return { id: textAt(json, 'asset_id'), url: textAt(json, 'upload_url') };
}

async function put(
	url: string,
	headers: Record<string, string> = {},
	body = BYTES,
): Promise<Response> {
	return await fetch(url, {
		method: 'PUT',
		headers: { 'content-type': 'image/png', ...headers },
		body,
	});
}

async function confirm(id: string, body: Json = {}): Promise<Reply> {
	return await call(sandbox, `/v1/asset-uploads/${id}/confirmations`, { body });
}

async function upload(change: JsonObject = {}): Promise<string> {
	const { id, url } = await open(change);
	await put(url, {
		'content-type': typeof change.mime_type === 'string' ? change.mime_type : 'image/png',
	});
	expect((await confirm(id)).status).toBe(201);
	return id;
}

describe('An upload', () => {
	it('takes three steps and gives a full asset', async () => {
		const { id, url } = await open();
		expect(url.startsWith(sandbox.storageUrl)).toBe(true);
		expect((await put(url)).status).toBe(200);
		const { status, json } = await confirm(id);
		expect(status).toBe(201);
		expect(json).toMatchObject({
			id,
			name: 'a b.png',
			mime_type: 'image/png',
			size_bytes: BYTES.length,
			asset_type: 'image',
			source_type: 'upload',
			folder_id: null,
			deleted_at: null,
		});
		const file = await fetch(textAt(json, 'url'));
		expect(file.headers.get('content-type')).toBe('image/png');
		expect(Buffer.from(await file.arrayBuffer()).equals(BYTES)).toBe(true);
		expect(sandbox.uploads()).toMatchObject([
			{ id, bytes: BYTES, confirmedAtMs: expect.any(Number) as number },
		]);
	});

	it('can be read again, under a new URL', async () => {
		const id = await upload();
		const [first, second] = [
			await call(sandbox, `/v1/assets/${id}`),
			await call(sandbox, `/v1/assets/${id}`),
		];
		expect(first.status).toBe(200);
		expect(textAt(first.json, 'url')).not.toBe(textAt(second.json, 'url'));
	});

	it.each<[string, JsonObject, string]>([
		['no name', { filename: '' }, 'filename'],
		['a name too long', { filename: 'x'.repeat(501) }, 'filename'],
		['a type that is not listed', { mime_type: 'application/zip' }, 'mime_type'],
		['no bytes', { size_bytes: 0 }, 'size_bytes'],
		['too many bytes', { size_bytes: 52428801 }, 'size_bytes'],
		['a size in text', { size_bytes: '5' }, 'size_bytes'],
		['half a byte', { size_bytes: 1.5 }, 'size_bytes'],
		['an unknown field', { folder_id: null }, 'folder_id'],
	])('is refused with %s', async (_name, change, field) => {
		const body = { filename: 'a.png', mime_type: 'image/png', size_bytes: 1, ...change };
		const reply = await call(sandbox, '/v1/asset-uploads', { body });
		expect([reply.status, badFields(reply.json)]).toEqual([422, [`body.${field}`]]);
	});

	it('is refused with nothing', async () => {
		const reply = await call(sandbox, '/v1/asset-uploads', { body: {} });
		expect(badFields(reply.json)).toEqual(['body.filename', 'body.mime_type', 'body.size_bytes']);
	});

	it('says which types are listed', async () => {
		const items = at((await call(sandbox, '/v1/assets/types')).json, 'items');
		expect(items).toContainEqual({ mime_type: 'video/mp4', asset_type: 'video' });
	});
});

describe('The PUT', () => {
	it.each<[string, Record<string, string>, Buffer<ArrayBuffer>, number]>([
		['the API key', { authorization: 'Bearer rf_live_sandbox' }, BYTES, 400],
		['another type', { 'content-type': 'image/jpeg' }, BYTES, 403],
		['too few bytes', {}, BYTES.subarray(1), 400],
		['too many bytes', {}, Buffer.concat([BYTES, BYTES]), 400],
	])('is refused with %s', async (_name, headers, body, status) => {
		if ('authorization' in headers) {
			expectSecretIn('a request to another host', 'the storage is shown the key to see it refused');
		}
		const { id, url } = await open();
		expect((await put(url, headers, body)).status).toBe(status);
		expect((await confirm(id)).status).toBe(422);
	});

	it('is refused when its URL has expired', async () => {
		sandbox.configure({ uploadUrlTtlMs: 0 });
		const response = await put((await open()).url);
		expect(response.status).toBe(403);
		expect(await response.text()).toContain('expired');
	});

	it('is refused without a length', async () => {
		const { url } = await open();
		const body = new ReadableStream<Uint8Array>({
			start: (controller) => {
				controller.enqueue(BYTES);
				controller.close();
			},
		});
		const response = await fetch(url, {
			method: 'PUT',
			headers: { 'content-type': 'image/png' },
			body,
			duplex: 'half',
		} as RequestInit);
		expect(response.status).toBe(411);
	});

	it('is refused above the cap, for any declared size', async () => {
		const { url } = await open({ size_bytes: 52428800 });
		const response = await put(url, {}, Buffer.alloc(52428801));
		expect([response.status, await response.text()]).toEqual([
			400,
			expect.stringContaining('EntityTooLarge'),
		]);
	});
});

describe('The confirmation', () => {
	it('is refused before the PUT', async () => {
		const { id } = await open();
		expect((await confirm(id)).status).toBe(422);
		expect((await call(sandbox, `/v1/assets/${id}`)).status).toBe(404);
	});

	it('is 404 for an unknown or foreign asset', async () => {
		sandbox.configure({ organizations: [DEFAULT_ORGANIZATION, OTHER_ORG] });
		const { id } = await open();
		const path = `/v1/asset-uploads/${id}/confirmations`;
		const foreign = await call(sandbox, path, {
			body: {},
			headers: { 'X-Organization-Id': 'other' },
		});
		expect([foreign.status, (await confirm('nope')).status]).toEqual([404, 404]);
	});

	it.each([
		[{ folder_id: null }, 201],
		[{ folder_id: '0198c7a0-0000-7000-8000-000000000009' }, 201],
		[{ folder_id: 'x' }, 422],
		[{ nope: 1 }, 422],
	])('answers %j with %i', async (body, status) => {
		const { id, url } = await open();
		await put(url);
		expect((await confirm(id, body)).status).toBe(status);
	});

	it.each([
		['conflict', 409],
		['same', 201],
	] as const)('may, the second time, be %s', async (assetReconfirm, status) => {
		sandbox.configure({ assetReconfirm });
		expect((await confirm(await upload())).status).toBe(status);
	});
});

describe('A reference to an asset', () => {
	const refOf = (id: string): string => `runflow://assets/${id}`;

	it('is an input; reads show a URL instead', async () => {
		const { status, json } = await createEdit(sandbox, { image_urls: [refOf(await upload())] });
		expect(status).toBe(201);
		expect((await fetch(textAt(json, 'input', 'image_urls', 0))).status).toBe(200);
	});

	it.each<[string, () => Promise<string>]>([
		['unconfirmed', async () => (await open()).id],
		['unknown', async () => Promise.resolve('0198c7a0-0000-7000-8000-00000000ffff')],
	])('is refused when %s', async (_name, make) => {
		const reply = await createEdit(sandbox, { image_urls: [refOf(await make())] });
		expect([reply.status, badFields(reply.json)]).toEqual([422, ['body.input.image_urls.0']]);
	});

	it('is refused when foreign', async () => {
		sandbox.configure({ organizations: [DEFAULT_ORGANIZATION, OTHER_ORG] });
		const input = { image_urls: [refOf(await upload())] };
		expect((await createEdit(sandbox, input, {}, { 'X-Organization-Id': 'other' })).status).toBe(
			422,
		);
	});

	it('is refused where another kind of medium belongs', async () => {
		const sound = refOf(await upload({ mime_type: 'audio/wav', filename: 'a.wav' }));
		expect((await createVideo(sandbox, { audio_url: sound })).status).toBe(201);
		expect((await createVideo(sandbox, { end_image_url: sound })).status).toBe(422);
	});

	it('can be refused altogether, as it once was', async () => {
		const ref = refOf(await upload());
		sandbox.configure({ assetRefs: 'rejected' });
		const { status, text } = await createEdit(sandbox, { image_urls: [ref] });
		expect(status).toBe(422);
		expect(text).toContain("media URL must be HTTP(S) or data URI, got 'runflow'");
	});
});
