import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../values/json';
import type { ApiAnswer } from './result/result';

/** The status of a run, in one spelling whatever the API wrote. */
export type RunStatus = string;

/**
 * Spellings that mean the same. The seeds say `cancelled`, newer pages `canceled`; `completed` and
 * `errored` are only in third-party clients, but a paid run must not be polled past its end for it.
 * @see docs/runflow-api.md, "Status"; docs/readings.md, row 1
 */
const STATUS_SPELLINGS: ReadonlyMap<string, RunStatus> = new Map([
	['canceled', 'cancelled'],
	['completed', 'succeeded'],
	['errored', 'failed'],
]);

const SUCCESSFUL: ReadonlySet<RunStatus> = new Set(['succeeded', 'partial_succeeded']);
const TERMINAL: ReadonlySet<RunStatus> = new Set([...SUCCESSFUL, 'failed', 'cancelled']);

/**
 * The id of a run record, or undefined if it has none that fits into a URL path.
 * @param run a run record or a callback: `id`, or `run_id`
 * @see docs/runflow-api.md, "Answer"; docs/readings.md, row 16
 */
export function readRunId(run: IDataObject): string | undefined {
	const id = run.id ?? run.run_id;
	return typeof id === 'string' && !NO_PATH_SEGMENT.test(id) ? id : undefined;
}

/** Nothing, what leads elsewhere in a path, and half a character, which no URL can hold. */
const NO_PATH_SEGMENT = /^\.{0,2}$|\/|\p{Surrogate}/u;

/** The run record in a response; undefined where the body is not a record with an id. */
export function readRunRecord({ body }: Pick<ApiAnswer, 'body'>): IDataObject | undefined {
	return isObject(body) && readRunId(body) !== undefined ? body : undefined;
}

/**
 * The status of a run record, cancelled always with two l (as the seeds have it).
 * @param run a run record (`status_code`) or a callback (`status`)
 * @returns an empty string where the record has none
 */
export function readRunStatus(run: IDataObject): RunStatus {
	const status = run.status_code ?? run.status;
	if (typeof status !== 'string') return '';
	return STATUS_SPELLINGS.get(status) ?? status;
}

/** Whether a run in this status has ended. Unknown statuses count as still running. */
export function isTerminal(status: RunStatus): boolean {
	return TERMINAL.has(status);
}

/** Whether a run in this status has a result. A partial success has. */
export function isSuccessful(status: RunStatus): boolean {
	return SUCCESSFUL.has(status);
}

/** Whether a run in this status has ended without a result: it failed or was cancelled. */
export function hasFailed(status: RunStatus): boolean {
	return isTerminal(status) && !isSuccessful(status);
}

/** The most characters of a reason that are shown: it may be a model's whole log. */
const MAX_SAID = 1000;

/** Why a run did not succeed, as far as Runflow says. */
export interface RunFailure {
	message?: string;
	code?: string;
	stage?: string;
}

/**
 * What a failed run's record says of the failure, from any of the documented spellings.
 * @see docs/runflow-api.md, "Failure fields"; docs/readings.md, row 7
 */
export function readFailure(run: IDataObject): RunFailure {
	const error = isObject(run.error) ? run.error : {};
	return {
		...text('message', run.failure_message, error.message, run.error),
		...text('code', run.failure_code, error.code),
		...text('stage', run.failure_stage_code, run.failure_stage),
	};
}

function text(key: keyof RunFailure, ...candidates: unknown[]): RunFailure {
	const found = candidates.find((value) => typeof value === 'string' && value !== '');
	if (typeof found !== 'string') return {};
	return { [key]: found.length > MAX_SAID ? `${found.slice(0, MAX_SAID)}…` : found };
}
