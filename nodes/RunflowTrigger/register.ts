import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';

import { readSecrets } from '../shared/webhook/signature';
import { dropDeliveryLog } from './deduplication/deliveryLog';
import { readAcceptUnsigned, readEvents } from './settings';
import { triggerKey } from './deduplication/triggerKey';

/**
 * n8n itself registers the URL. This only refuses to listen if no callback could be accepted, or if anyone could start
 * the workflow without the user's consent.
 * @throws NodeOperationError that says what to do
 */
export async function startListening(context: IHookFunctions): Promise<boolean> {
	// In each new test, a delivery of an earlier test counts as new.
	if (context.getMode() === 'manual') dropDeliveryLog(triggerKey(context));
	const node = context.getNode();
	if (readEvents(context).length === 0) {
		throw new NodeOperationError(node, 'Choose at least one entry under Events');
	}
	const { callbackSecrets } = await context.getCredentials('runflowApi');
	if (!readAcceptUnsigned(context) && readSecrets(callbackSecrets).length === 0) {
		throw new NodeOperationError(
			node,
			'Fill in Callback Signing Secrets in the Runflow API credential, or switch on Accept Unsigned Callbacks',
			{
				description:
					'Without a secret the node cannot tell whether a callback comes from Runflow, so it does not listen.',
			},
		);
	}
	return true;
}
