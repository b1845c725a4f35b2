import type { JsonObject } from '../json';

/** One field that has to have one value. */
interface Term {
	readonly field: string;
	readonly value: string;
}

const TERM = /^([a-z_]+)\.eq:'((?:[^'\\]|\\.)*)'$/i;

/**
 * In: a `q` and the fields that it may name. Out: whether a record matches it; null when it is not a filter of exact
 * matches, joined with AND.
 * @see docs/runflow-api.md, "Filters": only exact matches are supported, says the code that uses them
 */
export function readFilter(
	q: string,
	fields: readonly string[],
): ((record: JsonObject) => boolean) | null {
	const terms = q.split(/ AND (?=[a-z_]+\.eq:)/i).map(readTerm);
	if (!terms.every((term) => term !== null && fields.includes(term.field))) return null;
	return (record) => terms.every((term) => term === null || record[term.field] === term.value);
}

function readTerm(text: string): Term | null {
	const [, field, value] = TERM.exec(text.trim()) ?? [];
	return field === undefined || value === undefined
		? null
		: { field, value: value.replace(/\\(.)/g, '$1') };
}
