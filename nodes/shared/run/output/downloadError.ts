import type { IDataObject, INode, NodeApiError } from 'n8n-workflow';

import { readRunId } from '../../api/run';
import { buildError, idsOf } from '../read/itemErrors';
import type { Missing } from './downloadOutputs';

const DOWNLOAD_AGAIN =
	'Switch on Retry On Fail, or retry this execution: the node then looks the run up and only downloads its outputs.';
const DOWNLOAD_OTHERWISE =
	'Retrying with the same settings will not help. To get the links of all outputs, use a Runflow node (Run → Get) with Download Outputs switched off and this Run ID. Execute step would start a new, paid run.';
const THEN_RETRY =
	'Then retry this execution: the node looks the run up and only downloads its outputs. Or get the links of all outputs with a Runflow node (Run → Get), with Download Outputs switched off.';

/** A longer link is found in the run, in characters: it may be a whole file. */
const MAX_SHOWN_LINK = 2048;

/** The error of a run that has succeeded, but not all of whose outputs could be downloaded. */
export function downloadError(
	node: INode,
	run: IDataObject,
	missing: Missing & { itemIndex: number },
): NodeApiError {
	const { number, of, problem, link, isFinal, advice, itemIndex } = missing;
	const usual = isFinal ? DOWNLOAD_OTHERWISE : DOWNLOAD_AGAIN;
	const whatToDo = advice === undefined ? usual : `${advice} ${THEN_RETRY}`;
	const runId = readRunId(run);
	return buildError(
		node,
		{
			message: `Output ${number} of ${of} could not be downloaded: ${problem}`,
			description: [
				`The run has succeeded and is paid for. You do not pay again. ${whatToDo} The outputs are also under Runs in Runflow.`,
				...(link === undefined || link.length > MAX_SHOWN_LINK ? [] : [`Link: ${link}`]),
				...idsOf(run),
			].join('\n'),
		},
		{ itemIndex, runId },
	);
}
