import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { FaultPlan } from '../faults';
import type { Answer } from './answer';

/** Runs something later, and not at all once the sandbox is closed or reset. */
export type Later = (delayMs: number, action: () => void) => void;

/**
 * In: an open response and the answer. Out: when all of it is sent, or the client has gone.
 */
export async function sendWhole(
	response: ServerResponse,
	answer: Answer,
	headOnly: boolean,
): Promise<void> {
	writeHead(response, answer);
	if (headOnly || answer.body.length === 0) {
		response.end();
		return;
	}
	await pipeline(Readable.from(answer.body.slice(0, answer.body.length)), response).catch(
		() => undefined,
	);
}

/**
 * In: an open response, the answer, and how long to take in how many pieces. Sends it in equal drips. The timers go
 * with the sandbox.
 */
export function sendDripping(
	response: ServerResponse,
	answer: Answer,
	{ overMs, drips }: Pick<FaultPlan, 'overMs' | 'drips'>,
	later: Later,
): void {
	writeHead(response, answer);
	const size = Math.max(1, Math.ceil(answer.body.length / drips));
	const drip = (start: number): void => {
		if (response.destroyed) return;
		const end = Math.min(start + size, answer.body.length);
		for (const chunk of answer.body.slice(start, end)) response.write(chunk);
		if (end >= answer.body.length) response.end();
		else
			later(overMs / drips, () => {
				drip(end);
			});
	};
	drip(0);
}

/**
 * In: an open response and the answer. Promises the whole body, sends half of it and closes the connection.
 */
export async function sendCut(response: ServerResponse, answer: Answer): Promise<void> {
	writeHead(response, answer);
	for (const chunk of answer.body.slice(0, Math.floor(answer.body.length / 2))) {
		// One after the other, so that all of the half is out before the connection goes.
		await new Promise((resolve) => response.write(chunk, resolve));
	}
	response.destroy();
}

/**
 * In: an open response. Resets its connection, as a crashing server or proxy does.
 */
export function resetConnection(response: ServerResponse): void {
	response.socket?.resetAndDestroy();
}

function writeHead(response: ServerResponse, answer: Answer): void {
	const headers: Record<string, string | number> = { 'content-length': answer.body.length };
	for (const [name, value] of Object.entries(answer.headers)) headers[name.toLowerCase()] = value;
	response.writeHead(answer.status, headers);
}
