import type { IDataObject } from 'n8n-workflow';

import { readRunStatus } from '../shared/api/run';
import { asText, isObject } from '../shared/values/json';
import { trimText } from '../shared/values/text';
import { BATCH, EVENTS, FINISHED, OTHER_EVENT_SPELLINGS } from './events';
import type { Settings } from './settings';

/** Whether a valid callback starts the workflow. If not, why, and which filter it does not match. */
export type FilterResult =
	{ passes: true } | { passes: false; why: string; filter: string; unknownEvent?: true };

/** Whether a callback is about a batch of runs: it has a `batch_id` and no `run_id`. */
export function isBatch(callback: IDataObject): boolean {
	return asText(callback.event).startsWith('batch.');
}

/** The event of a callback, in the one spelling that the node uses. */
export function readEvent(callback: IDataObject): string {
	const said = asText(callback.event);
	return OTHER_EVENT_SPELLINGS.find(({ name }) => name === said)?.value ?? said;
}

/**
 * Whether the user chose to start the workflow for this callback.
 * @param callback as received; unknown fields do not matter
 */
export function filter(
	callback: IDataObject,
	{ events, statuses, metadata }: Pick<Settings, 'events' | 'statuses' | 'metadata'>,
): FilterResult {
	const event = isBatch(callback) ? BATCH : readEvent(callback);
	if (!events.some((chosen) => chosen === event)) {
		const isKnown = event !== FINISHED && EVENTS.some(({ value }) => value === event);
		const why = 'Event does not match';
		return { passes: false, why, filter: 'Events', ...(!isKnown && { unknownEvent: true }) };
	}
	const status = readRunStatus(callback);
	if (statuses.length > 0 && !statuses.some((chosen) => chosen === status)) {
		return { passes: false, why: 'Status does not match', filter: 'Statuses' };
	}
	const missing = metadata.find((pair) => !hasPair(callback.metadata, pair));
	if (missing === undefined) return { passes: true };
	const filter = `Metadata Filter, entry ${JSON.stringify(missing.name)}`;
	return { passes: false, why: 'Metadata does not match', filter };
}

function hasPair(metadata: unknown, { name, value }: { name: string; value: string }): boolean {
	if (!isObject(metadata) || !Object.hasOwn(metadata, name)) return false;
	const found = metadata[name];
	return (
		!isObject(found) && !Array.isArray(found) && found !== null && trimText(asText(found)) === value
	);
}
