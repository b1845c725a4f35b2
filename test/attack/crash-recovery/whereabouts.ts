import type { Execution } from '../../n8n/executions';
import type { Mode } from './orders';

/**
 * Where a paid run is found: in an item that was handed on; in an error; in an execution that still waits; or
 * nowhere but in Runflow, while n8n marks the execution of its order as broken off; or not even that.
 */
export type Whereabouts = 'item' | 'error' | 'waiting' | 'broken off' | 'nowhere';

/** @param executions all executions of the order that the run was started for */
export function whereaboutsOf(runId: string, executions: readonly Execution[]): Whereabouts {
	if (executions.some((execution) => handsOn(execution, runId))) return 'item';
	if (executions.some((execution) => tells(execution, runId))) return 'error';
	if (executions.some(({ status, text }) => status === 'waiting' && text.includes(runId)))
		return 'waiting';
	const broken = executions.some(({ status }) => status === 'crashed' || status === 'error');
	return broken ? 'broken off' : 'nowhere';
}

/** Whether an execution has ended well with the run in an item. */
export function handsOn({ status, nodes }: Execution, runId: string): boolean {
	if (status !== 'success') return false;
	return Object.values(nodes).some(({ outputs }) =>
		outputs.flat().some(({ json }) => json.id === runId),
	);
}

/** Whether such an item is all that was asked for: of a run that is waited for, the result and its file. */
export function handsOnResult(execution: Execution, runId: string, mode: Mode): boolean {
	if (!handsOn(execution, runId)) return false;
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

function tells({ error, nodes }: Execution, runId: string): boolean {
	const errors = [error, ...Object.values(nodes).map((run) => run.error)];
	const items = Object.values(nodes).flatMap(({ outputs }) => outputs.flat());
	const errorItems = items.filter(({ json }) => json.error !== undefined);
	return JSON.stringify([errors, errorItems]).includes(runId);
}
