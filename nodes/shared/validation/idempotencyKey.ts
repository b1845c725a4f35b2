import { valid, isInvalid, invalid, type Rule } from './result';
import { trimmedText } from './rules';

const PRINTABLE_ASCII = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const MAX_KEY_CHARACTERS = 255;

/** A key of the user's own, such as an order number; it has to fit into an HTTP header. */
export const ownIdempotencyKey: Rule<string> = (value, read) => {
	const words = trimmedText(value, read);
	if (isInvalid(words) || words.accepted === undefined) return words;
	const key = words.accepted;
	return PRINTABLE_ASCII.test(key) && key.length <= MAX_KEY_CHARACTERS
		? valid(key)
		: invalid(
				`must be plain letters, digits and symbols, at most ${MAX_KEY_CHARACTERS} of them`,
				'Use something like an order number, without line breaks or accents.',
			);
};
