import type { INode, INodeParameters } from 'n8n-workflow';

import {
	filesOpenedBy,
	keepBinaryData,
	type TestFile,
	type TestFiles,
} from '../../engine/binaryData';
import { createEngine, setLimits, type Outcome } from '../../engine/engine';
import { binary, sources, url, WAN, wanWorkflow, type NodeSettings } from '../../engine/workflows';
import type { SandboxAsset } from '../../sandbox';
import { gradientPng } from '../../sandbox/media/png';
import { videoFile } from '../../sandbox/media/video';
import { toneWav } from '../../sandbox/media/wav';
import { until } from '../../until';
import { useBench } from '../context';

const bench = useBench();

// An upload is tried three times within a second.
jest.setTimeout(60_000);
beforeAll(() => {
	setLimits(bench.engine, { runShown: 1500 });
});

const URL_OF_ANOTHER = 'https://example.com/other.png';
const SESSION = { host: 'api', method: 'POST', path: /^\/v1\/asset-uploads$/ } as const;
const CONFIRMATION = { host: 'api', method: 'POST', path: '/confirmations' } as const;
const PUT = { host: 'storage', method: 'PUT' } as const;
const CREATE = { host: 'api', method: 'POST', path: '/runs' } as const;
const retry: NodeSettings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

function file(bytes: Buffer, mimeType: string, fileName: string): TestFile {
	return { base64: bytes.toString('base64'), mimeType, fileName };
}

function picture(color: number): TestFile {
	return file(gradientPng(64, 48, color), 'image/png', `${color}.png`);
}

const shoe = picture(1);
const edit: INodeParameters = {
	operation: 'proEdit',
	completion: 'immediately',
	prompt: '={{ $json.prompt ?? "Make it blue" }}',
	images: sources(binary('data')),
};
const video: INodeParameters = {
	operation: 'imageToVideo',
	completion: 'immediately',
	image: url(URL_OF_ANOTHER),
};

/** The inputs of the create requests. */
function inputs(): Record<string, unknown>[] {
	return bench.bodies().map((body) => (body as { input: Record<string, unknown> }).input);
}

/** The only upload there is. */
function upload(): SandboxAsset {
	const uploads = bench.sandbox.uploads();
	expect(uploads).toHaveLength(1);
	const [only] = uploads;
	if (only === undefined) throw new Error('Nothing was uploaded');
	return only;
}

function puts() {
	return bench.sandbox.requests.filter(({ method }) => method === 'PUT');
}

function reference(asset: SandboxAsset | undefined): string {
	return `runflow://assets/${asset?.id ?? ''}`;
}

function refs(): string[] {
	return bench.sandbox.uploads().map(reference);
}

