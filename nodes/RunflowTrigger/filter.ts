import type { IDataObject } from 'n8n-workflow';

import { asText, isObject } from '../shared/values/json';
import { readRunStatus } from '../shared/api/run';
import { BATCH, type Settings } from './settings';

/** Whether a valid callback starts the workflow. */
export type FilterResult = { passes: true } | { passes: false; why: string; unknownEvent?: true };

/** The events that a run ends with. @see docs/runflow-api.md, "Callback body" */
export const RUN_EVENTS = [
	'run.cancelled',
	'run.completed',
	'run.failed',
	'run.partial_succeeded',
] as const;

/** Runflow spells "cancelled" with two l in events, and with one in statuses. Should events change, both are accepted. */
const EVENT_SPELLINGS: ReadonlyMap<string, string> = new Map([['run.canceled', 'run.cancelled']]);

/** Whether a callback is about a batch of runs: it has a `batch_id` and no `run_id`. */
export function isBatch(callback: IDataObject): boolean {
	return asText(callback.event).startsWith('batch.');
}

/**
 * Whether the user chose to start the workflow for this callback.
 * @param callback as received; unknown fields do not matter
 */
export function filter(
	callback: IDataObject,
	{ events, statuses, metadata }: Pick<Settings, 'events' | 'statuses' | 'metadata'>,
): FilterResult {
	const said = asText(callback.event);
	const event = isBatch(callback) ? BATCH : (EVENT_SPELLINGS.get(said) ?? said);
	if (!events.includes(event)) {
		const unknown = event !== BATCH && !RUN_EVENTS.some((known) => known === event);
		return { passes: false, why: 'Event not listened to', ...(unknown && { unknownEvent: true }) };
	}
	if (statuses.length > 0 && !statuses.includes(readRunStatus(callback))) {
		return { passes: false, why: 'Status not listened to' };
	}
	return metadata.every((pair) => hasPair(callback.metadata, pair))
		? { passes: true }
		: { passes: false, why: 'Metadata not listened to' };
}

function hasPair(metadata: unknown, { name, value }: { name: string; value: string }): boolean {
	if (!isObject(metadata) || !Object.hasOwn(metadata, name)) return false;
	const found = metadata[name];
	return !isObject(found) && !Array.isArray(found) && found !== null && asText(found) === value;
}
