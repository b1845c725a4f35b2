import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';

import { isEmpty } from '../shared/validation/result';
import { log } from '../shared/webhook/respond';
import { readSecrets } from '../shared/webhook/signature';
import { dropDeliveryLog } from './deduplication/deliveryLog';
import { findUnreadableLiteral, readAcceptUnsigned } from './settings';
import { triggerKey } from './deduplication/triggerKey';

/**
 * n8n itself registers the URL. This only refuses to listen if no callback could be accepted, or if anyone could start
 * the workflow without the user's consent. When n8n registers a published workflow again (at its start), nothing is refused,
 * since n8n might unpublish the workflow. The log names the problem, and callbacks are answered with an error.
 * @throws NodeOperationError that says what to do
 */
export async function startListening(context: IHookFunctions): Promise<boolean> {
	// In each new test, a delivery of an earlier test counts as new.
	if (context.getMode() === 'manual') dropDeliveryLog(triggerKey(context));
	const problem = await findProblem(context);
	if (problem === undefined) return true;
	if (!REGISTERS_AGAIN.has(context.getActivationMode())) throw problem;
	log(context, `cannot take callbacks: ${problem.message}`);
	return true;
}

/** @see docs/n8n-engine.md, "Registering" */
const REGISTERS_AGAIN: ReadonlySet<string> = new Set(['init', 'leadershipChange']);

/** Why the trigger could accept no callback, or those of anyone. */
async function findProblem(context: IHookFunctions): Promise<NodeOperationError | undefined> {
	const node = context.getNode();
	const events: unknown = context.getNodeParameter('events', null, { rawExpressions: true });
	if (isEmpty(events) || (Array.isArray(events) && events.length === 0)) {
		return new NodeOperationError(node, 'Choose at least one entry under Events');
	}
	const unreadable = findUnreadableLiteral(context);
	if (unreadable !== undefined) {
		const { parameter, problem, advice } = unreadable;
		return new NodeOperationError(node, `${parameter} ${problem}`, { description: advice });
	}
	try {
		const { callbackSecrets } = await context.getCredentials('runflowApi');
		const isSigned = readSecrets(callbackSecrets).length > 0;
		if (isSigned || readAcceptUnsigned(context).acceptUnsigned) return undefined;
	} catch (error) {
		return new NodeOperationError(node, error instanceof Error ? error : 'unknown error');
	}
	return new NodeOperationError(
		node,
		'Fill in Callback Signing Secrets in the Runflow API credential, or switch on Accept Unsigned Callbacks',
		{
			description:
				'Without a secret, the node cannot check that a callback comes from Runflow, so it does not listen.',
		},
	);
}
