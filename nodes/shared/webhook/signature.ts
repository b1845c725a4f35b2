import { createHmac, timingSafeEqual } from 'node:crypto';

import { asText } from '../values/json';

/** The header that Runflow signs its callbacks in, as Node spells header names. */
export const SIGNATURE_HEADER = 'runflow-signature';

const SIGNATURE_FORM = /^[0-9a-f]{64}$/;

/**
 * Whether a header's value can be a signature at all: 64 lower-case hex digits and nothing else. A header
 * that came twice is none, whichever way Node joins it.
 * @see docs/runflow-api.md, "Signature"
 */
export function isSignatureForm(header: unknown): header is string {
	return typeof header === 'string' && SIGNATURE_FORM.test(header);
}

/**
 * The callback signing secrets of a credential: several stand there while they are rotated, separated by
 * commas or line breaks. The `whsec_` in front of one is part of it.
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
 * Whether one of the secrets has signed these bytes. How long it takes tells nothing of the secrets.
 * @param rawBody the body as it came; parsing it and writing it again would change it
 * @param signature as the header has it, in the form that {@link isSignatureForm} asks for
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
