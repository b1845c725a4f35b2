import { drawableText, GLYPH, glyphRows } from './font';

export type Rgb = readonly [red: number, green: number, blue: number];

/** A picture of a few colours. */
export interface Canvas {
	readonly width: number;
	readonly height: number;
	/** Up to 256 colours. */
	readonly palette: readonly Rgb[];
	/** Both sides are rounded up to whole blocks, which is how a video stores them. */
	readonly stride: number;
	readonly rows: number;
	/** The number of a colour for each pixel, row by row. */
	readonly pixels: Buffer;
}

export interface Rectangle {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** The side of a macroblock. */
export const BLOCK = 16;

/**
 * In: size and colours. Out: a canvas of the first colour.
 */
export function createCanvas(width: number, height: number, palette: readonly Rgb[]): Canvas {
	const stride = Math.ceil(width / BLOCK) * BLOCK;
	const rows = Math.ceil(height / BLOCK) * BLOCK;
	return { width, height, palette, stride, rows, pixels: Buffer.alloc(stride * rows) };
}

/**
 * In: a canvas, a colour and where. Fills that rectangle, as far as it is on the canvas.
 */
export function fillRectangle(canvas: Canvas, color: number, area: Rectangle): void {
	const left = Math.max(0, area.x);
	const right = Math.min(canvas.stride, area.x + area.width);
	if (left >= right) return;
	const bottom = Math.min(canvas.rows, area.y + area.height);
	for (let y = Math.max(0, area.y); y < bottom; y += 1) {
		canvas.pixels.fill(color, y * canvas.stride + left, y * canvas.stride + right);
	}
}

/**
 * In: a canvas, a colour, one line of text, its top left corner and the pixels of a dot. Writes the line.
 */
export function drawText(
	canvas: Canvas,
	color: number,
	text: string,
	{ x, y, dot }: { readonly x: number; readonly y: number; readonly dot: number },
): void {
	Array.from(drawableText(text)).forEach((character, place) => {
		const left = x + place * (GLYPH.width + 1) * dot;
		glyphRows(character).forEach((row, down) => {
			Array.from(row).forEach((ink, across) => {
				if (ink !== '#') return;
				const area = { x: left + across * dot, y: y + down * dot, width: dot, height: dot };
				fillRectangle(canvas, color, area);
			});
		});
	});
}
