/** Choices that look random and are the same again for the same seed. */
export interface Random {
	/** A whole number from 0 up to, not including, `end`. */
	below(end: number): number;
	/** One of several. */
	pick<T>(from: readonly [T, ...T[]]): T;
	/** True once in `times`, on average. */
	once(times: number): boolean;
	/** So many bytes, each of them any. */
	bytes(length: number): Buffer;
	/** So many of these characters; what is longer than a hundred repeats itself. */
	text(length: number, characters?: string): string;
}

const BLOCK = 100;

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * In: the numbers that name what is chosen, such as a seed and an index. Out: its choices; another name, even the
 * next one, has wholly others.
 */
export function randomOf(...names: readonly number[]): Random {
	let state = names.reduce((hash, name) => mix(hash ^ mix(name)), 0x9e3779b9);
	// mulberry32: small, and good enough to choose by.
	const next = (): number => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return (t ^ (t >>> 14)) >>> 0;
	};
	const below = (end: number): number => Math.floor((next() / 2 ** 32) * end);
	return {
		below,
		pick: (from) => from[below(from.length)] ?? from[0],
		once: (times) => below(times) === 0,
		bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
		text: (length, characters = LETTERS) =>
			Array.from({ length: Math.min(length, BLOCK) }, () => characters[below(characters.length)])
				.join('')
				.repeat(Math.ceil(length / BLOCK))
				.slice(0, length),
	};
}

function mix(value: number): number {
	let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}
