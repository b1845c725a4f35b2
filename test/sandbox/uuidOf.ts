import { createHash } from 'node:crypto';

/**
 * In: a text. Out: a UUID, the same one for the same text, in every sandbox.
 */
export function uuidOf(text: string): string {
	const hex = createHash('sha256').update(text).digest('hex');
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		`5${hex.slice(13, 16)}`,
		`8${hex.slice(17, 20)}`,
		hex.slice(20, 32),
	].join('-');
}
