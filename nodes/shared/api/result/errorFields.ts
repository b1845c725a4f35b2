import { isObject } from '../../values/json';

/** The most rejected fields that are listed. */
const MAX_FIELDS = 20;
/** How deep a list of rejected fields is looked into. */
const MAX_DEPTH = 8;

/** Where the known kinds of API list the fields that they reject. */
const LISTS = [
	'errors',
	'detail',
	'details',
	'invalid-params',
	'invalid_params',
	'invalidParams',
	'violations',
	'issues',
	'fieldErrors',
	'field_errors',
	'formErrors',
	'validation_errors',
	'validationErrors',
	'validation',
	'fields',
	'non_field_errors',
];
/** What an entry says is wrong. */
const REASONS = [
	'msg',
	'message',
	'reason',
	'detail',
	'description',
	'error',
	'issue',
	'title',
	'code',
];
/** Which field an entry is about. */
const PLACES = [
	'loc',
	'path',
	'field',
	'param',
	'name',
	'property',
	'propertyPath',
	'instancePath',
	'pointer',
	'key',
];
/** All that entries are known to consist of. What has anything else is a map of fields. */
const PARTS: ReadonlySet<string> = new Set([
	...REASONS,
	...PLACES,
	...[
		'type',
		'input',
		'ctx',
		'url',
		'status',
		'id',
		'source',
		'meta',
		'links',
		'location',
		'value',
	],
	...['keyword', 'params', 'schemaPath', 'severity', 'expected', 'received', 'rule'],
]);

/**
 * One line for each field that an error body says was rejected: "input.seed: too large". Reads the shapes of FastAPI
 * (`detail` or `errors` with `loc` and `msg`), RFC 9457 (`invalid-params`), JSON:API (`source.pointer`), maps of fields,
 * lists of messages, and what nests these.
 */
export function listFields(body: unknown): string[] {
	const lines = Array.isArray(body) ? readEntries(body, [], 0) : readLists(body, 0);
	return lines.slice(0, MAX_FIELDS);
}

function readLists(body: unknown, depth: number): string[] {
	if (!isObject(body) || depth > MAX_DEPTH) return [];
	const listed = LISTS.flatMap((name) => {
		const list: unknown = body[name];
		return typeof list === 'object' && list !== null ? readEntries(list, [], depth + 1) : [];
	});
	if (listed.length > 0) return listed;
	// A list of messages in place of one, as NestJS has it; or all of it in the nested error.
	const { message, error } = body;
	if (typeof message === 'object' && message !== null) return readEntries(message, [], depth + 1);
	if (Array.isArray(error)) return readEntries(error, [], depth + 1);
	return readLists(error, depth + 1);
}

/** The lines of a list of entries, or of a map of fields. */
function readEntries(value: unknown, path: string[], depth: number): string[] {
	if (depth > MAX_DEPTH) return [];
	if (typeof value === 'string') return value.trim() === '' ? [] : [line(path, value)];
	if (Array.isArray(value)) {
		return value.slice(0, MAX_FIELDS).flatMap((entry) => readEntries(entry, path, depth + 1));
	}
	if (!isObject(value)) return [];
	const reason = REASONS.map((name) => value[name]).find(isText);
	const place = placeOf(value);
	// A map may have a field that is named as a reason or a place is.
	const hasMessage = place.length > 0 && ('msg' in value || 'message' in value);
	const isEntry = hasMessage || Object.keys(value).every((name) => PARTS.has(name));
	if (reason !== undefined && isEntry) return [line([...path, ...place], reason)];
	if (reason === undefined && 'loc' in value) return [];
	const nested = readLists(value, depth + 1);
	if (nested.length > 0) return nested.map((found) => line(path, found));
	return Object.entries(value)
		.slice(0, MAX_FIELDS)
		.flatMap(([name, entry]) => readEntries(entry, [...path, name], depth + 1));
}

function placeOf(entry: Record<string, unknown>): string[] {
	const { source } = entry;
	const given = [
		...PLACES.map((name) => entry[name]),
		isObject(source) ? source.pointer : undefined,
	];
	for (const place of given) {
		if (Array.isArray(place)) {
			const parts = place.filter((part) => typeof part === 'string' || typeof part === 'number');
			if (parts.length > 0) return withoutBody(parts.map(String));
		}
		// A JSON pointer is a path too.
		if (isText(place)) return withoutBody(place.replace(/^#?\//, '').split('/'));
	}
	return [];
}

/** FastAPI's paths begin with the part of the request, JSON:API's with the document. */
function withoutBody(path: string[]): string[] {
	return path.filter((part, index) => index > 0 || (part !== 'body' && part !== ''));
}

function line(path: string[], reason: string): string {
	const said = reason.replace(/\s+/g, ' ').trim();
	return path.length === 0 ? said : `${path.join('.')}: ${said}`;
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value.trim() !== '';
}
