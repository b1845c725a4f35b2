import { BLOCK, type Canvas, type Rgb } from '../canvas';
import type { BitWriter } from './bits';

/** One frame under way. */
export interface Frame {
	readonly canvas: Canvas;
	readonly colors: readonly Rgb[];
	/** 1 for each macroblock that this frame stores pixel by pixel. */
	readonly stored: Buffer;
}

const I_PCM = 25;
const I_16X16 = 1;

/** The modes of luma and chroma. @see ITU-T H.264, tables 8-4 and 8-5 */
const VERTICAL = { luma: 0, chroma: 2 } as const;
const HORIZONTAL = { luma: 1, chroma: 1 } as const;

/**
 * In: a canvas. Out: a frame of it, nothing of which is stored yet.
 */
export function beginFrame(canvas: Canvas): Frame {
	const stored = Buffer.alloc((canvas.stride / BLOCK) * (canvas.rows / BLOCK));
	return { canvas, colors: canvas.palette.map(yCbCr), stored };
}

/**
 * In: a frame, the number of a macroblock, and what the slice adds to its type. Writes the block without loss: like
 * the pixels above or left of it where it only continues them, pixel by pixel otherwise.
 * @see ITU-T H.264, 7.3.5
 */
export function writeMacroblock(
	writer: BitWriter,
	frame: Frame,
	address: number,
	typeOffset: number,
): void {
	const corner = cornerOf(frame.canvas, address);
	const mode = continuedFrom(frame.canvas, corner);
	if (mode === null) {
		writer.ue(typeOffset + I_PCM);
		writer.align();
		storePixels(writer, frame, corner);
		frame.stored[address] = 1;
		return;
	}
	writer.ue(typeOffset + I_16X16 + mode.luma);
	writer.ue(mode.chroma);
	writer.ue(0); // mb_qp_delta
	writeNoCoefficients(writer, frame, address);
}

interface Corner {
	readonly x: number;
	readonly y: number;
}

function cornerOf({ stride }: Canvas, address: number): Corner {
	const columns = stride / BLOCK;
	return { x: (address % columns) * BLOCK, y: Math.floor(address / columns) * BLOCK };
}

/** Two rows or columns of the neighbour are compared: its last colour sample may come from either. */
function continuedFrom(
	{ pixels, stride }: Canvas,
	{ x, y }: Corner,
): typeof VERTICAL | typeof HORIZONTAL | null {
	if (y > 0 && repeatsRows(pixels, stride, y * stride + x)) return VERTICAL;
	if (x > 0 && repeatsColumns(pixels, stride, y * stride + x)) return HORIZONTAL;
	return null;
}

function repeatsRows(pixels: Buffer, stride: number, start: number): boolean {
	const above = start - stride;
	for (let row = -2; row < BLOCK; row += 1) {
		const from = start + row * stride;
		if (pixels.compare(pixels, above, above + BLOCK, from, from + BLOCK) !== 0) return false;
	}
	return true;
}

function repeatsColumns(pixels: Buffer, stride: number, start: number): boolean {
	for (let row = 0; row < BLOCK; row += 1) {
		const from = start + row * stride;
		for (let column = -2; column < BLOCK; column += 1) {
			if (pixels[from + column] !== pixels[from - 1]) return false;
		}
	}
	return true;
}

/** @see ITU-T H.264, 7.3.5: luma, then each chroma at half the size */
function storePixels(writer: BitWriter, { canvas, colors }: Frame, { x, y }: Corner): void {
	const { pixels, stride } = canvas;
	for (const [channel, step] of [
		[0, 1],
		[1, 2],
		[2, 2],
	] as const) {
		for (let row = 0; row < BLOCK; row += step) {
			const from = (y + row) * stride + x;
			for (let column = 0; column < BLOCK; column += step) {
				writer.byte(colors[pixels[from + column] ?? 0]?.[channel] ?? 0);
			}
		}
	}
}

/** The code for "none" depends on how many the neighbours have: 16 in a stored one. @see ITU-T H.264, table 9-5 */
function writeNoCoefficients(writer: BitWriter, { canvas, stored }: Frame, address: number): void {
	const columns = canvas.stride / BLOCK;
	const isLeftStored = address % columns > 0 && stored[address - 1] === 1;
	const isAboveStored = address >= columns && stored[address - columns] === 1;
	if (isLeftStored || isAboveStored) writer.bits(0b000011, 6);
	else writer.bits(1, 1);
}

/** In the limited range. @see ITU-R BT.709 */
function yCbCr([red, green, blue]: Rgb): Rgb {
	const luma = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
	return [
		Math.round(16 + 219 * luma),
		Math.round(128 + (224 * (blue / 255 - luma)) / 1.8556),
		Math.round(128 + (224 * (red / 255 - luma)) / 1.5748),
	];
}
