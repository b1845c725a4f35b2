import { plainText, trimText, unquoted } from '../values/text';
import { objectAsTextProblem } from './objectAsText';
import { nameProblem } from './plainJson';
import { valid, isEmpty, isInvalid, NOTHING, invalid, show, type Rule } from './result';

const HTTP_URL = /^https?:\/\/[^\s/]\S*$/i;
/** @see docs/runflow-api.md, "Request body" */
const MAX_CALLBACK_URL_CHARACTERS = 2048;

/** Whether a text is a web address. */
export function isHttpUrl(words: string): boolean {
	return HTTP_URL.test(words) && URL.canParse(words);
}

/**
 * Text of any length, or up to a number of characters (as people count them, not UTF-16 units).
 */
export function text(limits: { max?: number } = {}): Rule<string> {
	const max = limits.max ?? Infinity;
	return (value) => {
		if (isEmpty(value)) return NOTHING;
		const words = plainText(value);
		if (words === undefined) {
			return invalid(
				`must be text, but is ${show(value)}`,
				'Pick a single field in the expression.',
			);
		}
		const refusal = objectAsTextProblem(words);
		if (refusal !== undefined) return refusal;
		const length = Array.from(words).length;
		return length > max
			? invalid(`has ${length} characters, ${max} are allowed`, 'Shorten it.')
			: valid(words);
	};
}

/**
 * Text that must be there, of any length or up to a number of characters.
 * @param advice what to do where it is empty
 */
export function requiredText(advice: string, limits: { max?: number } = {}): Rule<string> {
	const filledIn = text(limits);
	return (value, read) => (isEmpty(value) ? invalid('is empty', advice) : filledIn(value, read));
}

/** Text without blanks around it. */
export const trimmedText: Rule<string> = (value, read) => {
	const words = text()(value, read);
	if (isInvalid(words) || words.accepted === undefined) return words;
	return valid(trimText(words.accepted));
};

/** The name of a field of the item, without blanks around it. */
export const fieldName: Rule<string> = (value, read) => {
	const words = trimmedText(value, read);
	if (isInvalid(words) || words.accepted === undefined) return words;
	const name = words.accepted;
	return nameProblem(name) === undefined
		? valid(name)
		: invalid(`is ${name}, which n8n does not keep`, 'Choose another name.');
};

/** A number as people and JSON write it: JavaScript would read "0x10" as 16. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A number, or the digits of one in a text (from a sheet or a form). NaN for anything else. */
export function asNumber(value: unknown): number {
	if (typeof value === 'number') return value;
	const words = typeof value === 'string' ? trimText(value) : '';
	return DECIMAL.test(words) ? Number(words) : NaN;
}

/** A whole number within limits, both included; digits in a text (from a sheet or a form) count too. */
export function wholeNumber(min: number, max: number, name?: string): Rule<number> {
	return (value) => {
		if (isEmpty(value)) return NOTHING;
		const number = asNumber(value);
		return Number.isInteger(number) && number >= min && number <= max
			? valid(number)
			: invalid(
					`must be a whole number from ${min} to ${max}, but is ${show(value)}`,
					'Correct the number, or the expression that gives it.',
					name,
				);
	};
}

/** A time: a number below what a date or a timer can hold. 0 means the default, as if nothing were filled in. */
export const duration: Rule<number> = (value) => {
	if (isEmpty(value)) return NOTHING;
	const number = asNumber(value);
	if (number === 0) return NOTHING;
	return number > 0 && number <= LONGEST
		? valid(number)
		: invalid(
				`must be a number from 0 to ${LONGEST}, but is ${show(value)}`,
				'Correct it, or enter 0 for the default.',
			);
};

/** A year in minutes. */
const LONGEST = 525_600;

const FLAGS: ReadonlyMap<string, boolean> = new Map([
	['true', true],
	['false', false],
]);

/** True or false; the words too, as sheets and AI agents write them. */
export const flag: Rule<boolean> = (value) => {
	if (isEmpty(value)) return NOTHING;
	const words = typeof value === 'boolean' || typeof value === 'string' ? String(value) : '';
	const found = FLAGS.get(trimText(words).toLowerCase());
	return found === undefined
		? invalid(
				`must be true or false, but is ${show(value)}`,
				'Switch it on or off, or correct the expression.',
			)
		: valid(found);
};

