import { NodeOperationError, type IDataObject } from 'n8n-workflow';

import type { OtherPurpose } from '../../../shared/api/errorTexts/errorTexts';
import { fetchNewestRuns, LONGEST_PAGE } from '../../../shared/api/newestRuns';
import { readRunId, readRunRecord } from '../../../shared/api/run';
import { isStopped } from '../../../shared/n8n/executionOver';
import type { ItemCall } from '../../../shared/run/apiRouting';
import { isFailure, type Failure } from '../../../shared/run/read/itemErrors';
import { asText } from '../../../shared/values/json';
import { isTooOld, matchesFilters, type RunFilters } from './filters';
import { aboutRun, runPath } from './runId';

/** A request for the list of runs. */
export const LIST_OF_RUNS: OtherPurpose = {
	what: 'a list of runs',
	scope: 'runs:read',
	notFound:
		'Runflow shows no runs at this address. Check the Base URL in the Runflow API credential.',
};

/** Which runs to return, and how. */
interface Wanted {
	filters: RunFilters;
	limit: number;
	/** The fields that are kept of each run, since the list may have many. */
	toJson: (run: IDataObject) => IDataObject;
}

/**
 * The newest runs that match the filters. The filters are applied here: Runflow's own filter has three grammars.
 * @see docs/runflow-api.md, "List runs" and "Filters"
 */
export async function findRuns(
	item: ItemCall,
	{ filters, limit, toJson }: Wanted,
): Promise<IDataObject[] | Failure> {
	const { context, connection, request } = item;
	const found = new Map<string, IDataObject>();
	const seen = new Set<string>();
	let showsReferences = false;
	let cursor = '';
	do {
		const part = { limit: pageSize(filters, limit), cursor };
		const page = await request(
			async () => await fetchNewestRuns(context, part, connection),
			LIST_OF_RUNS,
		);
		if (isFailure(page)) return page;
		const known = seen.size;
		for (const run of page.runs) {
			const id = readRunId(run) ?? '';
			// New runs push others to the next page.
			if (id === '' || seen.has(id)) continue;
			seen.add(id);
			showsReferences ||= asText(run.client_ref) !== '';
			if (found.size < limit && matchesFilters(run, filters)) found.set(id, toJson(run));
		}
		const last = page.runs.at(-1);
		const isOver = last === undefined || isTooOld(last, filters) || seen.size === known;
		cursor = isOver ? '' : page.next;
	} while (cursor !== '' && found.size < limit && !isStopped(context));
	const [newest] = seen;
	const isUnclear = found.size === 0 && !showsReferences && needsReference(filters);
	return isUnclear && newest !== undefined
		? await checkReferences(item, newest)
		: [...found.values()];
}

function needsReference({ clientReference, clientReferencePrefix }: RunFilters): boolean {
	return clientReference !== undefined || clientReferencePrefix !== undefined;
}

function pageSize(filters: RunFilters, limit: number): number {
	const { statuses, ...others } = filters;
	const areSet = Object.values(others).some((value) => value !== undefined) || statuses.length > 0;
	return areSet ? LONGEST_PAGE : Math.min(limit, LONGEST_PAGE);
}

/**
 * Whether a run has a reference that the list does not show: then "none found" would be wrong.
 * @returns no runs; or the error
 */
async function checkReferences(
	{ context, itemIndex, call }: ItemCall,
	runId: string,
): Promise<[] | Failure> {
	const run = await call(
		{ method: 'GET', url: runPath(runId) },
		readRunRecord,
		aboutRun(runId, 'a run'),
	);
	if (isFailure(run)) return run;
	if (asText(run.client_ref) === '') return [];
	return new NodeOperationError(
		context.getNode(),
		`Runflow's list of runs shows no client references [item ${itemIndex}]`,
		{
			itemIndex,
			description:
				'Runs cannot be filtered by Client Reference here. Filter by Created After and Created Before instead, or get the run by its ID.',
		},
	);
}
