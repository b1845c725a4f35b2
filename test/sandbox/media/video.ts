import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What video.mp4 beside this file is (ffprobe): H.264 baseline, made with ffmpeg's testsrc. */
export const VIDEO = { width: 320, height: 180, durationSeconds: 2 } as const;

const BOX_HEADER_BYTES = 8;

/**
 * Out: the bytes of the small video that stands for every video output.
 */
export function videoFile(): Buffer {
	return readFileSync(join(__dirname, 'video.mp4'));
}

/**
 * In: a video and the length that it is going to be padded to. Out: the video and the header of a `free` box, so
 * that the padding is a part of the file that every player skips.
 */
export function withFreeBox(video: Buffer, length: number): Buffer {
	const boxBytes = length - video.length;
	if (boxBytes < BOX_HEADER_BYTES) return video;
	const header = Buffer.alloc(BOX_HEADER_BYTES);
	header.writeUInt32BE(boxBytes, 0);
	header.write('free', 4, 'latin1');
	return Buffer.concat([video, header]);
}
