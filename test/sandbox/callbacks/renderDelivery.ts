import { isoTime } from '../isoTime';
import { parseJson, type JsonObject } from '../json';
import { secretId, type Attempt, type Delivery } from './delivery';

/**
 * In: a delivery. Out: the delivery as the API shows it.
 * @see docs/runflow-api.md, "Delivery history": the values of `status_code` are unknown, and what `payload_bytes`
 * holds is too: here the frozen body as text
 */
export function renderDelivery(delivery: Delivery): JsonObject {
	const body = delivery.body.toString();
	const last = delivery.attempts.at(-1)?.result;
	const failed = delivery.status === 'failed';
	return {
		id: delivery.id,
		run_id: delivery.runId,
		callback_url: delivery.url,
		payload_bytes: body,
		payload: parseJson(body) ?? null,
		signing_secret_id: delivery.secret === null ? null : secretId(delivery.secret),
		is_automatic: delivery.isAutomatic,
		status_code: delivery.status,
		failure_reason_code: !failed
			? null
			: last?.kind === 'answered'
				? 'http_error'
				: 'network_error',
		failure_detail: !failed
			? null
			: last?.kind === 'answered'
				? `HTTP ${last.status}`
				: (last?.error ?? null),
		attempt_count: delivery.attempts.length,
		max_attempts: delivery.maxAttempts,
		next_attempt_at: isoTime(delivery.nextAttemptAtMs),
		created_at: isoTime(delivery.createdAtMs),
		updated_at: isoTime(delivery.updatedAtMs),
		completed_at: isoTime(delivery.completedAtMs),
		attempts: delivery.attempts.map((attempt) => renderAttempt(delivery, attempt)),
	};
}

function renderAttempt(delivery: Delivery, { id, number, atMs, result }: Attempt): JsonObject {
	const answered = result.kind === 'answered' ? result : null;
	return {
		id,
		delivery_id: delivery.id,
		attempt_number: number,
		status_code: answered?.status ?? null,
		response_body: answered?.body ?? null,
		response_time_ms: result.tookMs,
		error_message: result.kind === 'unreachable' ? result.error : null,
		created_at: isoTime(atMs),
	};
}
