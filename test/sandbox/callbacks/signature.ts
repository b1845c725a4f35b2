import { createHmac } from 'node:crypto';

/**
 * In: the raw bytes of a callback and a secret, whole (its `whsec_` prefix is part of the key).
 * Out: the `Runflow-Signature`, lowercase hex HMAC-SHA256.
 * Source: runflow-api.md section 5, "Signature" (G-sig).
 */
export function signCallback(body: string | Buffer, secret: string): string {
	return createHmac('sha256', secret).update(body).digest('hex');
}
