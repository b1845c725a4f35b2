import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../../shared/values/json';

/**
 * How often a workflow should be started for a body, according to Runflow's delivery history: once for all automatic
 * deliveries, and once for each manual redelivery. (A manual redelivery of a failed run can have exactly the bytes of the
 * first delivery.) Deliveries that were refused do not count.
 *
 * @param history the deliveries in the answer of `GET /v1/runs/{id}/callback`
 * @param rawBody the body as received
 * @param callback the parsed body
 * @see docs/runflow-api.md, "Delivery history" and "Callback redelivery"
 */
export function countDue(history: unknown[], rawBody: Uint8Array, callback: IDataObject): number {
	const body = new TextDecoder().decode(rawBody);
	const alike = history
		.filter(isObject)
		.filter((delivery) => carries(delivery, body, callback) && !isLost(delivery));
	const asked = alike.filter(({ is_automatic: automatic }) => automatic === false).length;
	return asked + (alike.length > asked ? 1 : 0);
}

/** The contents of `payload_bytes` are not documented. If it is not the body, the payload is compared. */
function carries(
	{ payload_bytes: bytes, payload }: IDataObject,
	body: string,
	callback: IDataObject,
): boolean {
	if (typeof bytes === 'string' && bytes.startsWith('{')) return bytes === body;
	return isSame(payload, callback);
}

/**
 * Whether a delivery is over and all its attempts were refused. An attempt without a status may have started the
 * workflow: Runflow did not wait for the answer.
 */
function isLost({ completed_at: completedAt, attempts }: IDataObject): boolean {
	if (completedAt === null || completedAt === undefined || !Array.isArray(attempts)) return false;
	return attempts.every((attempt: unknown) => {
		const status = isObject(attempt) ? attempt.status_code : undefined;
		return typeof status === 'number' && (status < 200 || status >= 300);
	});
}

/** Whether two JSON values are equal. The order of fields does not matter. */
function isSame(a: unknown, b: unknown): boolean {
	if (Array.isArray(a)) {
		return (
			Array.isArray(b) &&
			a.length === b.length &&
			a.every((value, index) => isSame(value, b[index]))
		);
	}
	if (!isObject(a)) return a === b;
	if (!isObject(b)) return false;
	const names = Object.keys(a);
	return (
		names.length === Object.keys(b).length &&
		names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
	);
}
