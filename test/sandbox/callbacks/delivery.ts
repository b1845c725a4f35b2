import { createHash, randomUUID } from 'node:crypto';

import { isTerminal, type SandboxRun } from '../runs/run';
import { later, type SandboxState } from '../state';
import { callbackBody } from './body';
import { postOnce, type PostResult } from './post';
import { isDelivered, nextDelayMs } from './retry';
import { signCallback } from './signature';

/** One try to deliver. */
export interface Attempt {
	readonly id: string;
	readonly number: number;
	readonly atMs: number;
	readonly result: PostResult;
}

/** One body on its way to its receiver, with all its tries. @see docs/runflow-api.md, "Delivery history" */
export interface Delivery {
	readonly id: string;
	readonly runId: string;
	readonly url: string;
	/** Frozen: every attempt sends these very bytes. */
	readonly body: Buffer;
	/** Pinned: later attempts sign with it even when another one has become current. */
	readonly secret: string | null;
	readonly isAutomatic: boolean;
	readonly maxAttempts: number;
	readonly createdAtMs: number;
	readonly attempts: Attempt[];
	status: 'pending' | 'delivered' | 'failed';
	updatedAtMs: number;
	nextAttemptAtMs: number | null;
	completedAtMs: number | null;
}

/**
 * In: a run that has just ended. Sends its callback, if it wants one, as many times as switched on.
 * @see docs/runflow-api.md, "Callback body"
 */
export function startDeliveries(state: SandboxState, run: SandboxRun, nowMs: number): void {
	const body = freezeBody(state, run, nowMs);
	if (body === null) return;
	for (let copy = 0; copy < state.switches.callbackCopies; copy += 1) {
		startDelivery(state, run, body, true, nowMs);
	}
}

/**
 * In: a run that is over and has a callback_url. Out: a new delivery, its body built from the run as it is now; null
 * when the run wants none or is not over.
 * @see docs/runflow-api.md, "Callback redelivery"
 */
export function redeliver(state: SandboxState, run: SandboxRun, nowMs: number): Delivery | null {
	const body = freezeBody(state, run, nowMs);
	return body === null ? null : startDelivery(state, run, body, false, nowMs);
}

/**
 * In: a secret. Out: an id that names it without giving it away.
 * @see docs/runflow-api.md, "Signing secrets"
 */
export function secretId(secret: string): string {
	return createHash('sha256').update(secret).digest('hex').slice(0, 12);
}

function freezeBody(state: SandboxState, run: SandboxRun, nowMs: number): Buffer | null {
	if (run.callbackUrl === null || !isTerminal(run.status)) return null;
	return Buffer.from(JSON.stringify(callbackBody(state, run, run.status, nowMs)));
}

function startDelivery(
	state: SandboxState,
	run: SandboxRun,
	body: Buffer,
	isAutomatic: boolean,
	nowMs: number,
): Delivery {
	const { callbackSecrets, callbackSignature, callbackRetryDelaysMs } = state.switches;
	const current = callbackSecrets.find((secret) => secret.isCurrent);
	const delivery: Delivery = {
		id: randomUUID(),
		runId: run.id,
		url: run.callbackUrl ?? '',
		body,
		secret: callbackSignature === 'sent' ? (current?.secret ?? null) : null,
		isAutomatic,
		maxAttempts: callbackRetryDelaysMs.length + 1,
		createdAtMs: nowMs,
		attempts: [],
		status: 'pending',
		updatedAtMs: nowMs,
		nextAttemptAtMs: nowMs,
		completedAtMs: null,
	};
	state.deliveries.push(delivery);
	void attempt(state, delivery);
	return delivery;
}

async function attempt(state: SandboxState, delivery: Delivery): Promise<void> {
	if (state.isClosed) return;
	const { callbackTimeoutMs, callbackHosts } = state.switches;
	const atMs = Date.now();
	const result = await postOnce(
		{
			url: delivery.url,
			headers: callbackHeaders(delivery),
			body: delivery.body,
			timeoutMs: callbackTimeoutMs,
			hosts: callbackHosts,
		},
		state.outgoing,
	);
	if (!state.deliveries.includes(delivery)) return;
	delivery.attempts.push({ id: randomUUID(), number: delivery.attempts.length + 1, atMs, result });
	settle(state, delivery, result, Date.now());
}

/** @see docs/runflow-api.md, "Callback headers" */
function callbackHeaders(delivery: Delivery): Readonly<Record<string, string>> {
	return {
		'content-type': 'application/json',
		'Runflow-Request-Id': randomUUID(),
		...(delivery.secret === null
			? {}
			: { 'Runflow-Signature': signCallback(delivery.body, delivery.secret) }),
	};
}

function settle(state: SandboxState, delivery: Delivery, result: PostResult, nowMs: number): void {
	const { callbackRetryPolicy, callbackRetryDelaysMs } = state.switches;
	const delayMs = isDelivered(result)
		? null
		: nextDelayMs(callbackRetryPolicy, callbackRetryDelaysMs, delivery.attempts.length, result);
	delivery.updatedAtMs = nowMs;
	if (delayMs === null) {
		delivery.status = isDelivered(result) ? 'delivered' : 'failed';
		delivery.nextAttemptAtMs = null;
		delivery.completedAtMs = nowMs;
		return;
	}
	delivery.nextAttemptAtMs = nowMs + delayMs;
	later(state, delayMs, () => void attempt(state, delivery));
}
