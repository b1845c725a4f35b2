import type { INodeParameters } from 'n8n-workflow';

import { url } from '../../engine/workflows';
import { useBench } from '../context';
import { bodyOf, together, type FieldRow } from './fieldTable';
import { modelRows, requestRows } from './sharedRows';

const bench = useBench();

const IMAGE = 'https://example.com/first.png';
const ENDPOINT = '/v1/models/alibaba/wan/v2.7/image-to-video/runs';

const image: FieldRow = {
	field: 'input.image_url',
	parameters: { image: url(IMAGE) },
	sent: IMAGE,
};
/** Not left empty by a user who sees it: the duration decides the price. */
const asShown: FieldRow = { field: 'input.duration', parameters: {}, sent: 5 };

/**
 * Every row but the media that exclude each other.
 * @see docs/runflow-api.md, "Image to Video: input" and "Request body"
 */
const optional: FieldRow[] = [
	{ field: 'input.prompt', parameters: { prompt: 'It turns' }, sent: 'It turns' },
	{
		field: 'input.end_image_url',
		parameters: { endImage: url('https://example.com/last.png') },
		sent: 'https://example.com/last.png',
	},
	{
		field: 'input.audio_url',
		parameters: { audio: url('https://example.com/voice.mp3') },
		sent: 'https://example.com/voice.mp3',
	},
	{ field: 'input.resolution', parameters: { resolution: '720p' }, sent: '720p' },
	{ field: 'input.duration', parameters: { duration: 15 }, sent: 15 },
	...modelRows,
	...requestRows,
];

function parameters(...rows: FieldRow[]): INodeParameters {
	return {
		operation: 'imageToVideo',
		completion: 'immediately',
		...together(...rows.map((row) => row.parameters)),
	};
}

it('uses the endpoint of the page', async () => {
	await bench.run(parameters(image));
	expect(bench.sandbox.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
		`POST ${ENDPOINT}`,
	]);
});

it('sends only the image and the duration by default', async () => {
	await bench.run(parameters(image));
	expect(bench.bodies()).toEqual([bodyOf(image, asShown)]);
});

it('sends the example of the page', async () => {
	const outcome = await bench.run({
		operation: 'imageToVideo',
		completion: 'immediately',
		prompt:
			'Product rotating slowly on a display pedestal, soft studio lighting, professional product photography',
		image: url('https://public.runflow.io/images/models/_base/product-sneaker.png'),
		duration: 5,
		resolution: '1080p',
		options: { callbackUrl: 'https://your-server.com/webhook' },
	});
	expect(outcome.error).toBeUndefined();
	expect(bench.bodies()).toEqual([
		{
			input: {
				prompt:
					'Product rotating slowly on a display pedestal, soft studio lighting, professional product photography',
				duration: 5,
				image_url: 'https://public.runflow.io/images/models/_base/product-sneaker.png',
				resolution: '1080p',
			},
			callback_url: 'https://your-server.com/webhook',
		},
	]);
});

describe('every field alone', () => {
	it.each(optional)('$field', async (row) => {
		const outcome = await bench.run(parameters(image, row));
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([bodyOf(image, asShown, row)]);
	});

	it('input.video_url', async () => {
		const row: FieldRow = {
			field: 'input.video_url',
			parameters: { video: url('https://example.com/clip.mp4') },
			sent: 'https://example.com/clip.mp4',
		};
		const outcome = await bench.run(parameters(row));
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([bodyOf(row, asShown)]);
	});
});

it('sends all fields together', async () => {
	const outcome = await bench.run(parameters(image, ...optional));
	expect(outcome.error).toBeUndefined();
	expect(bench.bodies()).toEqual([bodyOf(image, ...optional)]);
});

describe('media that go together', () => {
	const first = IMAGE;
	const last = 'https://example.com/last.png';
	const clip = 'https://example.com/clip.mp4';
	const voice = 'https://example.com/voice.mp3';
	it.each([
		['first frame', { image_url: first }],
		['first frame and sound', { image_url: first, audio_url: voice }],
		['first and last frame', { image_url: first, end_image_url: last }],
		['first and last frame and sound', { image_url: first, end_image_url: last, audio_url: voice }],
		['continuation', { video_url: clip }],
		['continuation to a last frame', { video_url: clip, end_image_url: last }],
	])('%s', async (_mode, media: Record<string, string>) => {
		const outcome = await bench.run(
			{
				...parameters(),
				image: url("={{ $json.image_url ?? '' }}"),
				endImage: url("={{ $json.end_image_url ?? '' }}"),
				video: url("={{ $json.video_url ?? '' }}"),
				audio: url("={{ $json.audio_url ?? '' }}"),
			},
			[media],
		);
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([{ input: { ...media, duration: 5 } }]);
	});
});

it.each(["={{ '' }}", '={{ null }}', "={{ $json.nothing ?? '' }}"])(
	'sends nothing for the empty cell %s',
	async (empty) => {
		const outcome = await bench.run({
			...parameters(image),
			prompt: empty,
			resolution: empty,
			duration: empty,
			endImage: url(empty),
			video: empty,
			audio: url(empty),
		});
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([bodyOf(image)]);
	},
);
