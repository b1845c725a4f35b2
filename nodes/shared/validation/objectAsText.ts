import { invalid, show, type InvalidValue } from './result';

/**
 * Whether a text is what JavaScript makes of an object: n8n turns the value of an expression into text if there is any
 * character outside of its braces.
 * @see docs/n8n-engine.md, "Parameters as text"
 */
export function isObjectAsText(text: string): boolean {
	return /\[object [A-Z]\w*\]/.test(text);
}

/** What to do about it. */
export const ADVICE_ON_OBJECT_AS_TEXT =
	'Remove every space and character outside of {{ }}, or pick a single field in the expression.';

/** Why a text cannot be sent, if an object became it. Otherwise undefined. */
export function objectAsTextProblem(words: string): InvalidValue | undefined {
	return isObjectAsText(words)
		? invalid(`has an object that became text: ${show(words)}`, ADVICE_ON_OBJECT_AS_TEXT)
		: undefined;
}
