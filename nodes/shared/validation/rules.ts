import { asText, isObject } from '../values/json';
import { asJson, nameProblem } from './plainJson';
import { valid, isEmpty, NOTHING, invalid, show, type Rule } from './result';

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
export function text(limits: { max?: number } = {}): Rule {
	const max = limits.max ?? Infinity;
	return (value) => {
		if (isEmpty(value)) return NOTHING;
		if (!isPlain(value)) {
			return invalid(
				`must be text, but is ${show(value)}`,
				'Pick a single field in the expression.',
			);
		}
		const words = asText(value);
		const length = Array.from(words).length;
		return length > max
			? invalid(`has ${length} characters, ${max} are allowed`, 'Shorten it.')
			: valid(words);
	};
}

/** Whether a value can be taken for text: not NaN either, which is what a calculation with nothing gives. */
function isPlain(value: unknown): boolean {
	return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

/**
 * Text that must be there, of any length or up to a number of characters.
 * @param advice what to do where it is empty
 */
export function requiredText(advice: string, limits: { max?: number } = {}): Rule {
	const filledIn = text(limits);
	return (value, read) => (isEmpty(value) ? invalid('is empty', advice) : filledIn(value, read));
}

/** A whole number within limits, both included; digits in a text (from a sheet or a form) count too. */
export function wholeNumber(min: number, max: number, name?: string): Rule {
	return (value) => {
		if (isEmpty(value)) return NOTHING;
		const number = typeof value === 'string' ? Number(value) : value;
		return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max
			? valid(number)
			: invalid(
					`must be a whole number from ${min} to ${max}, but is ${show(value)}`,
					'Correct the number, or the expression that gives it.',
					name,
				);
	};
}

/** A time: a number above zero, and below what a date or a timer can hold. */
export const duration: Rule = (value) => {
	if (isEmpty(value)) return NOTHING;
	const number = typeof value === 'string' ? Number(value) : value;
	return typeof number === 'number' && number > 0 && number <= LONGEST
		? valid(number)
		: invalid(
				`must be a number above zero and at most ${LONGEST}, but is ${show(value)}`,
				'Correct it, or take the option away for the usual time.',
			);
};

/** A year in minutes. */
const LONGEST = 525_600;

const FLAGS: ReadonlyMap<string, boolean> = new Map([
	['true', true],
	['false', false],
]);

/** True or false; the words too, as sheets and AI agents write them. */
export const flag: Rule = (value) => {
	if (isEmpty(value)) return NOTHING;
	const found = typeof value === 'boolean' ? value : FLAGS.get(asText(value).trim().toLowerCase());
	return found === undefined
		? invalid(
				`must be true or false, but is ${show(value)}`,
				'Switch it on or off, or correct the expression.',
			)
		: valid(found);
};

/** One of a few words. */
export function oneOf(...allowed: string[]): Rule {
	const first = allowed.slice(0, -1).join(', ');
	const last = allowed.at(-1) ?? '';
	const list = first === '' ? last : `${first} or ${last}`;
	return (value) => {
		if (isEmpty(value)) return NOTHING;
		return typeof value === 'string' && allowed.includes(value)
			? valid(value)
			: invalid(`must be ${list}, but is ${show(value)}`, 'Choose one from the list.');
	};
}

/** An address that Runflow can call. @see docs/runflow-api.md, "Request body" */
export const callbackUrl: Rule = (value) => {
	if (isEmpty(value)) return NOTHING;
	const url = asText(value).trim();
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

/** A JSON object, typed in as text or yielded by an expression. An object without fields is not sent. */
export const jsonObject: Rule = (value) => {
	const parsed = typeof value === 'string' && !isEmpty(value) ? parseJson(value) : value;
	if (isEmpty(parsed)) return NOTHING;
	const written = asJson(parsed);
	if (!('json' in written)) return written;
	const { json } = written;
	if (!isObject(json)) {
		return invalid(
			`must be a JSON object, but is ${show(value)}`,
			'It looks like {"order": "1001"}: names and values in double quotes, all in curly brackets.',
		);
	}
	return Object.keys(json).length === 0 ? NOTHING : valid(json);
};

/**
 * Pairs of name and value, as a fixed collection gives them. A pair left wholly empty is not sent.
 */
export const keyValuePairs: Rule = (value) => {
	if (!isEmpty(value) && !isPairs(value)) {
		return invalid(
			`must be entries, but is ${show(value)}`,
			'For an object from an expression, use Metadata (JSON).',
		);
	}
	const entries = isObject(value) && Array.isArray(value.entry) ? value.entry : [];
	// An entry may have the name of what every object has.
	const pairs = new Map<string, unknown>();
	for (const entry of entries) {
		if (!isObject(entry) || (isEmpty(entry.name) && isEmpty(entry.value))) continue;
		const name = asText(entry.name).trim();
		if (name === '')
			return invalid('has an entry without a name', 'Give the entry a name, or remove it.');
		if (pairs.has(name)) {
			return invalid(`has two entries named ${show(name)}`, 'Give each entry a name of its own.');
		}
		const written = nameProblem(name) ?? asJson(entry.value);
		if (!('json' in written)) return written;
		pairs.set(name, written.json ?? '');
	}
	return pairs.size === 0 ? NOTHING : valid(Object.fromEntries(pairs));
};

/** What a fixed collection holds: nothing, or its list of entries. */
function isPairs(value: unknown): boolean {
	return isObject(value) && (Object.keys(value).length === 0 || Array.isArray(value.entry));
}

function parseJson(words: string): unknown {
	try {
		return JSON.parse(words) as unknown;
	} catch {
		return words;
	}
}
