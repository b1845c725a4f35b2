import { gradientPng } from '../media/png';
import { videoFile } from '../media/video';
import { toneWav } from '../media/wav';

/** A file that stands for a user's own. */
export interface Sample {
	readonly contentType: string;
	readonly bytes: () => Buffer;
}

/**
 * Input files for examples and tests, all within the limits.
 * @see docs/runflow-api.md, "Pro Edit: limits upstream" and "Image to Video: limits upstream"
 */
export const SAMPLES = {
	'sneaker.png': { contentType: 'image/png', bytes: () => gradientPng(512, 512, 0x2a6fdb) },
	'studio.png': { contentType: 'image/png', bytes: () => gradientPng(512, 512, 0x7d3a1f) },
	'clip.mp4': { contentType: 'video/mp4', bytes: videoFile },
	'voice.wav': { contentType: 'audio/wav', bytes: () => toneWav(3, 220) },
} as const satisfies Readonly<Record<string, Sample>>;

export type SampleName = keyof typeof SAMPLES;

/**
 * In: a file name. Out: the sample of that name, if there is one.
 */
export function findSample(name: string): Sample | undefined {
	return Object.entries(SAMPLES).find(([known]) => known === name)?.[1];
}
