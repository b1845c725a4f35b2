import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import type { Connection } from '../../../api/client';
import { mapConcurrent } from '../../../async/mapConcurrent';
import { runAgain } from '../../../n8n/suspendedExecution';
import { finishedItem } from '../../output/finishedItem';
import { errorItem, isFailure } from '../../read/itemErrors';
import type { Outcome } from './readSuspendedRuns';

/** What the execution continues with: the items of the runs, or the node's input if one of them makes the node fail. */
export async function resumeOutput(
	context: IWebhookFunctions,
	outcomes: Outcome[],
	connection: Connection,
): Promise<INodeExecutionData[]> {
	const mayFail = !continuesOnFail(context);
	if (mayFail && outcomes.some(isFailure)) {
		const input = runAgain(context);
		if (input !== undefined) return input;
	}
	const items = await mapConcurrent(outcomes, async (outcome, itemIndex) => {
		if (isFailure(outcome) || 'json' in outcome) return outcome;
		const finish = { ...outcome.outputOptions, itemIndex, connection, stopped: undefined };
		return await finishedItem(context, outcome.record, finish);
	});
	if (mayFail && items.some(isFailure)) {
		const input = runAgain(context);
		if (input !== undefined) return input;
	}
	// If the node continues on errors, n8n itself sends the error items to the error output.
	return items.map((item, itemIndex) => (isFailure(item) ? errorItem(item, itemIndex) : item));
}

/** Whether failed items are passed on as items. n8n reads the older setting only if the newer one is missing. */
function continuesOnFail(context: IWebhookFunctions): boolean {
	const { onError, continueOnFail } = context.getNode();
	return onError === undefined ? continueOnFail === true : onError.startsWith('continue');
}
