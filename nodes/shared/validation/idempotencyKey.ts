import { trimText } from '../values/text';
import { valid, isEmpty, isInvalid, NOTHING, invalid, type Rule } from './result';
import { text } from './rules';

const PRINTABLE_ASCII = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const MAX_KEY_CHARACTERS = 255;

/** A key of the user's own, such as an order number; it has to fit into an HTTP header. */
export const ownIdempotencyKey: Rule<string> = (value, read) => {
	if (isEmpty(value)) return NOTHING;
	const words = text()(value, read);
	if (isInvalid(words)) return words;
	const key = trimText(words.accepted ?? '');
	return PRINTABLE_ASCII.test(key) && key.length <= MAX_KEY_CHARACTERS
		? valid(key)
		: invalid(
				`must be plain letters, digits and symbols, at most ${MAX_KEY_CHARACTERS} of them`,
				'Use something like an order number, without line breaks or accents.',
			);
};
