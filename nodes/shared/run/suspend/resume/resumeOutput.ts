import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import { mapConcurrent } from '../../../async/mapConcurrent';
import { runAgain, suspendedInput } from '../../../n8n/suspendedExecution';
import { finishedItems } from '../../output/finishedItems';
import { errorItem, isFailure } from '../../read/itemErrors';
import type { Suspension } from '../suspension';
import type { Outcome } from './readSuspendedRuns';
import type { ReceivedCallback } from './receivedCallback';

/**
 * What the execution continues with: the items of the runs, or the node's input where the node must run again, to fail or
 * to give several items for one.
 */
export async function resumeOutput(
	context: IWebhookFunctions,
	outcomes: Outcome[],
	{ connection, suspension }: Pick<ReceivedCallback, 'connection' | 'suspension'>,
): Promise<INodeExecutionData[]> {
	const mayFail = !continuesOnFail(context);
	const splits = outcomes.some(
		(outcome) => !isFailure(outcome) && !('json' in outcome) && outcome.output.splitOutputs,
	);
	// n8n links the items of a webhook to the input items by their position.
	if (splits || (mayFail && outcomes.some(isFailure))) {
		const input = runAgain(context);
		if (input !== undefined) {
			if (!mayFail) keepFailures(suspension, outcomes);
			return input;
		}
	}
	const input = suspendedInput(context);
	const finished = await mapConcurrent(outcomes, async (outcome, itemIndex) => {
		if (isFailure(outcome) || 'json' in outcome) return outcome;
		const { record, output } = outcome;
		const items = await finishedItems(context, record, {
			...output,
			splitOutputs: false,
			inputFields: output.includeInputFields ? input?.[itemIndex]?.json : undefined,
			itemIndex,
			connection,
			stopped: undefined,
		});
		return isFailure(items) ? items : (items[0] ?? { json: {} });
	});
	if (mayFail && finished.some(isFailure)) {
		const again = runAgain(context);
		if (again !== undefined) return again;
	}
	// If the node continues on errors, n8n itself sends the error items to the error output.
	return finished.map((item, itemIndex) => (isFailure(item) ? errorItem(item, itemIndex) : item));
}

/** Has failed items fail with the same error when the node runs again, instead of starting another run. */
function keepFailures({ items }: Suspension, outcomes: Outcome[]): void {
	for (const [index, outcome] of outcomes.entries()) {
		if (isFailure(outcome)) items[index] = { failed: errorItem(outcome, index).json };
	}
}

/** Whether failed items are passed on as items. n8n reads the older setting only if the newer one is missing. */
function continuesOnFail(context: IWebhookFunctions): boolean {
	const { onError, continueOnFail } = context.getNode();
	return onError === undefined ? continueOnFail === true : onError.startsWith('continue');
}
