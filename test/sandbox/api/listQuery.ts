import { passed, refused, validationAnswer, type Checked, type FieldError } from '../http/answer';
import { readCursor } from './paging';

/** How a list is requested. */
export interface ListQuery {
	readonly limit: number;
	readonly offset: number;
	readonly newestFirst: boolean;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;
const SORTS: Readonly<Record<string, boolean>> = {
	'created_at:desc': true,
	'created_at:asc': false,
};

/**
 * In: a list call's query. Out: what it asks for, or 422. Filters (`q`) are refused: their grammar is in dispute.
 * @see docs/runflow-api.md, "List runs" and "Filters"
 */
export function readListQuery(query: URLSearchParams): Checked<ListQuery> {
	const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
	const newestFirst = SORTS[query.get('sort_by') ?? 'created_at:desc'];
	const offset = readCursor(query.get('pq'));
	const errors: readonly FieldError[] = [
		...(Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT ? [] : [bad('limit')]),
		...(newestFirst === undefined ? [bad('sort_by')] : []),
		...(offset === null ? [bad('pq')] : []),
		...(query.has('q') ? [bad('q')] : []),
	];
	return errors.length > 0 || newestFirst === undefined || offset === null
		? refused(validationAnswer(errors))
		: passed({ limit, offset, newestFirst });
}

function bad(name: string): FieldError {
	return { loc: ['query', name], msg: `Invalid ${name}`, type: 'value_error' };
}
