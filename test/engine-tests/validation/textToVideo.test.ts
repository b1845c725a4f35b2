import type { INodeParameters } from 'n8n-workflow';

import { jsonOf } from '../../engine/engine';
import { AFTER, url } from '../../engine/workflows';
import { useBench } from '../context';
import { bodyOf, together, type FieldRow } from './fieldTable';
import { modelRows, requestRows } from './sharedRows';

const bench = useBench();

const ENDPOINT = '/v1/models/alibaba/wan/v2.7/text-to-video/runs';

const prompt: FieldRow = {
	field: 'input.prompt',
	parameters: { prompt: 'A shoe turns' },
	sent: 'A shoe turns',
};
/** Not left empty by a user who sees it: the duration decides the price. */
const asShown: FieldRow = { field: 'input.duration', parameters: {}, sent: 5 };

/** @see docs/runflow-api.md, "Text to Video: input" and "Request body" */
const optional: FieldRow[] = [
	{ field: 'input.duration', parameters: { duration: 15 }, sent: 15 },
	{ field: 'input.resolution', parameters: { resolution: '720p' }, sent: '720p' },
	{ field: 'input.aspect_ratio', parameters: { aspectRatio: '9:16' }, sent: '9:16' },
	{
		field: 'input.audio_url',
		parameters: { audio: url('https://example.com/voice.mp3') },
		sent: 'https://example.com/voice.mp3',
	},
	...modelRows,
	...requestRows,
];

function parameters(...rows: FieldRow[]): INodeParameters {
	return {
		operation: 'textToVideo',
		completion: 'immediately',
		...together(...rows.map((row) => row.parameters)),
	};
}

it('uses the endpoint of the page', async () => {
	await bench.run(parameters(prompt));
	expect(bench.sandbox.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
		`POST ${ENDPOINT}`,
	]);
});

it('sends the prompt, the duration that is charged, and nothing that is empty', async () => {
	await bench.run(parameters(prompt));
	expect(bench.bodies()).toEqual([bodyOf(prompt, asShown)]);
});

it('sends the fields of the page’s example', async () => {
	const outcome = await bench.run({ ...parameters(prompt), duration: 5, resolution: '1080p' });
	expect(outcome.error).toBeUndefined();
	expect(bench.bodies()).toEqual([
		{ input: { prompt: 'A shoe turns', duration: 5, resolution: '1080p' } },
	]);
});

describe('every field alone', () => {
	it.each(optional)('$field', async (row) => {
		const outcome = await bench.run(parameters(prompt, row));
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([bodyOf(prompt, asShown, row)]);
	});

	it.each(['16:9', '9:16', '1:1', '4:3', '3:4'])('input.aspect_ratio as %s', async (ratio) => {
		const outcome = await bench.run({ ...parameters(prompt), aspectRatio: ratio });
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([
			bodyOf(prompt, asShown, { field: 'input.aspect_ratio', sent: ratio }),
		]);
	});
});

it('sends all fields together', async () => {
	const outcome = await bench.run(parameters(prompt, ...optional));
	expect(outcome.error).toBeUndefined();
	expect(bench.bodies()).toEqual([bodyOf(prompt, ...optional)]);
});

it.each(["={{ '' }}", '={{ null }}', "={{ $json.nothing ?? '' }}"])(
	'sends nothing for the empty cell %s',
	async (empty) => {
		const outcome = await bench.run({
			...parameters(prompt),
			aspectRatio: empty,
			resolution: empty,
			duration: empty,
			audio: url(empty),
		});
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([bodyOf(prompt)]);
	},
);

it.each(['9:16', 'Portrait 9:16', ' portrait 9:16 '])('takes the shape %s', async (ratio) => {
	await bench.run({ ...parameters(prompt), aspectRatio: `={{ "${ratio}" }}` });
	expect(bench.bodies()).toEqual([
		bodyOf(prompt, asShown, { field: 'input.aspect_ratio', sent: '9:16' }),
	]);
});

it('makes a video and waits for it', async () => {
	const outcome = await bench.run({
		...parameters(prompt),
		completion: 'polling',
		duration: 3,
		options: { pollingInterval: 0.02 },
	});
	expect(outcome.error).toBeUndefined();
	expect(jsonOf(outcome.items(AFTER))).toMatchObject([
		{ status: 'succeeded', cost: 0.3, outputs: [{ type: 'video' }] },
	]);
});
