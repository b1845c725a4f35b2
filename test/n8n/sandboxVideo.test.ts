import type { Browser, Page } from 'playwright-core';

import { startSandbox, type JsonObject, type Sandbox } from '../sandbox';
import { dotsOf, textOf, type Point } from '../sandbox/drawn';
import { call, textAt } from '../sandbox/testClient';
import { launchBrowser } from './browser';
import { findChromium } from './chromium';
import { testProgress } from './testDemo';

/** Its bytes are the colour of the first bar: blue, green, red. */
const SEED = 0x2a6fdb;
const FRAMES_PER_SECOND = 8;

let sandbox: Sandbox;
let browser: Browser;
let page: Page;

beforeAll(async () => {
	sandbox = await startSandbox({ manual: true });
	browser = await launchBrowser(await findChromium(testProgress));
	page = await browser.newPage();
	// A page may read the pixels of a video of its own address only.
	const address = `${sandbox.storageUrl}/`;
	await page.route(address, async (route) => {
		await route.fulfill({ contentType: 'text/html', body: '<video muted></video>' });
	});
	await page.goto(address);
});

afterAll(async () => {
	await browser.close();
	await sandbox.close();
});

/** Makes a video. Out: the id of its run, and the link to it. */
async function film(input: JsonObject): Promise<{ id: string; url: string }> {
	const path = '/v1/models/alibaba/wan/v2.7/text-to-video/runs';
	const { json } = await call(sandbox, path, { body: { input } });
	const id = textAt(json, 'id');
	sandbox.finishRun(id);
	const { json: run } = await call(sandbox, `/v1/runs/${id}`);
	return { id, url: textAt(run, 'output', 'outputs', 0, 'url') };
}

/** Loads a video into the page. Out: what the browser says of it. */
async function load(url: string): Promise<{ width: number; height: number; seconds: number }> {
	return await page.locator('video').evaluate(async (element, source) => {
		const video = element as HTMLVideoElement;
		await new Promise((resolve, reject) => {
			video.onloadeddata = resolve;
			video.onerror = () => {
				reject(new Error(video.error?.message));
			};
			video.src = source;
		});
		return { width: video.videoWidth, height: video.videoHeight, seconds: video.duration };
	}, url);
}

/** The colours of the loaded video at a time, at some points. */
async function colorsAt(seconds: number, points: readonly Point[]): Promise<number[][]> {
	// As one text each way: passing ten thousands of objects takes the browser's driver many seconds.
	const colors = await page.locator('video').evaluate(
		async (element, wanted) => {
			const video = element as HTMLVideoElement;
			// "seeked" may come before the frame does, and an earlier seek's frame may come late.
			const isShown = (start: number) =>
				start <= wanted.seconds && wanted.seconds < start + wanted.frameSeconds;
			await new Promise<void>((resolve) => {
				const onFrame: VideoFrameRequestCallback = (_now, { mediaTime }) => {
					if (isShown(mediaTime)) resolve();
					else video.requestVideoFrameCallback(onFrame);
				};
				video.requestVideoFrameCallback(onFrame);
				video.currentTime = wanted.seconds;
			});
			const canvas = document.createElement('canvas');
			canvas.width = video.videoWidth;
			canvas.height = video.videoHeight;
			const context = canvas.getContext('2d');
			if (context === null) throw new Error('The browser gives no canvas');
			context.drawImage(video, 0, 0);
			const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
			const all = (JSON.parse(wanted.points) as { x: number; y: number }[]).map(({ x, y }) => {
				const from = (y * canvas.width + x) * 4;
				return [...data.subarray(from, from + 3)];
			});
			return JSON.stringify(all);
		},
		{ seconds, frameSeconds: 1 / FRAMES_PER_SECOND, points: JSON.stringify(points) },
	);
	return JSON.parse(colors) as number[][];
}

function isBright([, green = 0]: readonly number[]): boolean {
	return green > 128;
}

describe.each([
	['720p', '16:9', 1280, 720, 2],
	['1080p', '16:9', 1920, 1080, 5],
	['720p', '9:16', 720, 1280, 2],
	['1080p', '4:3', 1664, 1248, 3],
])('a video of the sandbox in %s, %s', (resolution, aspectRatio, width, height, seconds) => {
	const prompt = 'A wave rolls over the beach, seen from above, at 50% of its speed';
	let id: string;

	beforeAll(async () => {
		const input = { prompt, resolution, aspect_ratio: aspectRatio, duration: seconds, seed: SEED };
		const made = await film(input);
		id = made.id;
		expect(await load(made.url)).toEqual({ width, height, seconds });
	});

	it.each([
		['in its first frame', 0],
		['in its last frame', seconds - 0.01],
	])('shows what was asked %s', async (_which, time) => {
		const colors = await colorsAt(time, dotsOf({ width, height }));
		const text = textOf({ width, height }, colors.map(isBright));
		expect(text.slice(0, 2)).toEqual([
			'Wan 2.7 - Text to Video',
			`${seconds} s, ${width}x${height}`,
		]);
		expect(text.slice(3, -1).join(' ').trim()).toBe(prompt);
		expect(text.at(-1)).toBe(`Sandbox run ${id.slice(-8)}`);
	});

	it('fills its bar as it plays', async () => {
		const y = Math.floor(height / 16) * 16 - 8;
		const row = Array.from({ length: width }, (_, x) => ({ x, y }));
		const times = [0, seconds / 2, seconds];
		const seen: number[] = [];
		for (const time of times) {
			const colors = await colorsAt(Math.min(time + 0.05, seconds - 0.01), row);
			const end = colors.findIndex((color) => !isBright(color));
			seen.push(end === -1 ? width : end);
		}
		const frames = seconds * FRAMES_PER_SECOND;
		expect(seen).toEqual([
			Math.round(width / frames),
			Math.round((width * (frames / 2 + 1)) / frames),
			width,
		]);
	});

	it('has the colours of its run at the edge', async () => {
		const [[red = 0, green = 0, blue = 0] = []] = await colorsAt(0, [{ x: 8, y: 8 }]);
		expect(Math.abs(red - 0xdb)).toBeLessThan(3);
		expect(Math.abs(green - 0x6f)).toBeLessThan(3);
		// Chromium without a graphics card weakens blue by 5 %.
		expect(Math.abs(blue - 0x2a)).toBeLessThan(8);
	});
});
