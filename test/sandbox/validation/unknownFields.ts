import type { FieldError } from '../http/answer';
import type { JsonObject } from '../json';

/**
 * In: where an object stands, the object and the names it may have. Out: an entry for every other name.
 * The documents do not say whether unknown fields are refused; the sandbox takes the strict reading.
 */
export function unknownFields(
	loc: readonly string[],
	value: JsonObject,
	known: readonly string[],
): readonly FieldError[] {
	return Object.keys(value)
		.filter((name) => !known.includes(name))
		.map((name) => ({
			loc: [...loc, name],
			msg: 'Extra inputs are not permitted',
			type: 'extra_forbidden',
		}));
}
