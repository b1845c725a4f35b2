import type { Execution } from '../../n8n/executions';
import type { Mode } from './tasks';

/**
 * Where a paid run is found: in an output item; in an error; in an execution that still waits; or
 * only in Runflow, while n8n marks the execution of its task as crashed or failed; or not even that.
 */
export type RunLocation = 'item' | 'error' | 'waiting' | 'broken off' | 'nowhere';

/** @param executions all executions of the task that the run was started for */
export function locationOf(runId: string, executions: readonly Execution[]): RunLocation {
	if (executions.some((execution) => outputsRun(execution, runId))) return 'item';
	if (executions.some((execution) => reportsRun(execution, runId))) return 'error';
	if (executions.some(({ status, text }) => status === 'waiting' && text.includes(runId)))
		return 'waiting';
	const broken = executions.some(({ status }) => status === 'crashed' || status === 'error');
	return broken ? 'broken off' : 'nowhere';
}

/** Whether an execution has ended well with the run in an item. */
export function outputsRun({ status, nodes }: Execution, runId: string): boolean {
	if (status !== 'success') return false;
	return Object.values(nodes).some(({ outputs }) =>
		outputs.flat().some(({ json }) => json.id === runId),
	);
}

/** Whether such an item is all that was asked for: of a run that is waited for, the result and its file. */
export function outputsResult(execution: Execution, runId: string, mode: Mode): boolean {
	if (!outputsRun(execution, runId)) return false;
	if (mode === 'immediately') return true;
	return Object.values(execution.nodes).some(({ outputs }) =>
		outputs
			.flat()
			.some(
				({ json, binary }) =>
					json.id === runId && json.status === 'succeeded' && binary?.data !== undefined,
			),
	);
}

function reportsRun({ error, nodes }: Execution, runId: string): boolean {
	const errors = [error, ...Object.values(nodes).map((run) => run.error)];
	const items = Object.values(nodes).flatMap(({ outputs }) => outputs.flat());
	const errorItems = items.filter(({ json }) => json.error !== undefined);
	return JSON.stringify([errors, errorItems]).includes(runId);
}
