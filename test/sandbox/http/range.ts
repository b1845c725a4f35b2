/** Both ends included, as in HTTP. */
export interface ByteRange {
	readonly first: number;
	readonly last: number;
}

/**
 * In: a Range header, if any, and the file's length. Out: null for the whole file, the one requested range, or
 * 'unsatisfiable'. Lists of ranges and other units are answered with the whole file, as RFC 9110 allows.
 */
export function parseRange(
	header: string | undefined,
	length: number,
): ByteRange | 'unsatisfiable' | null {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
	if (match === null) return null;
	const [, from = '', to = ''] = match;
	if (from === '' && to === '') return null;
	if (from === '') return suffixRange(Number(to), length);
	const first = Number(from);
	const last = to === '' ? length - 1 : Math.min(Number(to), length - 1);
	return first > last ? 'unsatisfiable' : { first, last };
}

function suffixRange(count: number, length: number): ByteRange | 'unsatisfiable' {
	return count === 0 || length === 0
		? 'unsatisfiable'
		: { first: Math.max(0, length - count), last: length - 1 };
}
