import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { readRunStatus } from '../../../shared/api/run';
import {
	invalid,
	isEmpty,
	NOTHING,
	show,
	valid,
	type Rule,
} from '../../../shared/validation/result';
import { listOf, trimmedText } from '../../../shared/validation/rules';
import { runStatus } from '../../../shared/validation/runStatus';
import type { SettingsTable } from '../../../shared/validation/settings';
import { asText } from '../../../shared/values/json';
import { trimText } from '../../../shared/values/text';
import { readTime } from '../../../shared/values/time';

/** Every status of a run, as `readRunStatus` spells it. @see docs/runflow-api.md, "Status" */
const STATUSES = [
	{ name: 'Cancelled', value: 'cancelled' },
	{ name: 'Dispatching', value: 'dispatching' },
	{ name: 'Failed', value: 'failed' },
	{ name: 'Partially Succeeded', value: 'partial_succeeded' },
	{ name: 'Queued', value: 'queued' },
	{ name: 'Running', value: 'running' },
	{ name: 'Succeeded', value: 'succeeded' },
] as const satisfies INodePropertyOptions[];

/** Which runs are wanted. A filter that is left out is undefined, or empty for a list. */
export interface RunFilters {
	clientReference: string | undefined;
	clientReferencePrefix: string | undefined;
	/** Milliseconds since 1970, both included. */
	createdAfter: number | undefined;
	createdBefore: number | undefined;
	statuses: string[];
}

/** The parameter with the filters. */
export const filtersField: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	description: 'Which runs to return. A run must match all filters.',
	options: [
		{
			displayName: 'Client Reference',
			name: 'clientReference',
			type: 'string',
			default: '',
			placeholder: 'e.g. order-1001',
			description: 'The full Client Reference of the run. Capital letters matter.',
		},
		{
			displayName: 'Client Reference Starts With',
			name: 'clientReferencePrefix',
			type: 'string',
			default: '',
			placeholder: 'e.g. order-',
			description: 'The beginning of the Client Reference of the run. Capital letters matter.',
		},
		{
			displayName: 'Created After',
			name: 'createdAfter',
			type: 'dateTime',
			default: '',
			description: 'Only return runs created at this time or later',
		},
		{
			displayName: 'Created Before',
			name: 'createdBefore',
			type: 'dateTime',
			default: '',
			description: 'Only return runs created at this time or earlier',
		},
		{
			displayName: 'Statuses',
			name: 'statuses',
			type: 'multiOptions',
			default: [],
			description: 'Only return runs with one of these statuses. Default: any status.',
			options: [...STATUSES],
		},
	],
};

function time(timeZone: string): Rule<number> {
	return (value) => {
		if (isEmpty(value)) return NOTHING;
		const ms = readTime(value, timeZone);
		return ms === undefined
			? invalid(
					`must be a date, but is ${show(value)}`,
					'Choose one from the calendar, or write it like 2026-11-29 or 2026-11-29T15:00:00+01:00.',
				)
			: valid(ms);
	};
}

/**
 * The settings of {@link filtersField}. An expression must find something: no filter would mean all runs.
 * @param timeZone that of the workflow, in which the date picker means its times
 */
export function filterSettings(timeZone: string): SettingsTable<RunFilters> {
	return {
		clientReference: {
			path: 'filters.clientReference',
			title: 'Client Reference',
			rule: trimmedText,
			otherwise: undefined,
			mustFind: true,
		},
		clientReferencePrefix: {
			path: 'filters.clientReferencePrefix',
			title: 'Client Reference Starts With',
			rule: trimmedText,
			otherwise: undefined,
			mustFind: true,
		},
		createdAfter: {
			path: 'filters.createdAfter',
			title: 'Created After',
			rule: time(timeZone),
			otherwise: undefined,
			mustFind: true,
		},
		createdBefore: {
			path: 'filters.createdBefore',
			title: 'Created Before',
			rule: time(timeZone),
			otherwise: undefined,
			mustFind: true,
		},
		statuses: {
			path: 'filters.statuses',
			title: 'Statuses',
			rule: listOf(runStatus(...STATUSES)),
			otherwise: [],
			mustFind: true,
		},
	};
}

/** Whether a run matches all filters. The node checks this itself. */
export function matchesFilters(run: IDataObject, filters: RunFilters): boolean {
	const { clientReference, clientReferencePrefix, createdAfter, createdBefore, statuses } = filters;
	const own = trimText(asText(run.client_ref));
	if (clientReference !== undefined && own !== clientReference) return false;
	if (clientReferencePrefix !== undefined && !own.startsWith(clientReferencePrefix)) return false;
	if (statuses.length > 0 && !statuses.includes(readRunStatus(run))) return false;
	if (createdAfter === undefined && createdBefore === undefined) return true;
	const created = createdAt(run);
	if (created === undefined) return false;
	return created >= (createdAfter ?? -Infinity) && created <= (createdBefore ?? Infinity);
}

/** Whether a run is older than all that are wanted. */
export function isTooOld(run: IDataObject, { createdAfter }: RunFilters): boolean {
	const created = createdAt(run);
	return createdAfter !== undefined && created !== undefined && created < createdAfter;
}

function createdAt(run: IDataObject): number | undefined {
	return readTime(run.created_at, 'UTC');
}
