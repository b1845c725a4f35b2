import type { INodePropertyOptions } from 'n8n-workflow';

/**
 * Stands for every event of a batch: only one of their names is documented.
 * @see docs/runflow-api.md, "Batch callbacks"
 */
export const BATCH = 'batch';

/** The events that a run ends with, and {@link BATCH}. @see docs/runflow-api.md, "Callback body" */
export const EVENTS = [
	{
		name: 'Batch Finished',
		value: BATCH,
		description: 'A batch has ended, however it went. Its item has batch_id instead of run_id.',
	},
	{
		name: 'Run Cancelled',
		value: 'run.cancelled',
		description: 'A run was cancelled and has no output',
	},
	{
		name: 'Run Completed',
		value: 'run.completed',
		description: 'A run has succeeded and has all its outputs',
	},
	{
		name: 'Run Failed',
		value: 'run.failed',
		description: 'A run has failed. Add Full Run to get the reason.',
	},
	{
		name: 'Run Partially Succeeded',
		value: 'run.partial_succeeded',
		description: 'A run has ended with some of its outputs',
	},
] as const satisfies INodePropertyOptions[];

/** One of {@link EVENTS}. */
export type Event = (typeof EVENTS)[number]['value'];

/** Runflow spells "cancelled" with two l in events, and with one in statuses. Should events change, both are accepted. */
export const OTHER_EVENT_SPELLINGS = [
	{ name: 'Run Canceled', value: 'run.cancelled' },
	{ name: 'run.canceled', value: 'run.cancelled' },
] as const;

/** The statuses that a run or a batch ends with, as `readRunStatus` spells them. */
export const STATUSES = [
	{ name: 'Cancelled', value: 'cancelled' },
	{ name: 'Failed', value: 'failed' },
	{ name: 'Partially Succeeded', value: 'partial_succeeded' },
	{ name: 'Succeeded', value: 'succeeded' },
] as const satisfies INodePropertyOptions[];

/** One of {@link STATUSES}. */
export type Status = (typeof STATUSES)[number]['value'];
