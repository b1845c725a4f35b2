import type { JsonObject } from '../json';
import type { Switches } from '../switches';

const CURSOR_PREFIX = 'from:';

/**
 * In: all entries, the requested part, the spelling and how an item is shown. Out: the page's body.
 * @see docs/readings.md, row 9: `first`, `next`, `previous` or `next_pq`, `prev_pq`
 */
export function page<T>(
	all: readonly T[],
	{ limit, offset }: { readonly limit: number; readonly offset: number },
	spelling: Switches['pagingSpelling'],
	render: (item: T) => JsonObject,
): JsonObject {
	const items = all.slice(offset, offset + limit).map(render);
	const next = offset + limit < all.length ? writeCursor(offset + limit) : null;
	const previous = offset > 0 ? writeCursor(Math.max(0, offset - limit)) : null;
	return spelling === 'next'
		? { items, first: writeCursor(0), next, previous }
		: { items, next_pq: next, prev_pq: previous };
}

/**
 * In: a `pq`, or null. Out: where the page starts; null when it is not a cursor of ours.
 * @see docs/runflow-api.md, "List runs"
 */
export function readCursor(cursor: string | null): number | null {
	if (cursor === null) return 0;
	const text = Buffer.from(cursor, 'base64url').toString();
	const offset = Number(text.slice(CURSOR_PREFIX.length));
	return text.startsWith(CURSOR_PREFIX) && Number.isInteger(offset) && offset >= 0 ? offset : null;
}

/**
 * In: a record and the wanted `fields`, none for all. Out: the record with these alone.
 * @see docs/runflow-api.md, "List runs"
 */
export function project(record: JsonObject, fields: readonly string[]): JsonObject {
	if (fields.length === 0) return record;
	return Object.fromEntries(Object.entries(record).filter(([name]) => fields.includes(name)));
}

function writeCursor(offset: number): string {
	return Buffer.from(`${CURSOR_PREFIX}${offset}`).toString('base64url');
}
