import { startSandbox, type JsonObject, type Sandbox } from './index';
import { dotsOf, pixelsOf, textOf } from './drawn';
import { PANEL_COLOR, wrap } from './media/card';
import { at, call, createEdit, textAt } from './testClient';

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

interface Output {
	readonly id: string;
	readonly item: JsonObject;
	readonly file: Buffer;
}

/** Ends a run. Out: one of its outputs, as the record has it and as its link gives it. */
async function finished(id: string, index = 0): Promise<Output> {
	sandbox.finishRun(id);
	const { json } = await call(sandbox, `/v1/runs/${id}`);
	const response = await fetch(textAt(json, 'output', 'outputs', index, 'url'));
	return {
		id,
		item: at(json, 'output', 'outputs', index) as JsonObject,
		file: Buffer.from(await response.arrayBuffer()),
	};
}

async function edited(input: JsonObject, index = 0): Promise<Output> {
	return await finished(textAt((await createEdit(sandbox, input)).json, 'id'), index);
}

async function filmed(input: JsonObject): Promise<Output> {
	const path = '/v1/models/alibaba/wan/v2.7/text-to-video/runs';
	const { json } = await call(sandbox, path, { body: { input: { prompt: 'A wave', ...input } } });
	return await finished(textAt(json, 'id'));
}

