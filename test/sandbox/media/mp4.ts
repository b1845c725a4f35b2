import { PROFILE } from './h264/parameterSets';

/** A video track, frame by frame. */
export interface VideoTrack {
	readonly width: number;
	readonly height: number;
	readonly framesPerSecond: number;
	readonly sequenceParameterSet: Buffer;
	readonly pictureParameterSet: Buffer;
	/** One NAL unit each; all but the first depend on the one before. */
	readonly frames: readonly Buffer[];
}

const BOX_HEADER_BYTES = 8;
const TIMESCALE = 1000;
const TRACK_ID = 1;
const FIXED_ONE = 0x10000;
const MATRIX = [FIXED_ONE, 0, 0, 0, FIXED_ONE, 0, 0, 0, 0x40000000];
const UNDETERMINED_LANGUAGE = 0x55c4;
const DOTS_PER_INCH = 72 * FIXED_ONE;
const COLOR_DEPTH = 24;

/**
 * In: a video track. Out: an MP4 file (ISO/IEC 14496-12 and -15) with it, which can be played while it is loaded.
 */
export function mp4File(track: VideoTrack): Buffer {
	const samples = track.frames.map((frame) => Buffer.concat([u32(frame.length), frame]));
	const fileType = box('ftyp', ascii('isom'), u32(0x200), ascii('isomiso2avc1mp41'));
	const sizes = samples.map(({ length }) => length);
	const head = (dataStart: number) => Buffer.concat([fileType, movie(track, sizes, dataStart)]);
	// Its length does not depend on the number in it.
	const dataStart = head(0).length + BOX_HEADER_BYTES;
	return Buffer.concat([head(dataStart), box('mdat', ...samples)]);
}

function movie(track: VideoTrack, sizes: readonly number[], dataStart: number): Buffer {
	const duration = frameDuration(track) * sizes.length;
	return box(
		'moov',
		// No times of creation and change, normal speed and volume.
		fullBox(
			'mvhd',
			0,
			u32(0, 0, TIMESCALE, duration, FIXED_ONE),
			u16(0x100, 0),
			u32(0, 0),
			u32(...MATRIX),
			zeros(24),
			u32(TRACK_ID + 1),
		),
		box(
			'trak',
			fullBox(
				'tkhd',
				3,
				u32(0, 0, TRACK_ID, 0, duration, 0, 0),
				u16(0, 0, 0, 0),
				u32(...MATRIX),
				u32(track.width * FIXED_ONE, track.height * FIXED_ONE),
			),
			box(
				'mdia',
				fullBox('mdhd', 0, u32(0, 0, TIMESCALE, duration), u16(UNDETERMINED_LANGUAGE, 0)),
				fullBox('hdlr', 0, u32(0), ascii('vide'), zeros(12), ascii('Video\0')),
				box(
					'minf',
					fullBox('vmhd', 1, zeros(8)),
					box('dinf', fullBox('dref', 0, u32(1), fullBox('url ', 1))),
					sampleTable(track, sizes, dataStart),
				),
			),
		),
	);
}

/** One chunk with all frames, of which only the first can be shown without another. */
function sampleTable(track: VideoTrack, sizes: readonly number[], dataStart: number): Buffer {
	return box(
		'stbl',
		fullBox('stsd', 0, u32(1), sampleEntry(track)),
		fullBox('stts', 0, u32(1, sizes.length, frameDuration(track))),
		fullBox('stss', 0, u32(1, 1)),
		fullBox('stsc', 0, u32(1, 1, sizes.length, 1)),
		fullBox('stsz', 0, u32(0, sizes.length, ...sizes)),
		fullBox('stco', 0, u32(1, dataStart)),
	);
}

function sampleEntry(track: VideoTrack): Buffer {
	const { sequenceParameterSet: sps, pictureParameterSet: pps } = track;
	return box(
		'avc1',
		zeros(6),
		u16(1),
		zeros(16),
		u16(track.width, track.height),
		u32(DOTS_PER_INCH, DOTS_PER_INCH, 0),
		u16(1),
		zeros(32),
		u16(COLOR_DEPTH, 0xffff),
		box(
			'avcC',
			// Lengths of four bytes, one set of each kind.
			Buffer.of(1, PROFILE.idc, PROFILE.constraints, PROFILE.level, 0xff, 0xe1),
			u16(sps.length),
			sps,
			Buffer.of(1),
			u16(pps.length),
			pps,
		),
	);
}

function frameDuration({ framesPerSecond }: VideoTrack): number {
	return TIMESCALE / framesPerSecond;
}

function box(type: string, ...parts: readonly Buffer[]): Buffer {
	const content = Buffer.concat(parts);
	return Buffer.concat([u32(content.length + BOX_HEADER_BYTES), ascii(type), content]);
}

/** A box with a version (0) and flags. */
function fullBox(type: string, flags: number, ...parts: readonly Buffer[]): Buffer {
	return box(type, u32(flags), ...parts);
}

function u32(...values: readonly number[]): Buffer {
	const bytes = Buffer.alloc(values.length * 4);
	values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4));
	return bytes;
}

function u16(...values: readonly number[]): Buffer {
	const bytes = Buffer.alloc(values.length * 2);
	values.forEach((value, index) => bytes.writeUInt16BE(value, index * 2));
	return bytes;
}

function ascii(text: string): Buffer {
	return Buffer.from(text, 'latin1');
}

function zeros(count: number): Buffer {
	return Buffer.alloc(count);
}
