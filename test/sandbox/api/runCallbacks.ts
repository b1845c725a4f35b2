import { redeliver } from '../callbacks/delivery';
import { renderDelivery } from '../callbacks/renderDelivery';
import { jsonAnswer, type Answer } from '../http/answer';
import { findRun } from './readRuns';
import type { Request } from './route';

/**
 * In: a run id. Out: the list of its deliveries, oldest first.
 * @see docs/runflow-api.md, "Delivery history"
 */
export function listDeliveries(request: Request): Answer {
	const run = findRun(request);
	if (!run.ok) return run.answer;
	const { id } = run.value;
	return jsonAnswer(
		200,
		request.state.deliveries.filter(({ runId }) => runId === id).map(renderDelivery),
	);
}

/**
 * In: a run id. Out: a new delivery under way, its body fresh from the run; 422 when there is nothing to deliver
 * or a delivery is still under way.
 * @see docs/runflow-api.md, "Callback redelivery": the 422 is that of batches
 */
export function redeliverCallback(request: Request): Answer {
	const run = findRun(request);
	if (!run.ok) return run.answer;
	const { id } = run.value;
	const { deliveries } = request.state;
	if (deliveries.some(({ runId, status }) => runId === id && status === 'pending')) {
		return notNow('conflict', 'A delivery is under way.');
	}
	const delivery = redeliver(request.state, run.value, request.nowMs);
	return delivery === null
		? notNow('invalid_state', 'The run is not terminal or has no callback_url.')
		: jsonAnswer(201, renderDelivery(delivery));
}

function notNow(errorType: string, message: string): Answer {
	return jsonAnswer(422, {
		code: 'VALIDATION_ERROR',
		message,
		errors: [{ loc: ['path', 'run_id'], msg: message, type: errorType, error_type: errorType }],
	});
}
