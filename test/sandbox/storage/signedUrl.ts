import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const EXPIRES = 'X-Amz-Expires';
const NONCE = 'X-Amz-Nonce';
const SIGNATURE = 'X-Amz-Signature';

export type SignedMethod = 'GET' | 'PUT';

/**
 * In: signing key, host, method, path and until when. Out: a URL that opens that path for that method until then.
 * No two are the same, so that a test can see a new signature at each read.
 * @see docs/runflow-api.md, "Output links" and "Asset record"
 */
export function signUrl(
	key: string,
	base: string,
	method: SignedMethod,
	path: string,
	expiresAtMs: number,
): string {
	const expires = String(expiresAtMs);
	const nonce = randomBytes(8).toString('hex');
	const query = new URLSearchParams({
		[EXPIRES]: expires,
		[NONCE]: nonce,
		[SIGNATURE]: signature(key, method, path, expires, nonce),
	});
	return `${base}${path}?${query.toString()}`;
}

/**
 * In: signing key, the method and path called, the query and the time. Out: whether the URL opens that path now.
 * @see docs/runflow-api.md, "Upload"
 */
export function checkSignedUrl(
	key: string,
	method: SignedMethod,
	path: string,
	query: URLSearchParams,
	nowMs: number,
): 'open' | 'expired' | 'unsigned' {
	const expires = query.get(EXPIRES) ?? '';
	const given = Buffer.from(query.get(SIGNATURE) ?? '');
	const wanted = Buffer.from(signature(key, method, path, expires, query.get(NONCE) ?? ''));
	if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return 'unsigned';
	return nowMs < Number(expires) ? 'open' : 'expired';
}

function signature(
	key: string,
	method: SignedMethod,
	path: string,
	expires: string,
	nonce: string,
): string {
	return createHmac('sha256', key).update([method, path, expires, nonce].join('\n')).digest('hex');
}
