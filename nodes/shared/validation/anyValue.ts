import { trimText } from '../values/text';
import { asJson, numberProblem } from './plainJson';
import { invalid, isEmpty, NOTHING, show, valid, type Rule } from './result';
import { asNumber } from './rules';

/** A whole number without limits. Digits in a text are accepted. */
export const anyWholeNumber: Rule = (value) => {
	if (isEmpty(value)) return NOTHING;
	const number = asNumber(value);
	return Number.isSafeInteger(number)
		? valid(number)
		: invalid(
				`must be a whole number, but is ${show(value)}`,
				'Correct the number, or the expression that gives it.',
			);
};

/** A number without limits. Digits in a text are accepted. */
export const anyNumber: Rule = (value) => {
	if (isEmpty(value)) return NOTHING;
	const number = asNumber(value);
	return Number.isFinite(number)
		? valid(number)
		: invalid(
				`must be a number, but is ${show(value)}`,
				'Correct the number, or the expression that gives it. Decimals have a point.',
			);
};

/** Any JSON value, unchanged. */
export const anyJson: Rule = (value) => {
	if (isEmpty(value)) return NOTHING;
	const written = asJson(value);
	return 'json' in written ? valid(written.json) : written;
};

/** Anything that JSON can hold; a text is read as JSON. */
export const json: Rule = (value, read) => {
	if (typeof value !== 'string' || isEmpty(value)) return anyJson(value, read);
	let parsed: unknown;
	try {
		parsed = JSON.parse(trimText(value));
	} catch {
		return invalid(
			`must be JSON, but is ${show(value)}`,
			'It looks like {"width": 1024}: names and text in double quotes.',
		);
	}
	return numberProblem(value) ?? anyJson(parsed, read);
};
