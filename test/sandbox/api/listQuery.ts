import { passed, refused, validationAnswer, type Checked, type FieldError } from '../http/answer';
import type { JsonObject } from '../json';
import type { Switches } from '../switches';
import { readFilter } from './filter';
import { readCursor } from './paging';

/** One part of `sort_by`. */
export interface Sort {
	readonly field: string;
	readonly descending: boolean;
}

/** How a list is requested. */
export interface ListQuery {
	readonly limit: number;
	readonly offset: number;
	/** The most important first; empty for the list's own order. */
	readonly sorts: readonly Sort[];
	readonly matches: (record: JsonObject) => boolean;
}

/** What a list can be sorted and filtered by. */
export interface ListFields {
	readonly sorts: readonly string[];
	readonly filters: readonly string[];
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;
const SORT = /^([a-z_]+):(asc|desc)$/;

/**
 * In: a list call's query, the list's fields and what becomes of filters. Out: what it asks for, or 422. Filters (`q`)
 * are refused by default: their grammar is in dispute.
 * @see docs/runflow-api.md, "List runs" and "Filters"
 */
export function readListQuery(
	query: URLSearchParams,
	fields: ListFields,
	filters: Switches['filters'],
): Checked<ListQuery> {
	const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
	const offset = readCursor(query.get('pq'));
	const sorts = readSorts(query.get('sort_by'), fields.sorts);
	const matches = readMatches(query.get('q'), fields.filters, filters);
	const errors: readonly FieldError[] = [
		...(Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT ? [] : [badQuery('limit')]),
		...(sorts === null ? [badQuery('sort_by')] : []),
		...(offset === null ? [badQuery('pq')] : []),
		...(matches === null ? [badQuery('q')] : []),
	];
	return errors.length > 0 || sorts === null || offset === null || matches === null
		? refused(validationAnswer(errors))
		: passed({ limit, offset, sorts, matches });
}

/**
 * In: a query that names several things with commas, such as `fields`. Out: their names.
 * @see docs/runflow-api.md, "List runs"
 */
export function readNames(query: URLSearchParams, name: string): readonly string[] {
	return (query.get(name) ?? '').split(',').filter((one) => one !== '');
}

/**
 * In: the name of a query. Out: the entry of a 422 that refuses it.
 * @see docs/runflow-api.md, "Error body"
 */
export function badQuery(name: string): FieldError {
	return { loc: ['query', name], msg: `Invalid ${name}`, type: 'value_error' };
}

function readSorts(text: string | null, known: readonly string[]): readonly Sort[] | null {
	if (text === null) return [];
	const sorts = text.split(',').map((part): Sort | null => {
		const [, field = '', direction] = SORT.exec(part) ?? [];
		return known.includes(field) ? { field, descending: direction === 'desc' } : null;
	});
	return sorts.every((sort) => sort !== null) ? sorts : null;
}

function readMatches(
	q: string | null,
	fields: readonly string[],
	filters: Switches['filters'],
): ListQuery['matches'] | null {
	if (q === null || filters === 'ignored') return () => true;
	return filters === 'refused' ? null : readFilter(q, fields);
}
