import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import { hasFailed, isTerminal, readRunId, readRunStatus } from '../../api/run';
import type { ItemState, State } from '../nodeRun/itemState';
import type { ItemsNodeRun } from '../nodeRun/joinNodeRun';
import type { Settings } from '../nodeRun/settings';
import { isFailure } from '../read/itemErrors';
import type { StartRecord } from '../start/startLedger';

/** One item that waits for the callback of its run. */
export interface AwaitedItem {
	/** The request that started the run. */
	request: IHttpRequestOptions;
	startRecord: StartRecord;
	settings: Settings;
	nodeRun: ItemsNodeRun;
}

/** The states of all items at one phase, by item index. */
export type ItemStates = ReadonlyMap<number, ItemState>;

export interface Summary {
	/** How many items it covers. */
	size: number;
	someFailed: boolean;
	somePending: boolean;
}

/**
 * Each of a thousand items needs the summary, so it is made once for each number of items. Lives as long as the states.
 */
class Summaries {
	readonly #byStates = new WeakMap<ItemStates, Summary>();

	get(items: ItemStates): Summary {
		const known = this.#byStates.get(items);
		if (known?.size === items.size) return known;
		const states = [...items.values()].map(({ state }) => state);
		const summary: Summary = {
			size: items.size,
			someFailed: states.some(
				(state) => state === undefined || isFailure(state) || hasFailed(readRunStatus(state)),
			),
			somePending: states.some(isPending),
		};
		this.#byStates.set(items, summary);
		return summary;
	}
}

const summaries = new Summaries();

/** The state of all items together. */
export function summarize(items: ItemStates): Summary {
	return summaries.get(items);
}

/** Whether a run has not ended. */
export function isPending(state: State): state is IDataObject {
	return state !== undefined && !isFailure(state) && !isTerminal(readRunStatus(state));
}

/** The IDs of the runs that have not ended, by item index. */
export function pendingRuns(items: ItemStates): Map<number, string> {
	return new Map(
		[...items].flatMap(([index, { state }]) =>
			isPending(state) ? [[index, readRunId(state) ?? ''] as const] : [],
		),
	);
}
