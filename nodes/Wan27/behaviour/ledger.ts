import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { isObject } from '../../runflow/json';

/** What an item has started. Plain JSON: n8n stores it with the execution. */
export interface Entry {
	/** The run that was started for the item and is, or may be, paid for. */
	runId?: string;
	/** When the item was last sent without it being known since whether a run came of it (ms since 1970). */
	doubtSince?: number;
	/** Runs of the item that have failed, which are free and may be started again. */
	failedRuns?: number;
}

const KEY = 'startedRuns';

/**
 * The entry of the item at hand. It lives in n8n's node context, which outlasts the tries of Retry On
 * Fail and comes back when a failed execution is retried: what is found there is looked up, not paid
 * for again.
 * @see n8n-engine.md section 2 (2)
 */
export function entryOf(context: IExecutePaginationFunctions, runIndex: number): Entry {
	const entries = allEntries(context);
	const key = `${runIndex}.${context.getItemIndex()}`;
	return (entries[key] ??= {});
}

/** The runs that other items and tries of this node have started. */
export function takenRuns(context: IExecutePaginationFunctions): ReadonlySet<string> {
	const ids = Object.values(allEntries(context)).map(({ runId }) => runId);
	return new Set(ids.filter((id) => id !== undefined));
}

function allEntries(context: IExecutePaginationFunctions): Record<string, Entry> {
	const kept = context.getContext('node') as Record<string, unknown>;
	if (!isObject(kept[KEY])) kept[KEY] = {};
	return kept[KEY] as Record<string, Entry>;
}
