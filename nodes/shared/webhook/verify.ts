import type { ICredentialDataDecryptedObject, IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { MAX_CALLBACK_BYTES, parseCallback } from './callback';
import { readBody, readIncoming, type Incoming } from './incoming';
import { asText } from '../values/json';
import { isSignatureForm, isSignedByAny, readSecrets } from './signature';
import type { Refusal } from './respond';

/** A callback that may be acted on. */
export interface VerifiedCallback {
	/** What it says. */
	callback: IDataObject;
	/** The same as it came. */
	rawBody: Uint8Array;
	requestId: unknown;
	/** Whether it is known to come from Runflow: without a secret, nothing can be verified. */
	isVerified: boolean;
	/** The API, as the credential has it. */
	baseUrl: string;
}

/** What a node asks of a callback. */
export interface VerificationRules {
	/** Whether it may come unsigned where the credential has no secret. */
	acceptUnsigned: boolean;
	readCredentials: () => Promise<ICredentialDataDecryptedObject>;
}

const TOO_LONG: Refusal = { status: 413, reason: 'The body is longer than 1 MiB' };
const UNREADABLE: Refusal = { status: 400, reason: 'The body could not be read' };
const NO_OBJECT: Refusal = { status: 400, reason: 'The body is not a JSON object' };
const MISSING: Refusal = { status: 401, reason: 'Runflow-Signature is missing' };
const MISMATCH: Refusal = { status: 401, reason: 'Runflow-Signature does not match' };

/**
 * Takes a callback in, or says why not; cheap questions first. It may throw where n8n itself fails.
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
	if (rawBody.length > MAX_CALLBACK_BYTES) return { refuse: TOO_LONG };

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
		baseUrl: asText(baseUrl).trim(),
	};
}

/**
 * Why a request is refused, as far as it can be told without the credential: fetching that is the dearest
 * thing that a webhook does, and anybody can send requests. (The method needs no look: n8n itself answers
 * 404 to anything but POST.)
 * @see docs/n8n-engine.md, "Fetching a credential is expensive"
 */
function refusalOfForm(
	{ length, signature }: Incoming,
	acceptUnsigned: boolean,
): Refusal | undefined {
	if (length > MAX_CALLBACK_BYTES) return TOO_LONG;
	if (signature === undefined) return acceptUnsigned ? undefined : MISSING;
	return isSignatureForm(signature)
		? undefined
		: { status: 401, reason: 'Runflow-Signature is not 64 lower-case hex digits' };
}

/**
 * Why a request in good form is refused. With a secret set it must be signed with one, whatever else the
 * user chose; without one, only what the node accepts lets it in.
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