/** The address of an HTTP proxy. n8n needs its port. */
export const proxyUrl: Rule<string> = (value) => {
	if (isEmpty(value)) return NOTHING;
	const url = trimText(plainText(value) ?? '');
	return isHttpUrl(url)
		? valid(url)
		: invalid(
				'must be a web address',
				'It looks like http://proxy.example.com:3128, with the port at its end.',
			);
};

/** An address that Runflow can call. @see docs/runflow-api.md, "Request body" */
export const callbackUrl: Rule<string> = (value) => {
	if (isEmpty(value)) return NOTHING;
	const url = unquoted(plainText(value) ?? '');
	if (!isHttpUrl(url)) {
		return invalid(
			`must be a web address, but is ${show(value)}`,
			'It starts with https://. Copy the Production URL of a Runflow Trigger or Webhook node.',
		);
	}
	return url.length > MAX_CALLBACK_URL_CHARACTERS
		? invalid(
				`has ${url.length} characters, ${MAX_CALLBACK_URL_CHARACTERS} are allowed`,
				'Use a shorter address.',
			)
		: valid(url);
};

/** A word of a list: the stored value, and the name that the editor shows for it. */
export interface Choice<Word extends string> {
	readonly value: Word;
	readonly name: string;
}

/** Capitals, and how many spaces there are, make no difference. */
function comparable(words: string): string {
	return trimText(words).replace(/\s+/g, ' ').toLowerCase();
}

/**
 * The word of a list that a value means: by its stored value or by the name that the editor shows.
 * @returns undefined if the value means none of them
 */
export function findChoice<Word extends string>(
	choices: readonly Choice<Word>[],
	value: unknown,
): Word | undefined {
	if (typeof value !== 'string') return undefined;
	const words = comparable(value);
	return choices.find((choice) => [choice.value, choice.name].map(comparable).includes(words))
		?.value;
}

/** One of a few words, given by their stored values or by the names that the editor shows. */
export function oneOf<Word extends string>(...allowed: (Word | Choice<Word>)[]): Rule<Word> {
	const choices = allowed.map((one) => (typeof one === 'string' ? { value: one, name: one } : one));
	const list = listed(choices.map(({ value }) => value));
	return (value) => {
		if (isEmpty(value)) return NOTHING;
		const found = findChoice(choices, value);
		if (found === undefined) {
			return invalid(`must be ${list}, but is ${show(value)}`, 'Choose one from the list.');
		}
		return found === '' ? NOTHING : valid(found);
	};
}

function listed(values: readonly string[]): string {
	const words = [...new Set(values)].filter((value) => value !== '');
	const first = words.slice(0, -1).join(', ');
	const last = words.at(-1) ?? '';
	return first === '' ? last : `${first} or ${last}`;
}

/**
 * A list of values that all follow one rule: a list, JSON text of one, or text in which commas, semicolons, vertical
 * bars or line breaks separate the entries. Empty entries are left out, but not all of them.
 */
export function listOf<Value>(rule: Rule<Value>): Rule<Value[]> {
	return (value, read) => {
		if (isEmpty(value)) return NOTHING;
		const entries = Array.isArray(value) ? (value as unknown[]) : entriesOf(value);
		const accepted: Value[] = [];
		for (const entry of entries) {
			const result = rule(entry, read);
			if (isInvalid(result)) return result;
			if (result.accepted !== undefined) accepted.push(result.accepted);
		}
		return entries.length > 0 && accepted.length === 0
			? invalid('has only empty entries', 'Choose from the list, or remove them.')
			: valid(accepted);
	};
}

function entriesOf(value: unknown): unknown[] {
	if (typeof value !== 'string') return [value];
	const words = trimText(value);
	if (!words.startsWith('[')) return words.split(/[,;|\n]/);
	try {
		const parsed: unknown = JSON.parse(words);
		return Array.isArray(parsed) ? parsed : [value];
	} catch {
		return [value];
	}
}
