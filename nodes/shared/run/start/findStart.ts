import type { IDataObject } from 'n8n-workflow';

import { readAssetReference } from '../../api/files/asset';
import { asText, isObject } from '../../values/json';
import { hasFailed, readRunId, readRunStatus } from '../../api/run';

/** A start whose run is searched for. */
export interface SoughtStart {
	/** The `client_ref` that it was sent with. */
	reference: string;
	/** The end of a reference that the node made, which no other start has; undefined where the user gave it. */
	hash?: string | undefined;
	/** The input that was sent: the user's own reference may be on several runs. */
	input: unknown;
	/** When it was sent, in milliseconds since 1970 by our own clock; undefined where that is not known. */
	since?: number | undefined;
}

/** Pages of `GET /v1/runs` with `sort_by=created_at:desc`. */
export interface RunsPage {
	runs: IDataObject[];
	/** Whether every entry can be read. */
	isWhole: boolean;
	/** Whether Runflow has more than these. */
	more: boolean;
	/** How far Runflow's clock is ahead of ours, in milliseconds; undefined where it did not say. */
	clockAhead: number | undefined;
}

/** An HTTP date has whole seconds. */
const CLOCK_GRAIN = 2000;
/** Where Runflow's clock is not known: how far it may be from ours, in milliseconds. */
const UNKNOWN_CLOCK = 10 * 60_000;

/**
 * The run of a start that got no clear answer, according to Runflow's list of runs.
 *
 * @param isKnown whether a run belongs to another start of this node
 * @returns its record; `none` if the list shows that the run does not exist; `unclear` otherwise, since a run that is
 * overlooked may be paid for again
 * @see docs/runflow-api.md, "List runs" and "Filters"
 */
export function findStart(
	page: RunsPage,
	sought: SoughtStart,
	isKnown: (runId: string) => boolean,
): IDataObject | 'none' | 'unclear' {
	const found =
		sought.hash === undefined
			? findByOwnReference(page, sought, isKnown)
			: findByHash(page, sought, sought.hash, isKnown);
	if (found !== undefined) return found;
	return showsAll(page, sought) ? 'none' : 'unclear';
}

/** A key of the user's own gives several starts the same hash: one that failed before this start is another one. */
function findByHash(
	page: RunsPage,
	sought: SoughtStart,
	hash: string,
	isKnown: (runId: string) => boolean,
): IDataObject | undefined {
	const earliest = earliestOf(page, sought);
	const isEarlier = (run: IDataObject) =>
		hasFailed(readRunStatus(run)) && (isKnown(readRunId(run) ?? '') || madeAt(run) < earliest);
	return page.runs.find(
		(run) => hasId(run) && readReference(run).endsWith(hash) && !isEarlier(run),
	);
}

function findByOwnReference(
	page: RunsPage,
	sought: SoughtStart,
	isKnown: (runId: string) => boolean,
): IDataObject | 'unclear' | undefined {
	const earliest = earliestOf(page, sought);
	const named = page.runs.filter(
		(run) =>
			hasId(run) &&
			readReference(run) === sought.reference &&
			!hasFailed(readRunStatus(run)) &&
			!(madeAt(run) < earliest) &&
			!isKnown(readRunId(run) ?? ''),
	);
	const [only, ...more] = named.filter((run) => holds(run.input, sought.input));
	if (only !== undefined) return more.length === 0 ? only : 'unclear';
	// It may be one of these: which file a run has, or its whole input, need not be shown.
	return named.some((run) => !isObject(run.input) || holds(run.input, sought.input, false))
		? 'unclear'
		: undefined;
}

/** Whether these are all runs that may be the start's, with the names that they were given. */
function showsAll({ runs, isWhole, ...page }: RunsPage, sought: SoughtStart): boolean {
	const earliest = earliestOf(page, sought);
	const times = runs.map(madeAt);
	const isSorted = times.every((time, index) => index === 0 || time <= (times[index - 1] ?? 0));
	const reachesBack = !page.more || (isSorted && (times.at(-1) ?? Infinity) < earliest);
	const showsNames =
		runs.some((run) => readReference(run) !== '') || runs.every((run) => madeAt(run) < earliest);
	return isWhole && reachesBack && showsNames;
}

/** When the run can have been made at the earliest, by Runflow's clock (ms since 1970). */
export function earliestOf(
	{ clockAhead }: Pick<RunsPage, 'clockAhead'>,
	{ since = -Infinity }: SoughtStart,
): number {
	return clockAhead === undefined ? since - UNKNOWN_CLOCK : since + clockAhead - CLOCK_GRAIN;
}

function hasId(run: IDataObject): boolean {
	return readRunId(run) !== undefined;
}

/** The `client_ref` that a run was started with; empty where it had none. */
export function readReference(run: IDataObject): string {
	return asText(run.client_ref);
}

/** When a run was made, by Runflow's clock (ms since 1970); NaN where the record does not say. */
export function madeAt(run: IDataObject): number {
	return Date.parse(asText(run.created_at));
}

/**
 * Whether a record shows every value that was sent; inline media, which Runflow replaces, aside. An asset's
 * reference comes back as a signed URL, which is taken for it only where the asset's id is in it.
 * @param sameFiles whether assets count
 */
function holds(record: unknown, sent: unknown, sameFiles = true): boolean {
	if (typeof sent === 'string' && sent.startsWith('data:')) return true;
	const assetId = typeof sent === 'string' ? readAssetReference(sent) : undefined;
	if (assetId !== undefined) {
		return typeof record === 'string' && (!sameFiles || record.includes(assetId));
	}
	if (Array.isArray(sent)) {
		return (
			Array.isArray(record) &&
			record.length === sent.length &&
			sent.every((value, index) => holds(record[index], value, sameFiles))
		);
	}
	if (isObject(sent)) {
		return (
			isObject(record) &&
			Object.entries(sent).every(([key, value]) => holds(record[key], value, sameFiles))
		);
	}
	return record === sent;
}
