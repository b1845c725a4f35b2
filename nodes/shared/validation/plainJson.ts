import { objectAsTextProblem } from './objectAsText';
import { invalid, show, type InvalidValue } from './result';

/**
 * Names that n8n's HTTP client drops from a body, at any depth.
 * @see docs/n8n-engine.md, "Names that are dropped"
 */
const LEFT_OUT: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** How deep a value may be nested: thousands of levels overflow the stack later. */
const MAX_DEPTH = 100;

/**
 * A value as it will arrive: expressions can give values that JSON cannot hold, or that n8n would drop silently.
 * @returns the value as JSON has it (undefined for a function), or why it cannot be sent
 */
export function asJson(value: unknown): { json: unknown } | InvalidValue {
	let json: unknown;
	const notNumbers: unknown[] = [];
	const withoutValue: string[] = [];
	try {
		const words = JSON.stringify(value, (name, part: unknown) => {
			if (typeof part === 'number' && !Number.isFinite(part)) notNumbers.push(part);
			if (part === undefined && name !== '') withoutValue.push(name);
			return part;
		}) as string | undefined;
		json = words === undefined ? undefined : (JSON.parse(words) as unknown);
	} catch {
		return invalid('cannot be written as JSON', 'Select the fields to send.');
	}
	if (notNumbers.length > 0) {
		return invalid('has a number that JSON cannot hold, such as NaN', 'Correct the calculation.');
	}
	const [name] = withoutValue;
	if (name !== undefined) {
		return invalid(
			`has nothing under ${show(name)}`,
			'Check what the expression finds there, or leave the field out.',
		);
	}
	return partProblem(json, 0) ?? { json };
}

/** Why a value with this name cannot be sent, if there is a reason. */
export function nameProblem(name: string): InvalidValue | undefined {
	return LEFT_OUT.has(name)
		? invalid(`has the name ${name}, which n8n does not send`, 'Choose another name.')
		: undefined;
}

/** Why a JSON text cannot be sent unchanged: it has a number that JavaScript would change. Otherwise undefined. */
export function numberProblem(words: string): InvalidValue | undefined {
	const changed = changedNumber(words);
	return changed === undefined
		? undefined
		: invalid(
				`has the number ${changed}, which is too long to be sent exactly`,
				`Put it in quotes: "${changed}".`,
			);
}

function partProblem(part: unknown, depth: number): InvalidValue | undefined {
	if (typeof part === 'string') return objectAsTextProblem(part);
	if (typeof part !== 'object' || part === null) return undefined;
	if (depth >= MAX_DEPTH) {
		return invalid(`has more than ${MAX_DEPTH} nested levels`, 'Select the fields to send.');
	}
	for (const [name, inner] of Object.entries(part)) {
		const refusal = nameProblem(name) ?? objectAsTextProblem(name) ?? partProblem(inner, depth + 1);
		if (refusal !== undefined) return refusal;
	}
	return undefined;
}

/** A number of JSON, or a text, whose digits are not numbers. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * The first number in a JSON text that would arrive as another one: JavaScript keeps about 16 digits.
 * @param words JSON that can be parsed
 */
export function changedNumber(words: string): string | undefined {
	for (const [token] of words.matchAll(TOKEN)) {
		if (token.startsWith('"')) continue;
		const number = Number(token);
		if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) continue;
		if (!Number.isFinite(number) || digitsOf(token) !== digitsOf(String(number))) return token;
	}
	return undefined;
}

/** The digits of a number without the zeros at its ends, and where its point is. */
function digitsOf(token: string): string {
	const [mantissa = '', exponent = '0'] = token.toLowerCase().split('e');
	const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
	const digits = (whole + fraction).replace(/^0+/, '');
	const zeros = /0*$/.exec(digits)?.[0].length ?? 0;
	const power = Number(exponent) - fraction.length + zeros;
	return `${digits.slice(0, digits.length - zeros)}e${power}`;
}
