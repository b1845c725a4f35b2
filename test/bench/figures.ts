import type { Row } from './part';

/** The middle of some values, or the mean of the two in the middle. Throws where there is none. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const upper = sorted[Math.floor(sorted.length / 2)];
	const lower = sorted[Math.ceil(sorted.length / 2) - 1];
	if (upper === undefined || lower === undefined) throw new Error('There is no median of nothing');
	return (lower + upper) / 2;
}

/** A figure as it is shown: three digits that count, and no more than two behind the point. */
export function shown(value: number): string {
	const magnitude = Math.abs(value);
	const digits = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 2;
	return value.toFixed(digits);
}

/** A figure as it is kept: noise behind the fourth digit that counts is left out. */
export function kept(value: number): number {
	return Number(value.toPrecision(4));
}

/** A list from another entry on, so that each comes first once. */
export function rotated<T>(all: readonly T[], by: number): T[] {
	const first = by % all.length;
	return [...all.slice(first), ...all.slice(0, first)];
}

/** The row of something that must not occur. */
export function none(what: string, value: number, from: string, unit = ''): Row {
	return { what, value, unit, goal: { atMost: 0 }, from };
}
