import { isObject } from '../values/json';
import { plainText, trimText } from '../values/text';
import { isObjectAsText } from './objectAsText';
import { asJson, nameProblem, numberProblem } from './plainJson';
import {
	valid,
	isEmpty,
	isInvalid,
	NOTHING,
	invalid,
	show,
	type Rule,
	type ValidationResult,
} from './result';

/** A JSON object, typed in as text or yielded by an expression. An object without fields is not sent. */
export const jsonObject: Rule<object> = (value) => {
	const parsed = typeof value === 'string' ? parseJson(value) : value;
	if (isEmpty(parsed)) return NOTHING;
	const changed = typeof value === 'string' && isObject(parsed) ? numberProblem(value) : undefined;
	if (changed !== undefined) return changed;
	const written = asJson(parsed);
	if (!('json' in written)) return written;
	const { json } = written;
	if (!isObject(json)) {
		return invalid(
			`must be a JSON object, but is ${show(value)}`,
			'Write it like {"name": "value", "count": 2}, with names and texts in double quotes.',
		);
	}
	return Object.keys(json).length === 0 ? NOTHING : valid(json);
};

/**
 * Pairs of name and value, as a fixed collection gives them. A pair left wholly empty is not sent.
 */
export const keyValuePairs: Rule<object> = (value) => {
	const advice = 'For an object from an expression, use Metadata (JSON).';
	const entries = readPairs(value, advice, { allowsEmpty: true });
	if (isInvalid(entries)) return entries;
	// An entry may have the name of what every object has.
	const pairs = new Map<string, unknown>();
	for (const { name, value: given } of entries.accepted ?? []) {
		if (pairs.has(name)) {
			return invalid(`has two entries named ${show(name)}`, 'Give each entry a different name.');
		}
		const written = nameProblem(name) ?? asJson(given);
		if (!('json' in written)) return written;
		pairs.set(name, written.json ?? '');
	}
	return pairs.size === 0 ? NOTHING : valid(Object.fromEntries(pairs));
};

/** A pair that something must have: its value is compared as text. */
export interface RequiredPair {
	name: string;
	value: string;
}

/**
 * Pairs of name and value that something must have, as a fixed collection gives them. An entry left wholly empty is
 * refused: without it, everything would match.
 */
export const requiredPairs: Rule<RequiredPair[]> = (value) => {
	const entries = readPairs(value, 'Add an entry for each pair.', { allowsEmpty: false });
	if (isInvalid(entries)) return entries;
	const pairs: RequiredPair[] = [];
	for (const { name, value: given } of entries.accepted ?? []) {
		const words = isEmpty(given) ? '' : plainText(given);
		if (words === undefined || isObjectAsText(words)) {
			return invalid(
				`must have text as the value of ${show(name)}, but has ${show(given)}`,
				'Pick a single field in the expression.',
			);
		}
		pairs.push({ name, value: trimText(words) });
	}
	return valid(pairs);
};

interface Pair {
	name: string;
	value: unknown;
}

/**
 * The entries of a fixed collection. Each must have a name.
 * @param advice what to do if they are not entries
 * @param allowsEmpty whether those left wholly empty are left out instead
 */
function readPairs(
	value: unknown,
	advice: string,
	{ allowsEmpty }: { allowsEmpty: boolean },
): ValidationResult<Pair[]> {
	if (isEmpty(value)) return NOTHING;
	const entries: unknown = isObject(value) ? (value.entry ?? []) : undefined;
	if (!Array.isArray(entries) || !entries.every(isObject) || !isPairs(value)) {
		return invalid(`must be entries, but is ${show(value)}`, advice);
	}
	const filled = allowsEmpty
		? entries.filter(({ name, value: given }) => !isEmpty(name) || !isEmpty(given))
		: entries;
	const pairs = filled.map((entry): Pair => ({
		name: trimText(plainText(entry.name) ?? ''),
		value: entry.value,
	}));
	return pairs.some(({ name }) => name === '')
		? invalid('has an entry without a name', 'Give the entry a name, or remove it.')
		: valid(pairs);
}

/** What a fixed collection holds: nothing, or its list of entries. */
function isPairs(value: unknown): boolean {
	return isObject(value) && (Object.keys(value).length === 0 || Array.isArray(value.entry));
}

function parseJson(words: string): unknown {
	try {
		return JSON.parse(trimText(words)) as unknown;
	} catch {
		return words;
	}
}
