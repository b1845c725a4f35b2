import type { IExecutePaginationFunctions, NodeApiError } from 'n8n-workflow';

import { explainNetworkError, type ApiErrorText } from '../../api/errorTexts/errorTexts';
import { apiError } from '../read/itemErrors';

/** For a start whose run the list does not show. */
export const NOT_LISTED =
	"Runflow's list of runs does not show the run, so it was not started. Run the item again.";

/** For a start of an earlier try that is still unconfirmed. */
export const STILL_UNCONFIRMED: ApiErrorText = {
	...explainNetworkError({ code: '', neverSent: false }, 'start'),
	message: 'It is still not known whether an earlier try has started the run',
};

/** For an item of an execution that n8n has lost, where the list of runs does not show what the item has started. */
export const LOST_UNCLEAR: ApiErrorText = {
	message: 'It is not known whether the lost execution has started the run',
	description:
		"n8n was stopped or crashed during this execution, which may have started the run. Runflow's list of runs does not show whether it did. Retry the execution again. If that does not help, look for the Client Reference under Runs in Runflow. If there is no run, run the item in a new execution.",
};

/** After Stop. The word canceled makes n8n store the execution as such. */
export const NOT_SENT: ApiErrorText = {
	message: 'The request was canceled before it was sent',
	description: 'No run was started.',
};

/** The same, where an execution that this one retries may have started the run. */
export const NOT_SENT_AGAIN: ApiErrorText = {
	...NOT_SENT,
	description:
		'An earlier execution may have started the run. Retry the first, failed execution again: it continues with that run, or starts one if there is none.',
};

/**
 * The error of an item whose run was not started, or may not have been.
 * @param status the HTTP status of Runflow's response, where there was one
 */
export function startError(
	context: IExecutePaginationFunctions,
	text: ApiErrorText,
	status?: number,
): NodeApiError {
	return apiError(context.getNode(), text, { itemIndex: context.getItemIndex(), status });
}
