import { BLOCK, fillRectangle, type Canvas, type Rectangle } from './canvas';
import { drawCard, PANEL_COLOR, TEXT_COLOR, type Card } from './card';
import { pictureParameterSet, sequenceParameterSet } from './h264/parameterSets';
import { firstFrame, laterFrame } from './h264/slices';
import { mp4File } from './mp4';

/** A divisor of 1000, so that every length in seconds is exact. */
const FRAMES_PER_SECOND = 8;
const BOX_HEADER_BYTES = 8;

/**
 * In: what is written on a clip and how long it lasts. Out: an MP4 (H.264) of exactly that size and length, with a bar
 * at the bottom that fills up.
 */
export function cardVideo(card: Card, seconds: number): Buffer {
	const canvas = drawCard(card);
	const count = Math.round(seconds * FRAMES_PER_SECOND);
	const track = barTrack(canvas);
	fillRectangle(canvas, PANEL_COLOR, track);
	const frames: Buffer[] = [];
	let filled = 0;
	for (let number = 0; number < count; number += 1) {
		const upTo = Math.round((canvas.width * (number + 1)) / count);
		fillRectangle(canvas, TEXT_COLOR, { ...track, width: upTo });
		frames.push(
			number === 0
				? firstFrame(canvas)
				: laterFrame(canvas, number, changedBlocks(canvas, track, filled, upTo)),
		);
		filled = upTo;
	}
	return mp4File({
		width: canvas.width,
		height: canvas.height,
		framesPerSecond: FRAMES_PER_SECOND,
		sequenceParameterSet: sequenceParameterSet(canvas),
		pictureParameterSet: pictureParameterSet(),
		frames,
	});
}

/**
 * Out: a small video that stands for a user's own.
 */
export function videoFile(): Buffer {
	const size = { width: 320, height: 180, pattern: 0x2a6fdb };
	const text = 'A clip to continue';
	return cardVideo({ ...size, heading: 'clip.mp4', facts: '2 s, 320 x 180', text, footer: '' }, 2);
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

/** The last row of whole blocks. */
function barTrack({ stride, height }: Canvas): Rectangle {
	return { x: 0, y: (Math.floor(height / BLOCK) - 1) * BLOCK, width: stride, height: BLOCK };
}

/** The macroblocks of the bar between two ends of it. */
function changedBlocks({ stride }: Canvas, { y }: Rectangle, from: number, to: number): number[] {
	const rowStart = (y / BLOCK) * (stride / BLOCK);
	const first = Math.floor(from / BLOCK);
	const count = Math.ceil(to / BLOCK) - first;
	return Array.from({ length: count }, (_, index) => rowStart + first + index);
}
