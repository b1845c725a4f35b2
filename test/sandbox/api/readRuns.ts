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
import { readListQuery } from './listQuery';
import { page } from './paging';
import type { Request } from './route';

/**
 * In: a run id. Out: the run as it is now, with newly signed URLs, or 404.
 * @see docs/runflow-api.md, "Get a run"
 */
export function getRun(request: Request): Answer {
	const run = findRun(request);
	if (!run.ok) return run.answer;
	const record = renderRun(request.state, run.value, request.nowMs);
	return jsonAnswer(200, project(record, readFields(request)));
}

/**
 * In: limit, sort_by, pq, fields. Out: a page of the organization's runs.
 * @see docs/runflow-api.md, "List runs"; docs/readings.md, row 9
 */
export function listRuns(request: Request): Answer {
	const { state, nowMs } = request;
	const query = readListQuery(request.call.query);
	if (!query.ok) return query.answer;
	const runs = [...state.runs.values()].filter(({ orgId }) => orgId === request.caller.org.id);
	for (const run of runs) advanceRun(state, run, nowMs);
	if (query.value.newestFirst) runs.reverse();
	const fields = readFields(request);
	return jsonAnswer(
		200,
		page(runs, query.value, state.switches.pagingSpelling, (run) =>
			project(
				{
					...renderRun(state, run, nowMs),
					...(state.switches.listsClientRef ? {} : { client_ref: null }),
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

function readFields({ call }: Request): readonly string[] {
	return (call.query.get('fields') ?? '').split(',').filter((name) => name !== '');
}

function project(record: JsonObject, fields: readonly string[]): JsonObject {
	if (fields.length === 0) return record;
	return Object.fromEntries(Object.entries(record).filter(([name]) => fields.includes(name)));
}
