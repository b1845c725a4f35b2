import { isObject } from './json';

/** White space, and invisible characters: spaces without width, marks of direction, soft hyphens. */
export const INVISIBLE = /[\s\p{Cf}]/u;

/** A text without white space and invisible characters around it. */
export function trimText(words: string): string {
	// No regular expression for the whole text: a long run of spaces inside it would take minutes.
	let start = 0;
	let end = words.length;
	while (start < end && INVISIBLE.test(words.charAt(start))) start += 1;
	while (end > start && INVISIBLE.test(words.charAt(end - 1))) end -= 1;
	return words.slice(start, end);
}

/**
 * A value as text: text unchanged, numbers and booleans as they are written, dates in ISO form.
 * @returns undefined for anything else, such as a list, an object or NaN
 */
export function plainText(value: unknown): string | undefined {
	if (typeof value === 'string') return value;
	if (typeof value === 'boolean' || Number.isFinite(value)) return String(value);
	if (!isObject(value) || !('toJSON' in value)) return undefined;
	try {
		// n8n's dates ($now) and JavaScript's are text in JSON.
		const json: unknown = JSON.parse(JSON.stringify(value));
		return typeof json === 'string' ? json : undefined;
	} catch {
		return undefined;
	}
}

/** What people and programs put around an address. */
const QUOTES = ['""', "''", '``', '“”', '‘’', '«»', '<>'];

/** A text without invisible characters and quotes around it. */
export function unquoted(words: string): string {
	const bare = trimText(words);
	const isQuoted =
		bare.length > 1 && QUOTES.includes(bare.charAt(0) + bare.charAt(bare.length - 1));
	return isQuoted ? unquoted(bare.slice(1, -1)) : bare;
}

/** The words of a search, in lower case. */
export function searchWords(search: string): string[] {
	return search.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Whether a text contains all words of a search, in capital letters or not. */
export function hasWords(text: string, words: readonly string[]): boolean {
	const lower = text.toLowerCase();
	return words.every((word) => lower.includes(word));
}
