import { inflateSync } from 'node:zlib';

import { gridOf, placeOf, type Card } from './media/card';
import { GLYPH, glyphRows } from './media/font';

export interface Point {
	readonly x: number;
	readonly y: number;
}

type Size = Pick<Card, 'width' | 'height'>;

const FIRST = 0x20;
const LAST = 0x7f;
const CHARACTERS = new Map(
	Array.from({ length: LAST - FIRST + 1 }, (_, index) => {
		const character = String.fromCharCode(FIRST + index);
		return [glyphRows(character).join(''), character];
	}),
);

/**
 * In: a PNG that the sandbox has drawn. Out: the number of a colour for each pixel.
 */
export function pixelsOf(png: Buffer): Buffer {
	const width = png.readUInt32BE(16);
	const height = png.readUInt32BE(20);
	const data = png.indexOf('IDAT');
	const rows = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
	const pixels = Array.from({ length: height }, (_, y) =>
		rows.subarray(y * (1 + width) + 1, (y + 1) * (1 + width)),
	);
	return Buffer.concat(pixels);
}

/**
 * In: the size of a picture or clip. Out: the middle of each dot that can be text, as `textOf` takes them.
 */
export function dotsOf(size: Size): Point[] {
	const grid = gridOf(size);
	const { dot } = grid;
	const middle = Math.floor(dot / 2);
	return range(grid.lines).flatMap((line) => {
		const { x, y } = placeOf(grid, line);
		return range(grid.columns).flatMap((column) =>
			range(GLYPH.height * GLYPH.width).map((index) => ({
				x: x + (column * (GLYPH.width + 1) + (index % GLYPH.width)) * dot + middle,
				y: y + Math.floor(index / GLYPH.width) * dot + middle,
			})),
		);
	});
}

/**
 * In: the size of a picture or clip, and for each of its dots whether there is ink. Out: its lines of text.
 */
export function textOf(size: Size, ink: readonly boolean[]): string[] {
	const { lines, columns } = gridOf(size);
	const dots = GLYPH.height * GLYPH.width;
	return range(lines).map((line) =>
		range(columns)
			.map((column) => {
				const from = (line * columns + column) * dots;
				const seen = ink.slice(from, from + dots).map((is) => (is ? '#' : '.'));
				return CHARACTERS.get(seen.join('')) ?? '\ufffd';
			})
			.join('')
			.trimEnd(),
	);
}

function range(count: number): number[] {
	return Array.from({ length: count }, (_, index) => index);
}
