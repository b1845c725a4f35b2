import { createHmac, timingSafeEqual } from 'node:crypto';

import { asText } from '../values/json';

/** The header with Runflow's signature, in lower case as Node.js gives header names. */
export const SIGNATURE_HEADER = 'runflow-signature';

const SIGNATURE_FORM = /^[0-9a-f]{64}$/;

/**
 * Whether a header's value has the form of a signature: exactly 64 lower-case hex digits. A header that was sent twice
 * has not, however Node.js joins the two.
 * @see docs/runflow-api.md, "Signature"
 */
export function isSignatureForm(header: unknown): header is string {
	return typeof header === 'string' && SIGNATURE_FORM.test(header);
}

/**
 * The callback signing secrets of a credential. There are several while they are rotated, separated by commas or line
 * breaks. The prefix `whsec_` is part of a secret.
 * @param field the credential's field, as the user filled it in
 * @see docs/runflow-api.md, "Signing secrets"; docs/readings.md, row 19
 */
export function readSecrets(field: unknown): string[] {
	return asText(field)
		.split(/[\s,]/)
		.filter((secret) => secret !== '');
}

/**
 * The `Runflow-Signature` of a callback: lower-case hex HMAC-SHA256 over the raw bytes of its body.
 * @see docs/runflow-api.md, "Signature"
 */
export function signatureOf(rawBody: Uint8Array, secret: string): string {
	return createHmac('sha256', secret).update(rawBody).digest('hex');
}

/**
 * Whether these bytes were signed with one of the secrets. The time it takes reveals nothing about the secrets.
 * @param rawBody the body as received; parsing and serializing it would change it
 * @param signature the header's value, in the form that {@link isSignatureForm} requires
 */
export function isSignedByAny(
	rawBody: Uint8Array,
	signature: string,
	secrets: readonly string[],
): boolean {
	const given = Buffer.from(signature);
	return secrets.reduce((signed, secret) => {
		const expected = Buffer.from(signatureOf(rawBody, secret));
		return (given.length === expected.length && timingSafeEqual(given, expected)) || signed;
	}, false);
}
