import { MAX_CALLBACK_BYTES } from '../../runflow/callback';
import { isSignatureForm, isSignedByAny } from '../../runflow/signature';
import type { Incoming } from './incoming';
import type { Refusal } from './refusal';

export const TOO_LONG: Refusal = { status: 413, reason: 'The body is longer than 1 MiB' };
export const UNREADABLE: Refusal = { status: 400, reason: 'The body could not be read' };
const MISSING: Refusal = { status: 401, reason: 'Runflow-Signature is missing' };
const MISMATCH: Refusal = { status: 401, reason: 'Runflow-Signature does not match' };

/**
 * Why a request is refused, as far as it can be told without the credential: fetching that is the dearest
 * thing that a webhook does, and anybody can send requests. (The method needs no look: n8n itself answers
 * 404 to anything but POST.)
 * @see n8n-engine.md section 4; runflow-api.md section 5, "Signature"
 */
export function refusalOfForm(
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
 * user chose; without one, only the user's explicit choice lets it in.
 * @param secrets those of the credential
 */
export function refusalOfSignature(
	rawBody: Uint8Array,
	{ signature }: Pick<Incoming, 'signature'>,
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
