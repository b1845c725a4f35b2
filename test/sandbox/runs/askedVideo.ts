import type { JsonObject } from '../json';
import type { PixelSize } from '../validation/imageSize';

/** Upstream's, where the model page names none. @see docs/runflow-api.md, "Image to Video: limits upstream" */
const DEFAULT_SECONDS = 5;

/** The height of a landscape video; `1080p` is upstream's default. */
const LINES = { low: 720, high: 1080 } as const;

/** The sides of a ratio other than 16:9 are whole multiples of this. */
const STEP = 8;

/**
 * In: the input of a video run. Out: the length that it asks for.
 */
export function videoSeconds({ duration }: JsonObject): number {
	return typeof duration === 'number' ? duration : DEFAULT_SECONDS;
}

/**
 * In: the input of a video run. Out: the size that it asks for. Every ratio has about as many pixels as 16:9, which
 * stands for the aspect of the given image too.
 * @see docs/runflow-api.md, "Text to Video: limits upstream": the sizes are the sandbox's own choice
 */
export function videoSize({ resolution, aspect_ratio: aspectRatio }: JsonObject): PixelSize {
	const lines = resolution === '720p' ? LINES.low : LINES.high;
	const pixels = (lines * lines * 16) / 9;
	const [across, down] = ratioOf(aspectRatio);
	return {
		width: roundToStep(Math.sqrt((pixels * across) / down)),
		height: roundToStep(Math.sqrt((pixels * down) / across)),
	};
}

function ratioOf(value: unknown): readonly [across: number, down: number] {
	const match = /^(\d+):(\d+)$/.exec(typeof value === 'string' ? value : '');
	return match === null ? [16, 9] : [Number(match[1]), Number(match[2])];
}

function roundToStep(length: number): number {
	return Math.round(length / STEP) * STEP;
}
