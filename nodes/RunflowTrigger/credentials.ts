import type { ICredentialDataDecryptedObject, IWebhookFunctions } from 'n8n-workflow';

type Credentials = Promise<ICredentialDataDecryptedObject>;

/** The credentials that are being decrypted now. Each is dropped as soon as that is done. */
class CredentialReads {
	readonly #inProgress = new Map<string, Credentials>();

	/** Joins the read of that id if it is in progress. */
	async join(id: string, read: () => Credentials): Credentials {
		const shared = this.#inProgress.get(id);
		if (shared !== undefined) return await shared;
		const own = read().finally(() => this.#inProgress.delete(id));
		this.#inProgress.set(id, own);
		return await own;
	}
}

const reads = new CredentialReads();

/**
 * The trigger's credential. Requests that come while it is being decrypted share the result: decrypting is the most
 * expensive part of a request, and callbacks of many runs come at once. Nothing is kept after that, so a secret that
 * the user removes is not accepted by the next request.
 * @param key the same for all requests to that trigger, and different for any other trigger
 * @see docs/n8n-engine.md, "Fetching a credential is expensive"
 */
export async function readCredentials(
	context: Pick<IWebhookFunctions, 'getCredentials' | 'getNode'>,
	key: string,
): Credentials {
	const id = `${key} ${context.getNode().credentials?.runflowApi?.id ?? ''}`;
	return await reads.join(id, async () => await context.getCredentials('runflowApi'));
}
