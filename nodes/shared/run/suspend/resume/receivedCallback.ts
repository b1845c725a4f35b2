import type { IWebhookFunctions } from 'n8n-workflow';

import type { Connection } from '../../../api/client';
import { isTerminal, readRunStatus } from '../../../api/run';
import { readCallbackRunId } from '../../../webhook/callback';
import { callbackAddress } from '../../../webhook/callbackAddress';
import type { Refusal } from '../../../webhook/respond';
import { verify } from '../../../webhook/verify';
import { isSuspensionId, suspensionOf, type Suspension } from '../suspension';
import { readTransportOptions } from './transportOptions';

/** A callback about a run, accepted for a suspended execution. */
export interface ReceivedCallback {
	suspension: Suspension;
	connection: Connection;
	runId: string;
	/** When it came (ms since 1970). n8n loaded its copy of the execution at this time. */
	cameAt: number;
	/** Whether the callback says that its run has ended. */
	saysEnded: boolean;
	/** Whether it is signed. */
	isVerified: boolean;
}

/** A request from this node that asks whether the execution still waits in this suspension. */
export interface Probe {
	probedSuspension: string;
	suspension: Suspension;
}

/** Verifies a request to a suspended execution, and reads its contents. */
export async function readReceived(
	context: IWebhookFunctions,
): Promise<ReceivedCallback | Probe | { refuse: Refusal }> {
	const cameAt = Date.now();
	const verified = await verify(context, {
		// Without a secret, the only protection is the execution's signed address, which n8n has checked.
		acceptUnsigned: true,
		readCredentials: async () => await context.getCredentials('runflowApi'),
	});
	if ('refuse' in verified) return verified;
	const { callback, isVerified, baseUrl } = verified;
	const suspension = suspensionOf(context);
	if (suspension === undefined) {
		return { refuse: { status: 409, reason: 'This execution is not waiting' } };
	}
	const runId = readCallbackRunId(callback) ?? '';
	if (isSuspensionId(runId)) return { probedSuspension: runId, suspension };
	return {
		suspension,
		cameAt,
		connection: { ...readTransportOptions(context), baseURL: baseUrl },
		runId,
		saysEnded: isTerminal(readRunStatus(callback)),
		isVerified,
	};
}

/** The address at which this execution is called back. */
export function ownAddress(context: IWebhookFunctions): string {
	return callbackAddress(context.evaluateExpression('{{ $execution.resumeUrl }}'));
}
