import {
	errorAnswer,
	jsonAnswer,
	passed,
	refused,
	type Answer,
	type Checked,
} from '../http/answer';
import type { JsonObject } from '../json';
import { advanceRun } from '../runs/lifeCycle';
import { renderRun, spellStatus } from '../runs/renderRun';
import { RUN_STATUSES, type SandboxRun } from '../runs/run';
import type { Switches } from '../switches';
import { readListQuery, readNames, type ListFields } from './listQuery';
import { page, project } from './paging';
import type { Request } from './route';

const LIST_FIELDS: ListFields = {
	sorts: ['created_at'],
	filters: ['id', 'client_ref', 'status_code'],
};

/**
 * In: a run id. Out: the run as it is now, with newly signed URLs, or 404.
 * @see docs/runflow-api.md, "Get a run"
 */
export function getRun(request: Request): Answer {
	const run = findRun(request);
	if (!run.ok) return run.answer;
	const record = renderRun(request.state, run.value, request.nowMs);
	return jsonAnswer(200, project(record, readNames(request.call.query, 'fields')));
}

/**
 * In: limit, sort_by, pq, q, fields. Out: a page of the organization's runs, the newest first.
 * @see docs/runflow-api.md, "List runs"; docs/readings.md, row 9
 */
export function listRuns(request: Request): Answer {
	const { state, nowMs } = request;
	const { switches } = state;
	const query = readListQuery(request.call.query, LIST_FIELDS, switches.filters);
	if (!query.ok) return query.answer;
	const { matches, sorts } = query.value;
	const runs = [...state.runs.values()].filter(({ orgId }) => orgId === request.caller.org.id);
	for (const run of runs) advanceRun(state, run, nowMs);
	const found = runs.filter((run) => matches(filterable(run, switches)));
	found.sort((one, other) => one.createdAtMs - other.createdAtMs);
	if (sorts[0]?.descending ?? true) found.reverse();
	const fields = readNames(request.call.query, 'fields');
	return jsonAnswer(
		200,
		page(found, query.value, switches.pagingSpelling, (run) =>
			project(
				{
					...renderRun(state, run, nowMs),
					...(switches.listsClientRef ? {} : { client_ref: null }),
				},
				fields,
			),
		),
	);
}

/**
 * Out: every status.
 * @see docs/runflow-api.md, "Status": the form of the body is unknown
 */
export function listStatuses({ state }: Request): Answer {
	return jsonAnswer(200, {
		items: RUN_STATUSES.map(({ code, isTerminal }) => ({
			code: spellStatus(code, state.switches.canceledSpelling),
			is_terminal: isTerminal,
		})),
	});
}

/**
 * In: a request whose path names a run. Out: the run, moved to where the clock says, or 404 when the caller's
 * organization has none of that id.
 * @see docs/runflow-api.md, "HTTP statuses"
 */
export function findRun({ state, params, caller, nowMs }: Request): Checked<SandboxRun> {
	const run = state.runs.get(params[0] ?? '');
	if (run?.orgId !== caller.org.id) {
		return refused(errorAnswer(404, 'RUN_NOT_FOUND', 'Run not found.'));
	}
	advanceRun(state, run, nowMs);
	return passed(run);
}

/** What a filter sees: the whole record of 10,000 runs would take a second. */
function filterable(run: SandboxRun, { canceledSpelling }: Switches): JsonObject {
	return {
		id: run.id,
		client_ref: run.clientRef,
		status_code: spellStatus(run.status, canceledSpelling),
	};
}