function sizeOf(png: Buffer) {
	return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

/** What is written on a picture. */
function textOn(png: Buffer): string[] {
	const size = sizeOf(png);
	const pixels = pixelsOf(png);
	const ink = dotsOf(size).map(({ x, y }) => (pixels[y * size.width + x] ?? 0) > PANEL_COLOR);
	return textOf(size, ink);
}

describe('A picture', () => {
	it('shows the model, its place, the size, the prompt and the run', async () => {
		const prompt = 'Put the shoe on a beach, with {waves} & "50% off" in the sand';
		const { id, file } = await edited({ prompt, num_images: 3, image_size: '1024x768' }, 1);
		const [heading, facts, blank, first, second, ...rest] = textOn(file);
		expect([heading, facts, blank]).toEqual(['Wan 2.7 - Pro Edit', 'Image 2 of 3, 1024x768', '']);
		expect(`${first} ${second}`).toBe(prompt);
		expect(rest.filter((line) => line !== '')).toEqual([`Sandbox run ${id.slice(-8)}`]);
	});

	it.each([
		['square', 512, 512],
		['portrait_16_9', 576, 1024],
		['2048x768', 2048, 768],
		[undefined, 1024, 1024],
	])('has the size that is asked for: %s', async (size, width, height) => {
		const { item, file } = await edited(size === undefined ? {} : { image_size: size });
		expect(sizeOf(file)).toEqual({ width, height });
		expect(item).toMatchObject({ width, height });
	});

	it('ends a long prompt with three dots', async () => {
		const { file } = await edited({ prompt: 'the end of the world '.repeat(100) });
		const lines = textOn(file);
		expect(lines.at(-2)).toMatch(/^(the|end|of|world).*\.\.\.$/);
		expect(lines.at(-1)).toMatch(/^Sandbox run [0-9a-f]{8}$/);
	});

	it('writes letters without accents, and a box for what has no plain form', async () => {
		const { file } = await edited({ prompt: 'Größe “à la” 漢字 – 😀' });
		expect(textOn(file)[3]).toBe('Grosse "a la" \x7f\x7f - \x7f');
	});

	it('says where the input has no prompt', async () => {
		const path = '/v1/models/sandbox/random-image/runs';
		const { json } = await call(sandbox, path, { body: { input: {} } });
		const { file } = await finished(textAt(json, 'id'));
		expect(textOn(file).slice(0, 4)).toEqual([
			'Random Image',
			'Image 1 of 1, 1024x1024',
			'',
			'(no prompt)',
		]);
	});
});

describe('A text', () => {
	it('is broken between words where they fit, and within them otherwise', () => {
		expect(wrap('one two\nthree abcdefghijkl m', 5)).toEqual([
			'one',
			'two',
			'three',
			'abcde',
			'fghij',
			'kl m',
		]);
	});
});

interface Box {
	readonly type: string;
	readonly content: Buffer;
}

function boxesIn(bytes: Buffer): Box[] {
	const boxes: Box[] = [];
	for (let start = 0; start < bytes.length;) {
		const length = bytes.readUInt32BE(start);
		const type = bytes.toString('latin1', start + 4, start + 8);
		boxes.push({ type, content: bytes.subarray(start + 8, start + length) });
		start += length;
	}
	return boxes;
}

/** The contents of a box, by the way to it. */
function contentOf(bytes: Buffer, ...way: string[]): Buffer {
	return way.reduce((content, type) => {
		const box = boxesIn(content).find((one) => one.type === type);
		if (box === undefined) throw new Error(`No box ${type}`);
		return box.content;
	}, bytes);
}

const TRACK = ['moov', 'trak'] as const;
const TABLE = [...TRACK, 'mdia', 'minf', 'stbl'] as const;

function numbers(content: Buffer): number[] {
	return Array.from({ length: content.length / 4 }, (_, index) => content.readUInt32BE(index * 4));
}

describe('A video', () => {
	it.each<[JsonObject, number, number, number]>([
		[{}, 1920, 1080, 5],
		[{ resolution: '720p', duration: 2 }, 1280, 720, 2],
		[{ resolution: '1080p', duration: 15, aspect_ratio: '16:9' }, 1920, 1080, 15],
		[{ resolution: '720p', aspect_ratio: '9:16' }, 720, 1280, 5],
		[{ resolution: '720p', aspect_ratio: '1:1' }, 960, 960, 5],
		[{ resolution: '720p', aspect_ratio: '4:3' }, 1112, 832, 5],
		[{ aspect_ratio: '3:4', duration: 3 }, 1248, 1664, 3],
	])('has the size and length that are asked for: %j', async (input, width, height, seconds) => {
		const { item, file } = await filmed(input);
		expect(item).toMatchObject({ width, height, duration: seconds });
		const header = numbers(contentOf(file, ...TRACK, 'tkhd'));
		expect(header.slice(-2)).toEqual([width * 0x10000, height * 0x10000]);
		const [, , , timescale = 0, duration = 0] = numbers(contentOf(file, 'moov', 'mvhd'));
		expect(duration / timescale).toBe(seconds);
		const [, , frames, frameDuration = 0] = numbers(contentOf(file, ...TABLE, 'stts'));
		expect(frames).toBe(seconds * 8);
		expect(frameDuration * (frames ?? 0)).toBe(duration);
	});

	it('has its frames where its table says, the first of them whole', async () => {
		const { file } = await filmed({ resolution: '720p', duration: 2 });
		expect(boxesIn(file).map(({ type }) => type)).toEqual(['ftyp', 'moov', 'mdat']);
		const [, , count, ...sizes] = numbers(contentOf(file, ...TABLE, 'stsz'));
		expect(sizes).toHaveLength(count ?? 0);
		const [, , start = 0] = numbers(contentOf(file, ...TABLE, 'stco'));
		let offset = start;
		const types = sizes.map((size) => {
			expect(file.readUInt32BE(offset)).toBe(size - 4);
			const type = (file[offset + 4] ?? 0) & 0x1f;
			offset += size;
			return type;
		});
		expect(offset).toBe(file.length);
		// 5: needs no other frame; 1: changes the one before.
		expect(types).toEqual([5, ...Array<number>(15).fill(1)]);
		expect(Math.max(...sizes.slice(1))).toBeLessThan(5000);
	});

	it('is the same when it is drawn again after many others', async () => {
		const { id, file } = await filmed({ duration: 2 });
		const { json } = await call(sandbox, `/v1/runs/${id}`);
		const url = textAt(json, 'output', 'outputs', 0, 'url');
		for (let other = 0; other < 8; other += 1) await edited({ seed: other });
		const again = Buffer.from(await (await fetch(url)).arrayBuffer());
		expect(again.equals(file)).toBe(true);
	});
});
