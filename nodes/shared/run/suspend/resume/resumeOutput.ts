import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import type { Connection } from '../../../api/client';
import { mapConcurrent } from '../../../async/mapConcurrent';
import { runAgain } from '../../../n8n/suspendedExecution';
import { finishedItems } from '../../output/finishedItems';
import { errorItem, isFailure } from '../../read/itemErrors';
import type { Outcome } from './readSuspendedRuns';

/**
 * What the execution continues with: the items of the runs, or the node's input where the node must run again, to fail or
 * to give several items for one, or the fields of its input items.
 */
export async function resumeOutput(
	context: IWebhookFunctions,
	outcomes: Outcome[],
	connection: Connection,
): Promise<INodeExecutionData[]> {
	const mayFail = !continuesOnFail(context);
	if (outcomes.some(needsInput) || (mayFail && outcomes.some(isFailure))) {
		const input = runAgain(context);
		if (input !== undefined) return input;
	}
	const finished = await mapConcurrent(outcomes, async (outcome, itemIndex) => {
		if (isFailure(outcome)) return outcome;
		if ('json' in outcome) return [outcome];
		const finish = { ...outcome.outputOptions, inputFields: undefined, itemIndex, connection };
		return await finishedItems(context, outcome.record, { ...finish, stopped: undefined });
	});
	if (mayFail && finished.some(isFailure)) {
		const input = runAgain(context);
		if (input !== undefined) return input;
	}
	// If the node continues on errors, n8n itself sends the error items to the error output.
	return finished.flatMap((items, itemIndex) =>
		isFailure(items) ? [errorItem(items, itemIndex)] : items,
	);
}

/**
 * Whether an item depends on its input item. n8n has no input here, and links the items of a webhook to the input items by
 * their position.
 */
function needsInput(outcome: Outcome): boolean {
	if (isFailure(outcome) || 'json' in outcome) return false;
	return outcome.outputOptions.splitOutputs || outcome.outputOptions.includeInputFields;
}

/** Whether failed items are passed on as items. n8n reads the older setting only if the newer one is missing. */
function continuesOnFail(context: IWebhookFunctions): boolean {
	const { onError, continueOnFail } = context.getNode();
	return onError === undefined ? continueOnFail === true : onError.startsWith('continue');
}
