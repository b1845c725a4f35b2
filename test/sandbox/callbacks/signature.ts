import { createHmac } from 'node:crypto';

/**
 * In: the raw bytes of a callback and a secret, whole (its `whsec_` prefix is part of the key).
 * Out: the `Runflow-Signature`, lowercase hex HMAC-SHA256.
 * @see docs/runflow-api.md, "Signature"
 */
export function signCallback(body: string | Buffer, secret: string): string {
	return createHmac('sha256', secret).update(body).digest('hex');
}
