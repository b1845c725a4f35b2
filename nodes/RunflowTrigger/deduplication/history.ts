import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../../shared/values/json';

/**
 * How often a workflow is due to be started for a body, by Runflow's history of deliveries: once for
 * those that Runflow made by itself, and once for each that a person asked for. (A manual redelivery of a
 * failed run can have the very bytes of the first one: nothing in them changes.) Deliveries that were
 * refused count for nothing.
 *
 * @param history the deliveries in the answer of `GET /v1/runs/{id}/callback`
 * @param rawBody the body as it came
 * @param callback the same, read
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

/** What `payload_bytes` holds is not documented; where it is not the body, the payload tells. */
function carries(
	{ payload_bytes: bytes, payload }: IDataObject,
	body: string,
	callback: IDataObject,
): boolean {
	if (typeof bytes === 'string' && bytes.startsWith('{')) return bytes === body;
	return isSame(payload, callback);
}

/**
 * Whether a delivery is over and every attempt of it was refused. An attempt without a status may have started the
 * workflow: Runflow has not waited for the answer.
 */
function isLost({ completed_at: completedAt, attempts }: IDataObject): boolean {
	if (completedAt === null || completedAt === undefined || !Array.isArray(attempts)) return false;
	return attempts.every((attempt: unknown) => {
		const status = isObject(attempt) ? attempt.status_code : undefined;
		return typeof status === 'number' && (status < 200 || status >= 300);
	});
}

/** Whether two values of JSON mean the same, whatever the order of their fields. */
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
