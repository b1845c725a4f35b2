import { NodeOperationError, type IDataObject, type INode, type NodeApiError } from 'n8n-workflow';

import { readRunId } from '../../api/run';
import { originOf } from '../../values/address';
import { buildError, idsOf } from './itemErrors';

/** How to get the result of a run that the item has started. */
const TAKE_UP_AGAIN =
	'To get its result without paying again, choose Retry for this execution under Executions, or use a Runflow node (Run → Get) with this Run ID. Execute step would start a new, paid run.';

/** The error of a wait that timed out: the run continues, and its result can still be fetched. */
export function waitRanOutError(
	node: INode,
	run: IDataObject,
	waited: { minutes: number; itemIndex: number },
	advice = TAKE_UP_AGAIN,
): NodeApiError {
	const runId = readRunId(run);
	return buildError(
		node,
		{
			message: `The run is not finished after ${minutes(waited.minutes)}`,
			description: [
				`The run continues at Runflow and is charged when it succeeds. ${advice}`,
				'To wait longer next time, raise Maximum Wait (Minutes) under Options.',
				...idsOf(run),
			].join('\n'),
		},
		{ itemIndex: waited.itemIndex, runId },
	);
}

/** The error of a run whose result is there, but not its files: the wait for the runs of other items ended first. */
export function notDownloadedError(node: INode, run: IDataObject, itemIndex: number): NodeApiError {
	return buildError(
		node,
		{
			message: 'The run has finished, but its outputs were not downloaded',
			description: [
				'The wait for the runs of other items ended first. Get the outputs with a Runflow node (Run → Get) and this Run ID. It costs nothing.',
				...idsOf(run),
			].join('\n'),
		},
		{ itemIndex, runId: readRunId(run) },
	);
}

/**
 * The error of a run whose callback did not come in time: it may have ended anyway. It is made when the execution is
 * suspended, and n8n also shows it where the execution is stopped meanwhile and then retried.
 */
export function notReportedError(
	node: INode,
	run: IDataObject,
	waited: { minutes: number; callbackTo: string; itemIndex: number },
): NodeApiError {
	const runId = readRunId(run);
	return buildError(
		node,
		{
			message: 'The wait ended before Runflow reported the end of the run',
			description: [
				`Either ${minutes(waited.minutes)} have passed, or the execution was stopped while it waited and then retried.`,
				`The run may have ended anyway, and is charged if it succeeded. Do not start it again: ${GET_LATER}`,
				`Check that Runflow can reach this n8n at ${originOf(waited.callbackTo)} and that the Callback Signing Secrets in the Runflow API credential are right. Otherwise choose When Finished, Polling.`,
				...idsOf(run),
			].join('\n'),
		},
		{ itemIndex: waited.itemIndex, runId },
	);
}

/** Where the result of a run can be had later. The lines below have its id, ready to copy. */
const GET_LATER =
	'get its result later with a Runflow node (Run → Get) and this Run ID, or find it under Runs in Runflow.';

/** The error of a wait that Stop, or the end of the execution, cut short. */
export function waitEndedError(node: INode, runId: string, itemIndex: number): NodeOperationError {
	// n8n stores the execution as canceled, not as failed, by this word in the message.
	return new NodeOperationError(node, `The wait for the run was canceled [item ${itemIndex}]`, {
		itemIndex,
		description: `The run continues at Runflow and is charged when it succeeds. Do not start it again: ${GET_LATER}\nRun ID: ${runId}`,
	});
}

function minutes(count: number): string {
	return count === 1 ? '1 minute' : `${count} minutes`;
}