describe.each(['default', 'filesystem'] as const)('binary data kept as n8n’s mode %s', (mode) => {
	beforeAll(async () => {
		await keepBinaryData(mode);
	});

	it.each<[string, string, INodeParameters, TestFile]>([
		['image', 'image_url', video, shoe],
		['endImage', 'end_image_url', video, shoe],
		[
			'video',
			'video_url',
			{ ...video, image: url('') },
			file(videoFile(), 'video/mp4', 'clip.mp4'),
		],
		['audio', 'audio_url', video, file(toneWav(3, 220), 'audio/wav', 'voice.wav')],
	])('%s is uploaded and sent as an asset', async (name, field, parameters, given) => {
		const outcome = await bench.run({ ...parameters, [name]: binary('data') }, [{}], {}, [
			{ data: given },
		]);
		expect(outcome.error).toBeUndefined();
		expect(upload()).toMatchObject({ filename: given.fileName, mimeType: given.mimeType });
		expect(upload().confirmedAtMs).not.toBeNull();
		expect(upload().bytes?.toString('base64')).toBe(given.base64);
		expect(inputs()).toEqual([expect.objectContaining({ [field]: reference(upload()) })]);
	});

	it('keeps the order of images that are given by URL and by field', async () => {
		const files = { data: shoe, second: picture(2) };
		const outcome = await bench.run(
			{ ...edit, images: sources(binary('second'), url(URL_OF_ANOTHER), binary('data')) },
			[{}],
			{},
			[files],
		);
		expect(outcome.error).toBeUndefined();
		const [second, first] = bench.sandbox.uploads();
		expect(second?.bytes?.toString('base64')).toBe(files.second.base64);
		expect(first?.bytes?.toString('base64')).toBe(files.data.base64);
		expect(inputs()[0]?.image_urls).toEqual([reference(second), URL_OF_ANOTHER, reference(first)]);
	});

	it('gives the storage the declared type and length, and nothing to know the caller by', async () => {
		await bench.run(edit, [{}], {}, [{ data: shoe }]);
		const [put] = puts();
		expect(puts()).toHaveLength(1);
		expect(put).toMatchObject({ host: 'storage', status: 200 });
		expect(put?.headers).toMatchObject({
			'content-type': 'image/png',
			'content-length': String(Buffer.from(shoe.base64, 'base64').length),
		});
		expect(put?.headers).not.toHaveProperty('authorization');
		expect(put?.headers).not.toHaveProperty('transfer-encoding');
		expect(JSON.stringify(put)).not.toContain(bench.sandbox.apiKey);
	});

	it('uploads each item’s own file', async () => {
		const items = [{ prompt: 'a' }, { prompt: 'b' }, { prompt: 'c' }];
		const files = [{ data: picture(3) }, { data: picture(4) }, { data: picture(5) }];
		const outcome = await bench.run(edit, items, {}, files);
		expect(outcome.error).toBeUndefined();
		const uploaded = bench.sandbox.uploads();
		for (const [index, { prompt }] of items.entries()) {
			const input = inputs().find((one) => one.prompt === prompt);
			const asset = uploaded.find((one) => reference(one) === (input?.image_urls as string[])[0]);
			expect(asset?.bytes?.toString('base64')).toBe(files[index]?.data.base64);
		}
	});

	it('refuses what is too large before anything of any item is sent', async () => {
		const large = { ...shoe, noted: { bytes: 52_428_801, id: 'filesystem-v2:nowhere' } };
		const outcome = await bench.run(edit, [{}, {}], {}, [{ data: shoe }, { data: large }]);
		expect(outcome.error?.message).toBe(
			'Images: image 1 is too large: the binary field "data" holds 52428801 bytes, 52428800 (50 MiB) are allowed [item 1]',
		);
		expect(outcome.error?.description).toContain('give its URL');
		expect(bench.sandbox.requests).toEqual([]);
	});
});

it('reads the exact size of a stored file before it is sent when the item does not have it', async () => {
	await keepBinaryData('filesystem');
	const large = file(Buffer.alloc(52_428_801), 'image/png', 'large.png');
	const outcome = await bench.run(edit, [{}], {}, [{ data: { ...large, noted: { bytes: null } } }]);
	expect(outcome.error?.message).toMatch(/^Images: image 1 is too large: .* 52428801 bytes/);
	const empty = file(Buffer.alloc(0), 'image/png', 'empty.png');
	const other = await bench.run(edit, [{}], {}, [{ data: { ...empty, noted: { bytes: null } } }]);
	expect(other.error?.message).toMatch(/^Images: image 1 is an empty file: .* \[item 0\]$/);
	expect(bench.sandbox.requests).toEqual([]);
});

it('says so where n8n has lost the file', async () => {
	const lost = {
		...shoe,
		noted: { id: 'filesystem-v2:workflows/1/executions/1/binary_data/lost' },
	};
	const outcome = await bench.run({ ...video, image: binary('data') }, [{}], {}, [{ data: lost }]);
	expect(outcome.error?.message).toBe(
		'Image could not be read from the binary field "data" [item 0]',
	);
	expect(outcome.error?.description).toBe(
		'n8n no longer has the file. Run the node that made it again.',
	);
	expect(bench.sandbox.requests).toEqual([]);
});

