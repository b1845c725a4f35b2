import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';

import { readSecrets } from '../shared/webhook/signature';
import { dropDeliveryLog } from './deduplication/deliveryLog';
import { readAcceptUnsigned, readEvents } from './settings';
import { triggerKey } from './deduplication/triggerKey';

/**
 * n8n registers the URL by itself; this only refuses to listen where nothing could ever get in, or anybody
 * could without the user having said so.
 * @throws NodeOperationError that says what to do
 */
export async function startListening(this: IHookFunctions): Promise<boolean> {
	// Each time that the user listens the same delivery is a new one.
	if (this.getMode() === 'manual') dropDeliveryLog(triggerKey(this));
	const node = this.getNode();
	if (readEvents(this).length === 0) {
		throw new NodeOperationError(node, 'Choose at least one entry under Events');
	}
	const { callbackSecrets } = await this.getCredentials('runflowApi');
	if (!readAcceptUnsigned(this) && readSecrets(callbackSecrets).length === 0) {
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

/**
 * Nothing is left at Runflow, which knows the URL from each run alone. What the process remembers stays: n8n says
 * the same when the live workflow stops and when the user has listened for a test event meanwhile.
 * @see n8n/dist/webhooks/test-webhooks.js, "deactivateWebhooks": the mode is 'internal' there too
 */
export async function stopListening(this: IHookFunctions): Promise<boolean> {
	return await Promise.resolve(true);
}
