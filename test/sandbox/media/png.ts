import { deflateSync } from 'node:zlib';

import type { Canvas } from './canvas';
import { crc32 } from './crc32';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BYTES_PER_PIXEL = 3;
const RGB = 2;
const PALETTE = 3;

/**
 * In: a canvas. Out: a PNG (8-bit palette) of it.
 */
export function canvasPng({ width, height, stride, pixels, palette }: Canvas): Buffer {
	const rows = Buffer.alloc((1 + width) * height);
	for (let y = 0; y < height; y += 1) {
		pixels.copy(rows, y * (1 + width) + 1, y * stride, y * stride + width);
	}
	return png(width, height, PALETTE, [
		chunk('PLTE', Buffer.from(palette.flat())),
		chunk('IDAT', deflateSync(rows)),
	]);
}

/**
 * In: size in pixels and a number. Out: a PNG (8-bit RGB) of exactly that size with a gradient of that number's
 * own, so that two outputs of a run differ at a glance and in their bytes.
 */
export function gradientPng(width: number, height: number, pattern: number): Buffer {
	return png(width, height, RGB, [
		chunk('IDAT', deflateSync(gradientRows(width, height, pattern))),
	]);
}

function png(width: number, height: number, colors: number, chunks: readonly Buffer[]): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, colors, 0, 0, 0], 8);
	return Buffer.concat([
		SIGNATURE,
		chunk('IHDR', header),
		...chunks,
		chunk('IEND', Buffer.alloc(0)),
	]);
}

function gradientRows(width: number, height: number, pattern: number): Buffer {
	const red = pattern & 0xff;
	const green = (pattern >>> 8) & 0xff;
	const blue = (pattern >>> 16) & 0xff;
	const stride = 1 + width * BYTES_PER_PIXEL;
	const rows = Buffer.alloc(stride * height);
	for (let y = 0; y < height; y += 1) {
		const down = Math.floor((255 * y) / height);
		for (let x = 0; x < width; x += 1) {
			const pixel = y * stride + 1 + x * BYTES_PER_PIXEL;
			rows[pixel] = red ^ Math.floor((255 * x) / width);
			rows[pixel + 1] = green ^ down;
			rows[pixel + 2] = blue;
		}
	}
	return rows;
}

function chunk(type: string, data: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	const check = Buffer.alloc(4);
	check.writeUInt32BE(crc32(named));
	return Buffer.concat([length, named, check]);
}
