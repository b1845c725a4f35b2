import { sleep } from 'n8n-workflow';

import { noteStart, type DeliveryLog, type Pending } from './deliveryLog';

/**
 * How long a start is waited for in the end, in milliseconds. Longer than fetching and a full queue of n8n's take:
 * a delivery that is given up too early would be started twice.
 */
export const PENDING_LIFETIME = 60 * 60_000;

/**
 * Notes that a start is being made.
 * @param response of the request that makes it
 */
export function openStart(
	deliveryLog: DeliveryLog,
	digest: string,
	response: Pending['response'],
): Pending {
	forgetOver(deliveryLog);
	const pending: Pending = { digest, since: Date.now(), outcome: 'open', response };
	deliveryLog.pending.set(digest, pending);
	return pending;
}

/** The start of that delivery that is being made now, if there is one. */
export function pendingStart(deliveryLog: DeliveryLog, digest: string): Pending | undefined {
	const pending = deliveryLog.pending.get(digest);
	return pending === undefined || isOver(deliveryLog, pending) ? undefined : pending;
}

/** Notes that n8n has made the execution. */
export function confirmStart(deliveryLog: DeliveryLog, pending: Pending): void {
	if (pending.outcome === 'started') return;
	noteStart(deliveryLog, pending.digest);
	end(deliveryLog, pending, 'started');
}

/** Notes how a start has failed, and lets the next copy of the delivery try. */
export function failStart(
	deliveryLog: DeliveryLog,
	pending: Pending,
	how: 'unfetched' | 'failed',
): void {
	if (pending.outcome === 'open') end(deliveryLog, pending, how);
}

/** How often a waiting copy looks, in milliseconds: n8n says nothing when it fails after the sender has left. */
const LOOK_EVERY = 50;

/**
 * Waits for what becomes of a start.
 * @param limit how long at the most, in milliseconds
 * @returns `open` where it is not over by then
 */
export async function outcomeOf(
	deliveryLog: DeliveryLog,
	pending: Pending,
	limit: number,
): Promise<Pending['outcome']> {
	const until = Date.now() + limit;
	while (!isOver(deliveryLog, pending) && Date.now() < until) await sleep(LOOK_EVERY);
	return pending.outcome;
}

/** Whether a start is over: nobody tells of a failure of n8n's, so it is looked for. */
function isOver(deliveryLog: DeliveryLog, pending: Pending): boolean {
	const { response, since } = pending;
	if (response.statusCode >= 400 || Date.now() - since > PENDING_LIFETIME) {
		failStart(deliveryLog, pending, 'failed');
	}
	return pending.outcome !== 'open';
}

function end(deliveryLog: DeliveryLog, pending: Pending, outcome: Pending['outcome']): void {
	pending.outcome = outcome;
	if (deliveryLog.pending.get(pending.digest) === pending)
		deliveryLog.pending.delete(pending.digest);
}

/** Drops starts that failed and that no copy came for. The oldest stand first; it stops at one that is open. */
function forgetOver(deliveryLog: DeliveryLog): void {
	for (const pending of deliveryLog.pending.values()) {
		if (!isOver(deliveryLog, pending)) return;
	}
}
