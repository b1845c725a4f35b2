/** Bytes that can be sent in part and need not all be in memory. */
export interface ByteSource {
	readonly length: number;
	/** The bytes from `start` up to, not including, `end`. */
	slice(start: number, end: number): Iterable<Buffer>;
}

const PADDING = Buffer.alloc(64 * 1024);

/**
 * In: a buffer. Out: a source of exactly its bytes.
 */
export function bytesOf(buffer: Buffer): ByteSource {
	return {
		length: buffer.length,
		slice: (start, end) => [buffer.subarray(start, end)],
	};
}

/**
 * In: a buffer and a wished length. Out: the buffer followed by as many zeros as it takes, never held in memory,
 * so that a test can be served a file larger than it would care to store.
 */
export function paddedBytes(buffer: Buffer, length: number): ByteSource {
	if (length <= buffer.length) return bytesOf(buffer);
	return { length, slice: (start, end) => slicePadded(buffer, start, end) };
}

function* slicePadded(buffer: Buffer, start: number, end: number): Iterable<Buffer> {
	if (start < buffer.length) yield buffer.subarray(start, Math.min(end, buffer.length));
	let left = end - Math.max(start, buffer.length);
	while (left > 0) {
		const chunk = PADDING.subarray(0, Math.min(left, PADDING.length));
		left -= chunk.length;
		yield chunk;
	}
}
