import type { INodePropertyOptions } from 'n8n-workflow';

/**
 * Every event of a batch: only one of their names is documented.
 * @see docs/runflow-api.md, "Batch callbacks"
 */
export const BATCH = 'batch';

/** All events of runs that have outputs. */
export const FINISHED = 'finished';

/** The events of {@link FINISHED}. */
export const FINISHED_EVENTS = ['run.completed', 'run.partial_succeeded'] as const;

/**
 * What the user chooses from, the most useful first: n8n's panel of nodes offers the trigger once for each of them, in
 * this order. @see docs/runflow-api.md, "Callback body"
 */
export const EVENTS = [
	{
		name: 'Run Finished',
		value: FINISHED,
		action: 'On run finished',
		description: 'A run has ended with all or some of its outputs',
	},
	{
		name: 'Run Completed',
		value: 'run.completed',
		action: 'On run completed',
		description: 'A run has succeeded and has all its outputs',
	},
	{
		name: 'Run Partially Succeeded',
		value: 'run.partial_succeeded',
		action: 'On run partially succeeded',
		description: 'A run has ended with some of its outputs',
	},
	{
		name: 'Run Failed',
		value: 'run.failed',
		action: 'On run failed',
		description: 'A run has failed. Add Simplify or Full Run to get the reason.',
	},
	{
		name: 'Run Cancelled',
		value: 'run.cancelled',
		action: 'On run cancelled',
		description: 'A run was cancelled and has no output',
	},
	{
		name: 'Batch Finished',
		value: BATCH,
		action: 'On batch finished',
		description: 'A batch has ended, whatever its result. Its item has batch_id instead of run_id.',
	},
] as const satisfies INodePropertyOptions[];

/** An event that a callback has, or {@link BATCH}. */
export type Event = Exclude<(typeof EVENTS)[number]['value'], typeof FINISHED>;

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
