import { createHash } from 'node:crypto';

import { errorAnswer, type Answer, type Call } from '../http/answer';
import type { SandboxState } from '../state';
import type { Caller } from './caller';

/** What became of the first call with a key; its answer is null while it is under way. */
export interface StoredAnswer {
	readonly fingerprint: string;
	readonly answer: Answer | null;
}

/**
 * In: a call and what it does. Out: its answer; where idempotency is honoured and the call carries a key, a
 * repetition gets the first answer again and does nothing, another call with the same key gets 409.
 * @see docs/runflow-api.md, "Idempotency"
 */
export async function actOnce(
	state: SandboxState,
	call: Call,
	caller: Caller,
	act: () => Promise<Answer>,
): Promise<Answer> {
	const key = call.headers['idempotency-key'];
	if (key === undefined || call.method !== 'POST' || state.switches.idempotency === 'ignored')
		return await act();
	const name = `${caller.key.key}\n${caller.org.id}\n${key}`;
	const fingerprint = fingerprintOf(call);
	const stored = state.storedAnswers.get(name);
	if (stored !== undefined) return replay(stored, fingerprint);
	state.storedAnswers.set(name, { fingerprint, answer: null });
	const answer = await act();
	if (answer.status < 300) state.storedAnswers.set(name, { fingerprint, answer });
	// "replays the cached 201": a refusal did nothing, so there is nothing to protect.
	else state.storedAnswers.delete(name);
	return answer;
}

function replay({ fingerprint, answer }: StoredAnswer, wanted: string): Answer {
	if (fingerprint !== wanted) {
		return errorAnswer(409, 'CONFLICT', 'This Idempotency-Key was used with another request.');
	}
	if (answer === null)
		return errorAnswer(409, 'CONFLICT', 'A request with this Idempotency-Key is under way.');
	// Without the run id, which the request log keeps for the request that created the run.
	return { status: answer.status, headers: answer.headers, body: answer.body };
}

function fingerprintOf(call: Call): string {
	return createHash('sha256')
		.update(`${call.method} ${call.path}\n`)
		.update(call.body)
		.digest('hex');
}
