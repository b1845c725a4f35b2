import type { ICredentialDataDecryptedObject, IWebhookFunctions } from 'n8n-workflow';

const underWay = new Map<string, Promise<ICredentialDataDecryptedObject>>();

/**
 * The trigger's credential. Requests that come while it is being decrypted share the result: decrypting
 * is the dearest thing that they do, and callbacks of many runs come at once. Nothing is kept beyond that, so
 * that a secret that was taken away is gone with the next request.
 * @param key the same for all requests to that trigger, and for no other's
 * @see docs/n8n-engine.md, "Fetching a credential is expensive"
 */
export async function readCredentials(
	context: Pick<IWebhookFunctions, 'getCredentials' | 'getNode'>,
	key: string,
): Promise<ICredentialDataDecryptedObject> {
	const id = `${key} ${context.getNode().credentials?.runflowApi?.id ?? ''}`;
	const shared = underWay.get(id);
	if (shared !== undefined) return await shared;
	const own = context.getCredentials('runflowApi').finally(() => underWay.delete(id));
	underWay.set(id, own);
	return await own;
}
