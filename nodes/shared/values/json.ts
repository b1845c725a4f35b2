import type { IDataObject } from 'n8n-workflow';

/** Whether a value read from JSON is an object with fields (not null, not a list). */
export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text unchanged, numbers and booleans as they are written, anything else as an empty string. */
export function asText(value: unknown): string {
	if (typeof value === 'string') return value;
	return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/**
 * Whether a text may hold a number that JavaScript cannot: one of many digits, or of a large exponent. Digits within an
 * id do not count, since most texts have some.
 */
const MAY_HOLD_LARGE = /(?:^|[:,[\s])-?(?:\d{16}|\d[\d.]*[eE]\+?\d{3})/;
/** The parts of JSON that matter here: an escaped character, the end of a string, and a number of five characters or more. */
const TOKEN = /\\[^]|"|-?\d[\d.eE+-]{4,}/g;

/**
 * Parses JSON as `JSON.parse` does, except for numbers that JavaScript would change: beyond 2^53 in either direction, such
 * as the id 1099511627776123457, a number stays the text that it was written as. One with an exponent stays a number
 * unless it would be infinite. Fractions are rounded to 15 digits or more, as everywhere in JavaScript.
 * @throws SyntaxError if the text is not JSON
 */
export function parseJson(text: string): unknown {
	const parsed: unknown = JSON.parse(text);
	return MAY_HOLD_LARGE.test(text) ? JSON.parse(quoteLargeNumbers(text)) : parsed;
}

/** Puts the numbers of valid JSON that JavaScript would change into quotes. */
function quoteLargeNumbers(text: string): string {
	let isInString = false;
	return text.replace(TOKEN, (token) => {
		if (token === '"') isInString = !isInString;
		const isNumber = !isInString && /^[-\d]/.test(token);
		return isNumber && !isHeld(token) ? `"${token}"` : token;
	});
}

function isHeld(written: string): boolean {
	const size = Math.abs(Number(written));
	return /e/i.test(written) ? size < Infinity : size <= Number.MAX_SAFE_INTEGER;
}
