import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../values/json';
import { trimText } from '../values/text';
import type { InvalidParameter } from './result';

/** Whether a parameter is stored as one of n8n's expressions. */
export function isExpression(raw: unknown): raw is string {
	return typeof raw === 'string' && raw.startsWith('=');
}

/** Whether a stored parameter is an expression, or has one inside. */
export function hasExpression(raw: unknown): boolean {
	if (typeof raw !== 'object' || raw === null) return isExpression(raw);
	return Object.values(raw).some(hasExpression);
}

/** Whether a value is a resource locator as n8n stores it. */
export function isLocator(value: unknown): value is IDataObject & { __rl: true } {
	return isObject(value) && value.__rl === true;
}

/** A language model leaves out what it does not want to set, and n8n writes the expression around it. */
const FROM_AI = /\$fromai\b/i;

/**
 * Whether an expression gave nothing: undefined, or only the blanks around it. Null and an empty text are
 * empty cells: they leave a parameter out.
 */
export function isMissing(value: unknown): boolean {
	return (
		value === undefined || (typeof value === 'string' && value !== '' && trimText(value) === '')
	);
}

/**
 * Looks for an expression of a parameter that found nothing.
 * @param raw the parameter as the workflow stores it
 * @param value what its expressions gave
 * @param isNothing what counts as nothing
 * @param list the name of the list, if the parameter is one
 * @returns which entry of the parameter it is, such as `: image 2` (empty where it has no entries); undefined if every
 * expression found something
 */
export function findMissing(
	raw: unknown,
	value: unknown,
	isNothing: (value: unknown) => boolean = isMissing,
	list = 'entry',
): string | undefined {
	if (isExpression(raw)) return isNothing(value) && !FROM_AI.test(raw) ? '' : undefined;
	if (typeof raw !== 'object' || raw === null) return undefined;
	// n8n passes the value of a resource locator, which may be an object too, without the locator.
	if (isLocator(raw) && !isLocator(value)) {
		return findMissing(raw.value, value, isNothing);
	}
	const values: Record<string, unknown> = typeof value === 'object' ? { ...value } : {};
	for (const [name, part] of Object.entries(raw)) {
		const missing = findMissing(part, values[name], isNothing, name);
		if (missing !== undefined)
			return Array.isArray(raw) ? `: ${list} ${Number(name) + 1}` : missing;
	}
	return undefined;
}

/**
 * The refusal of a parameter whose expression found nothing.
 * @param title the displayed name of the parameter and, in a list, which entry it is
 */
export function foundNothing(title: string, advice: string): InvalidParameter {
	return { parameter: `The expression for ${title}`, problem: 'found nothing', advice };
}
