import type { ICredentialDataDecryptedObject, IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { readBaseUrl } from '../api/authentication';
import { parseCallback } from './callback';
import { readBody, readIncoming, type Incoming } from './incoming';
import { isSignatureForm, isSignedByAny, readSecrets } from './signature';
import type { Refusal } from './respond';

/** A callback that is accepted. */
export interface VerifiedCallback {
	/** Its contents. */
	callback: IDataObject;
	/** Its body as received. */
	rawBody: Uint8Array;
	requestId: unknown;
	/** Whether it certainly comes from Runflow. Without a secret, this cannot be verified. */
	isVerified: boolean;
	/** The address of the API in the credential. */
	baseUrl: string;
}

/** What a node requires of a callback. */
export interface VerificationRules {
	/** Whether it may be unsigned if the credential has no secret. */
	acceptUnsigned: boolean;
	readCredentials: () => Promise<ICredentialDataDecryptedObject>;
}

const TOO_LONG: Refusal = {
	status: 413,
	reason: 'The body is longer than n8n accepts',
	detail: 'its limit is N8N_PAYLOAD_SIZE_MAX, 16 MiB by default',
};
const UNREADABLE: Refusal = { status: 400, reason: 'The body could not be read' };
const NO_OBJECT: Refusal = { status: 400, reason: 'The body is not a JSON object' };
const MISSING: Refusal = { status: 401, reason: 'Runflow-Signature is missing' };
const MISMATCH: Refusal = { status: 401, reason: 'Runflow-Signature does not match' };

/**
 * Accepts or refuses a callback. The cheap checks come first. It may throw if n8n itself fails.
 * @see docs/runflow-api.md, "Signature"
 */
export async function verify(
	context: IWebhookFunctions,
	{ acceptUnsigned, readCredentials }: VerificationRules,
): Promise<VerifiedCallback | { refuse: Refusal }> {
	const request: unknown = context.getRequestObject();
	const incoming = readIncoming(request);
	const inBadForm = refusalOfForm(incoming, acceptUnsigned);
	if (inBadForm !== undefined) return { refuse: inBadForm };

	const rawBody = await readBody(request);
	if (rawBody === undefined) return { refuse: UNREADABLE };
	if (rawBody === 'too long') return { refuse: TOO_LONG };

	const { callbackSecrets, baseUrl } = await readCredentials();
	const secrets = readSecrets(callbackSecrets);
	const unsigned = refusalOfSignature(rawBody, incoming, secrets, acceptUnsigned);
	if (unsigned !== undefined) return { refuse: unsigned };

	const callback = parseCallback(rawBody);
	if (callback === undefined) return { refuse: NO_OBJECT };
	return {
		callback,
		rawBody,
		requestId: incoming.requestId,
		isVerified: secrets.length > 0,
		baseUrl: readBaseUrl(baseUrl),
	};
}

/**
 * Why a request is refused, as far as this is known without the credential. Fetching the credential is the most
 * expensive part of a webhook, and anyone can send requests. (n8n itself answers 404 to any method but POST.)
 * @see docs/n8n-engine.md, "Fetching a credential is expensive"
 */
function refusalOfForm({ signature }: Incoming, acceptUnsigned: boolean): Refusal | undefined {
	if (signature === undefined) return acceptUnsigned ? undefined : MISSING;
	return isSignatureForm(signature)
		? undefined
		: { status: 401, reason: 'Runflow-Signature is not 64 lower-case hex digits' };
}

/**
 * Why a well-formed request is refused. If the credential has secrets, it must be signed with one of them, whatever the
 * node accepts. Otherwise it is accepted only if the node accepts unsigned callbacks.
 */
function refusalOfSignature(
	rawBody: Uint8Array,
	{ signature }: Incoming,
	secrets: readonly string[],
	acceptUnsigned: boolean,
): Refusal | undefined {
	if (secrets.length === 0) {
		return acceptUnsigned
			? undefined
			: { ...MISMATCH, detail: 'the Runflow API credential has no callback signing secret' };
	}
	if (!isSignatureForm(signature)) return MISSING;
	return isSignedByAny(rawBody, signature, secrets) ? undefined : MISMATCH;
}
