import { sleep } from 'n8n-workflow';

import { noteStart, type DeliveryLog, type Pending } from './deliveryLog';

/**
 * How long a start stays pending at most, in milliseconds. Fetching and a full queue of n8n take less: if a start were
 * given up too early, the delivery would be started twice.
 */
export const PENDING_LIFETIME = 60 * 60_000;

/**
 * Records that a start is being made.
 * @param response the response to the request that makes it
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

/** The start that is being made for this delivery now, if there is one. */
export function pendingStart(deliveryLog: DeliveryLog, digest: string): Pending | undefined {
	const pending = deliveryLog.pending.get(digest);
	return pending === undefined || isOver(deliveryLog, pending) ? undefined : pending;
}

/** Records that n8n has created the execution. */
export function confirmStart(deliveryLog: DeliveryLog, pending: Pending): void {
	if (pending.outcome === 'started') return;
	noteStart(deliveryLog, pending.digest);
	end(deliveryLog, pending, 'started');
}

/** Records how a start has failed, and lets the next copy of the delivery try. */
export function failStart(
	deliveryLog: DeliveryLog,
	pending: Pending,
	how: 'unfetched' | 'failed',
): void {
	if (pending.outcome === 'open') end(deliveryLog, pending, how);
}

/** How often a waiting copy checks, in milliseconds. n8n reports nothing if it fails after the sender has left. */
const LOOK_EVERY = 50;

/**
 * Waits for the outcome of a start.
 * @param limit how long to wait at most, in milliseconds
 * @returns `open` if the start is not over by then
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

/** Whether a start is over. n8n does not report its failures, so this checks for them. */
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

/** Drops failed starts without a further copy, the oldest first, up to the first open one. */
function forgetOver(deliveryLog: DeliveryLog): void {
	for (const pending of deliveryLog.pending.values()) {
		if (!isOver(deliveryLog, pending)) return;
	}
}