describe('before anything is sent', () => {
	const files: TestFiles = {
		data: shoe,
		text: file(Buffer.from('x'), 'text/plain', 'x.txt'),
		clip: file(videoFile(), 'video/mp4', 'clip.mp4'),
		empty: file(Buffer.alloc(0), 'image/png', 'empty.png'),
	};

	beforeAll(async () => {
		await keepBinaryData('default');
	});

	it.each<[string, INodeParameters, string, string]>([
		[
			'a field that is not there',
			{ ...edit, images: sources(binary('data'), binary('photo')) },
			'Images: image 2 names the binary field "photo", which the item does not have',
			'The item has these: data, text, clip, empty.',
		],
		[
			'a field name that is no text',
			{ ...video, image: binary('={{ 7 }}') },
			'Image must be the name of a binary field, but is 7',
			'such as data',
		],
		[
			'a file that is no image',
			{ ...video, endImage: binary('clip') },
			'End Image must be a JPEG, PNG, BMP or WEBP image, but the binary field "clip" holds "video/mp4"',
			'another binary field',
		],
		[
			'a file that is no video',
			{ ...video, image: url(''), video: binary('data') },
			'Video must be an MP4 or MOV video, but the binary field "data" holds "image/png"',
			'another binary field',
		],
		[
			'a file that is no sound',
			{ ...video, audio: binary('text') },
			'Audio must be a WAV or MP3 sound, but the binary field "text" holds "text/plain"',
			'another binary field',
		],
		[
			'an empty file',
			{ ...video, image: binary('empty') },
			'Image is an empty file: the binary field "empty" holds 0 bytes',
			'Check the node',
		],
		[
			'too many files',
			{ ...edit, images: sources(...Array.from({ length: 5 }, () => binary('data'))) },
			'Images needs 1 to 4 images, but has 5',
			'Remove some',
		],
		[
			'a field name in place of a URL',
			{ ...video, image: url('data') },
			'Image must be a URL, but is "data"',
			'choose Binary',
		],
		[
			'a file as image beside a video',
			{ ...video, image: binary('data'), video: binary('clip') },
			'Image and Video are both given',
			'Leave one of them empty',
		],
	])('refuses %s', async (_case, parameters, message, advice) => {
		const outcome = await bench.run(parameters, [{}], {}, [files]);
		expect(outcome.error?.message).toBe(`${message} [item 0]`);
		expect(outcome.error?.description).toContain(advice);
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('refuses a field of an item without any', async () => {
		const outcome = await bench.run(edit, [{}]);
		expect(outcome.error?.message).toContain('names the binary field "data"');
		expect(outcome.error?.description).toContain('The item has no binary fields');
	});

	it('stops the other items too', async () => {
		const outcome = await bench.run(edit, [{}, {}], {}, [{ data: shoe }]);
		expect(outcome.error?.message).toContain('[item 1]');
		expect(bench.sandbox.requests).toEqual([]);
	});
});

describe('ways to give a file', () => {
	beforeAll(async () => {
		await keepBinaryData('default');
	});

	it.each([
		['an expression that yields a list of fields', '={{ Object.keys($binary) }}'],
		['a list as JSON text', '["data","second"]'],
	])('%s', async (_case, value) => {
		const files = { data: shoe, second: picture(2) };
		await bench.run({ ...edit, images: sources(binary(value)) }, [{}], {}, [files]);
		expect(inputs()[0]?.image_urls).toEqual(refs());
		expect(bench.sandbox.uploads().map(({ filename }) => filename)).toEqual(['1.png', '2.png']);
	});

	it('sends nothing for a field name that is empty', async () => {
		await bench.run({ ...video, endImage: binary('={{ $json.no ?? "" }}') });
		expect(inputs()).toEqual([{ image_url: URL_OF_ANOTHER, duration: 5 }]);
	});

	it.each([
		['audio/x-wav', 'voice.wav', 'audio/wav'],
		['audio/vnd.wave', 'voice.wav', 'audio/wav'],
		['audio/mp3', 'voice.mp3', 'audio/mpeg'],
		['application/octet-stream', 'Voice.MP3', 'audio/mpeg'],
	])('a sound that n8n calls %s (%s)', async (mimeType, fileName, declared) => {
		const voice = file(toneWav(3, 220), mimeType, fileName);
		const outcome = await bench.run({ ...video, audio: binary('voice') }, [{}], {}, [{ voice }]);
		expect(outcome.error).toBeUndefined();
		expect(upload()).toMatchObject({ filename: fileName, mimeType: declared });
	});

	it('names a file without a name after its field', async () => {
		const { base64, mimeType } = shoe;
		await bench.run(edit, [{}], {}, [{ data: { base64, mimeType } }]);
		expect(upload().filename).toBe('data.png');
	});

	it('sends the signed URL where the user wants that', async () => {
		const outcome = await bench.run(
			{ ...edit, options: { assetReference: 'signedUrl' } },
			[{}],
			{},
			[{ data: shoe }],
		);
		expect(outcome.error).toBeUndefined();
		const [sent] = inputs()[0]?.image_urls as string[];
		expect(sent).toMatch(new RegExp(`^${bench.sandbox.storageUrl}/assets/${upload().id}-1.png\\?`));
		const answer = await fetch(sent ?? '');
		expect(Buffer.from(await answer.arrayBuffer()).toString('base64')).toBe(shoe.base64);
	});

	it('uploads nothing when Additional Input overrides the file', async () => {
		const more = { options: { additionalInput: `{"image_urls": ["${URL_OF_ANOTHER}"]}` } };
		await bench.run({ ...edit, ...more }, [{}], {}, [{ data: shoe }]);
		expect(inputs()[0]?.image_urls).toEqual([URL_OF_ANOTHER]);
		expect(bench.sandbox.uploads()).toEqual([]);
	});
});

describe('over all tries', () => {
	beforeAll(async () => {
		await keepBinaryData('default');
	});

	it.each(['asset', 'signedUrl'])('uploads each file once (%s)', async (assetReference) => {
		bench.sandbox.addFault({ match: CREATE, kind: 'status', status: 429, times: 2 });
		const files = { data: shoe, second: picture(2) };
		const images = sources(binary('data'), binary('second'));
		const outcome = await bench.run({ ...edit, images, options: { assetReference } }, [{}], retry, [
			files,
		]);
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toHaveLength(3);
		expect(new Set(bench.bodies().map((body) => JSON.stringify(body))).size).toBe(1);
		expect(bench.sandbox.uploads()).toHaveLength(2);
		expect(puts()).toHaveLength(2);
	});

	it('uploads only what is missing after an upload failed', async () => {
		bench.sandbox.addFault({ match: { ...PUT, nth: 2 }, kind: 'status', status: 400 });
		const files = { data: shoe, second: picture(2) };
		const images = sources(binary('data'), binary('second'));
		const outcome = await bench.run({ ...edit, images }, [{}], retry, [files]);
		expect(outcome.error).toBeUndefined();
		expect(puts()).toHaveLength(3);
		expect(bench.sandbox.acceptedRuns()).toHaveLength(1);
		expect(inputs()[0]?.image_urls).toEqual(
			bench.sandbox
				.uploads()
				.filter(({ bytes }) => bytes !== null)
				.map(reference),
		);
	});

	describe('in an execution that is retried', () => {
		/** The failed execution, retried with other parameters, which the workflow has by now. */
		async function retryWith(failed: Outcome, parameters: INodeParameters): Promise<Outcome> {
			const stored = structuredClone(failed.stored);
			const data = JSON.parse(stored.data) as {
				executionData: { nodeExecutionStack: { node: INode }[] };
			};
			// n8n replaces the nodes there too.
			const stacked = data.executionData.nodeExecutionStack.map(({ node }) => node);
			for (const { name, parameters: old } of [...stored.workflow.nodes, ...stacked]) {
				if (name === WAN) Object.assign(old, parameters);
			}
			return await bench.engine.retry({
				...failed,
				stored: { ...stored, data: JSON.stringify(data) },
			});
		}

		async function refused(): Promise<Outcome> {
			bench.sandbox.addFault({ match: CREATE, kind: 'status', status: 402 });
			const failed = await bench.run(edit, [{}], {}, [{ data: shoe, second: picture(2) }]);
			expect(failed.error).toMatchObject({ httpCode: '402' });
			return failed;
		}

		it('uploads nothing again', async () => {
			const retried = await bench.engine.retry(await refused());
			expect(retried.error).toBeUndefined();
			expect(inputs().map(({ image_urls }) => image_urls)).toEqual([refs(), refs()]);
		});

		it('uploads another file that was chosen meanwhile', async () => {
			const retried = await retryWith(await refused(), { images: sources(binary('second')) });
			expect(retried.error).toBeUndefined();
			expect(bench.sandbox.uploads().map(({ filename }) => filename)).toEqual(['1.png', '2.png']);
			expect(inputs().map(({ image_urls }) => image_urls)).toEqual(refs().map((ref) => [ref]));
		});

		it('sends a signed URL, or a reference, where the user has changed that meanwhile', async () => {
			const failed = await refused();
			bench.sandbox.addFault({ match: CREATE, kind: 'status', status: 402 });
			const again = await retryWith(failed, { options: { assetReference: 'signedUrl' } });
			const retried = await retryWith(again, { options: {} });
			expect(retried.error).toBeUndefined();
			const [first, second, third] = refs();
			const [one, two, three] = inputs().map(({ image_urls }) => (image_urls as string[])[0]);
			expect([one, three]).toEqual([first, third]);
			expect(two).toContain(`/assets/${second?.split('/').at(-1) ?? ''}-1.png?`);
		});
	});

	it('finds a run whose answer was lost, by the asset that it was given', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after', times: 2 });
		const files = [{ data: picture(3) }, { data: picture(4) }];
		const outcome = await bench.run(edit, [{ prompt: 'a' }, { prompt: 'a' }], {}, files);
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toHaveLength(2);
		const ids = outcome.items(WAN).map(({ json }) => json.id);
		const pictures = ids.map((id) => {
			const run = bench.sandbox.acceptedRuns().find((one) => one.id === id);
			const [sent] = run?.input.image_urls as string[];
			return bench.sandbox.uploads().find((one) => reference(one) === sent)?.filename;
		});
		expect(pictures).toEqual(['3.png', '4.png']);
	});
});

describe('an upload that fails', () => {
	const run = async (settings: NodeSettings = {}) =>
		await bench.run({ ...video, image: binary('data') }, [{}], settings, [{ data: shoe }]);

	beforeAll(async () => {
		await keepBinaryData('filesystem');
	});

	it.each([
		['step 1 is not answered', SESSION, 'reset-before', 1],
		['step 1’s answer is lost', SESSION, 'reset-after', 1],
		['step 1 is answered by a page', SESSION, 'html', 1],
		['step 2 is not answered', PUT, 'reset-before', 2],
		['step 2’s answer is lost', PUT, 'reset-after', 2],
		['step 3 is not answered', CONFIRMATION, 'reset-before', 1],
		['step 3’s answer is lost', CONFIRMATION, 'reset-after', 1],
	] as const)('is tried again where %s', async (_case, match, kind, times) => {
		bench.sandbox.addFault({ match, kind, times });
		const outcome = await run();
		expect(outcome.error).toBeUndefined();
		const sent = bench.sandbox.uploads().filter(({ confirmedAtMs }) => confirmedAtMs !== null);
		expect(sent).toHaveLength(1);
		expect(sent[0]?.bytes?.toString('base64')).toBe(shoe.base64);
		expect(inputs()).toEqual([expect.objectContaining({ image_url: reference(sent[0]) })]);
	});

	it('reads the asset where the answer with its URL is lost', async () => {
		bench.sandbox.addFault({ match: CONFIRMATION, kind: 'reset-after' });
		const outcome = await bench.run(
			{ ...edit, options: { assetReference: 'signedUrl' } },
			[{}],
			{},
			[{ data: shoe }],
		);
		expect(outcome.error).toBeUndefined();
		expect((inputs()[0]?.image_urls as string[])[0]).toContain(`/assets/${upload().id}-1.png?`);
	});

	it('is uploaded again at the next try where step 3 is refused and Runflow has no such asset', async () => {
		bench.sandbox.addFault({ match: CONFIRMATION, kind: 'status', status: 409 });
		const failed = await run();
		expect(failed.error).toMatchObject({ httpCode: '409' });
		expect(failed.error?.description).toContain('No run was started. Run the item again.');
		expect(bench.bodies()).toEqual([]);
		const retried = await bench.engine.retry(failed);
		expect(retried.error).toBeUndefined();
		expect(inputs()).toEqual([expect.objectContaining({ image_url: refs()[1] })]);
	});

	it('starts no run where step 3 is refused, though the key may not read assets', async () => {
		const scopes = ['assets:create', 'runs:create', 'runs:read'];
		bench.sandbox.configure({ keys: [{ key: bench.sandbox.apiKey, scopes, email: 'a@b.c' }] });
		bench.sandbox.addFault({ match: CONFIRMATION, kind: 'status', status: 400 });
		const outcome = await run();
		expect(outcome.error).toMatchObject({ name: 'NodeApiError', httpCode: '400' });
		expect(outcome.error?.message).toMatch(/^Image could not be uploaded: .* \[item 0\]$/);
		expect(outcome.error?.description).toContain('No run was started.');
		expect(bench.sandbox.requests.map(({ method, host }) => `${method} ${host}`)).toEqual([
			'POST api',
			'PUT storage',
			'POST api',
		]);
	});

	it('starts no run where Runflow gives no URL for an asset, and the user wants one', async () => {
		bench.sandbox.addFault({ match: CONFIRMATION, kind: 'wrong-json', body: { id: 'asset-1' } });
		const signed = { ...edit, options: { assetReference: 'signedUrl' } };
		const outcome = await bench.run(signed, [{}], {}, [{ data: shoe }]);
		expect(outcome.error?.message).toMatch(/^Images: image 1 could not be uploaded: /);
		expect(outcome.error?.description).toContain('No run was started.');
		expect(bench.bodies()).toEqual([]);
	});

	it.each([500, 503])('is tried three times where the storage answers with %i', async (status) => {
		bench.sandbox.addFault({ match: PUT, kind: 'status', status, times: Infinity });
		const outcome = await run();
		expect(puts()).toHaveLength(3);
		expect(outcome.error?.name).toBe('NodeApiError');
		expect(outcome.error?.message).toMatch(/^Image could not be uploaded: .* \[item 0\]$/);
		expect(outcome.error?.description).toContain('No run was started.');
		expect(outcome.error).toMatchObject({ httpCode: String(status) });
		expect(bench.bodies()).toEqual([]);
	});

	it('starts again at step 1, once, where the upload URL has expired', async () => {
		bench.sandbox.addFault({ match: PUT, kind: 'status', status: 403 });
		const outcome = await run();
		expect(outcome.error).toBeUndefined();
		expect(bench.sandbox.uploads()).toHaveLength(2);
		expect(puts()).toHaveLength(2);
	});

	it('says what the storage says where it has expired again', async () => {
		bench.sandbox.configure({ uploadUrlTtlMs: 0 });
		const outcome = await run();
		expect(puts()).toHaveLength(2);
		expect(outcome.error?.message).toBe(
			'Image could not be uploaded: Request has expired [item 0]',
		);
		expect(outcome.error?.description).toContain('Code: AccessDenied');
		expect(bench.bodies()).toEqual([]);
	});

	it('reports the refusal where step 1 is refused once the upload URL has expired', async () => {
		bench.sandbox.addFault({ match: PUT, kind: 'status', status: 403 });
		bench.sandbox.addFault({ match: { ...SESSION, nth: 2 }, kind: 'status', status: 400 });
		const outcome = await run();
		expect(outcome.error).toMatchObject({ name: 'NodeApiError', httpCode: '400' });
		expect(outcome.error?.message).toMatch(/^Image could not be uploaded: .* \[item 0\]$/);
		expect(outcome.error?.description).toContain('No run was started.');
		expect(puts()).toHaveLength(1);
		expect(bench.bodies()).toEqual([]);
	});

	it('leaves no file open where the storage cannot be reached', async () => {
		// More than is read before there is a connection.
		const large = file(Buffer.alloc(1_000_000, 1), 'image/png', 'large.png');
		const body = { asset_id: 'asset-1', upload_url: 'http://127.0.0.1:1/' };
		bench.sandbox.addFault({ match: SESSION, kind: 'wrong-json', body });
		const opened = await filesOpenedBy(async () => {
			const outcome = await bench.run({ ...video, image: binary('data') }, [{}], {}, [
				{ data: large },
			]);
			expect(outcome.error?.description).toContain('Network error: ECONNREFUSED');
		});
		// Once for its hash, then for each of three attempts.
		expect(opened.map(({ destroyed }) => destroyed)).toEqual([true, true, true, true]);
	});

	it('names the scope that the key lacks', async () => {
		bench.sandbox.configure({
			keys: [{ key: bench.sandbox.apiKey, scopes: ['runs:create', 'runs:read'], email: 'a@b.c' }],
		});
		const outcome = await run();
		expect(outcome.error?.description).toContain('lacks the scope assets:create');
		expect(outcome.error?.description).toContain('No run was started.');
		expect(outcome.error).toMatchObject({
			httpCode: '403',
			context: { code: 'PERMISSION_DENIED' },
		});
		expect(bench.sandbox.requests).toHaveLength(1);
	});

	it('distinguishes a wrong key from a missing scope', async () => {
		const engine = await createEngine({
			runflowApi: { apiKey: 'rf_live_wrong', baseUrl: bench.sandbox.url },
		});
		const outcome = await engine.run(wanWorkflow(edit, [{}], {}, [{ data: shoe }]));
		expect(outcome.error).toMatchObject({ name: 'NodeApiError', httpCode: '401' });
		expect(outcome.error?.message).toMatch(/^Images: image 1 could not be uploaded: /);
		expect(outcome.error?.description).toContain('paste a valid key');
		expect(JSON.stringify(outcome.error)).not.toContain('rf_live_wrong');
	});

	it('repeats what Runflow says about a type that it does not accept', async () => {
		bench.sandbox.configure({ assetMimeTypes: ['image/jpeg'] });
		const outcome = await run();
		expect(outcome.error?.description).toContain("• mime_type: MIME type 'image/png'");
		expect(bench.sandbox.requests).toHaveLength(1);
	});

	it.each(['ftp://storage.example/x', 'https:/', 'runflow://x'])(
		'sends nothing to %s',
		async (uploadUrl) => {
			const body = { asset_id: 'a', upload_url: uploadUrl };
			bench.sandbox.addFault({ match: SESSION, kind: 'wrong-json', body });
			const outcome = await run();
			expect(outcome.error?.message).toContain('Runflow gave no https address for the upload');
			expect(bench.sandbox.requests).toHaveLength(1);
		},
	);

	it('does not follow redirects of the storage', async () => {
		const location = `${bench.sandbox.url}/v1/stolen`;
		bench.sandbox.addFault({ match: PUT, kind: 'redirect', location, status: 307 });
		const outcome = await run();
		expect(outcome.error?.message).toContain('HTTP status 307');
		expect(bench.sandbox.requests.map(({ path }) => path)).not.toContain('/v1/stolen');
	});

	it('leaves through the error output while the other items continue', async () => {
		bench.sandbox.addFault({ match: PUT, kind: 'status', status: 400 });
		const files = [{ data: shoe }, { data: picture(2) }];
		const outcome = await bench.run(edit, [{}, {}], { onError: 'continueErrorOutput' }, files);
		expect(outcome.items(WAN, 0)).toHaveLength(1);
		const [failed] = outcome.items(WAN, 1);
		expect(failed?.json).toMatchObject({
			error: {
				message: expect.stringMatching(/^Images: image 1 could not be uploaded/) as string,
				httpCode: '400',
				runId: null,
			},
		});
		const links = [...outcome.items(WAN, 0), ...outcome.items(WAN, 1)].map(
			({ pairedItem }) => (pairedItem as { item: number }).item,
		);
		expect(links.sort()).toEqual([0, 1]);
	});

	it('ends when Stop is pressed, without starting a run', async () => {
		bench.sandbox.addFault({ match: PUT, kind: 'timeout' });
		const running = bench.engine.start(wanWorkflow(edit, [{}], {}, [{ data: shoe }]));
		await until(() => puts().length > 0);
		running.stop();
		const outcome = await running.outcome;
		expect(outcome.status).toBe('canceled');
		expect(outcome.error?.description).toContain('No run was started.');
		expect(bench.bodies()).toEqual([]);
		expect(puts()).toHaveLength(1);
	});

	it('does not show the API key', async () => {
		bench.sandbox.addFault({ match: PUT, kind: 'status', status: 400, times: 2 });
		const outcome = await run({ ...retry, maxTries: 2 });
		const { apiKey } = bench.sandbox;
		expect(outcome.error).toBeDefined();
		expect(JSON.stringify([outcome.error, outcome.error?.description])).not.toContain(apiKey);
		const seen = bench.sandbox.requests.filter(({ host }) => host === 'storage');
		expect(seen).toHaveLength(2);
		expect(JSON.stringify(seen)).not.toContain(apiKey);
	});
});

it('is another request under an Idempotency Key that Runflow has a run for: which file that was is not known', async () => {
	await keepBinaryData('default');
	bench.sandbox.configure({ idempotency: 'honoured' });
	const options = { idempotencyKey: '1001', clientReference: 'order-1001' };
	const [first, second] = [
		await bench.run({ ...edit, options }, [{}], {}, [{ data: shoe }]),
		await bench.run({ ...edit, options }, [{}], {}, [{ data: picture(2) }]),
	];
	expect(first.error).toBeUndefined();
	expect(second.error).toMatchObject({ httpCode: '409' });
	expect(second.error?.description).toContain('Look at Runs in Runflow first');
	expect(bench.sandbox.acceptedRuns()).toHaveLength(1);
	// So are two references to files that were uploaded before.
	const [one, other] = refs();
	const under = { ...options, idempotencyKey: '1002', clientReference: 'order-1002' };
	const named = async (reference = '') =>
		await bench.run({ ...edit, images: sources(url(reference)), options: under });
	expect((await named(one)).error).toBeUndefined();
	expect((await named(other)).error).toMatchObject({ httpCode: '409' });
	expect(bench.sandbox.acceptedRuns()).toHaveLength(2);
});
