import { isObject } from '../../values/json';

/** Why a request got no response. */
export interface NetworkError {
	/** Such as ECONNRESET, or one of the codes below; empty where there is none. */
	code: string;
	/** Whether the request certainly did not reach Runflow. */
	neverSent: boolean;
	/** Details: the blocked host, or the problem with the credential. */
	detail?: string;
}

/** The code of a request that n8n's own protection has stopped (N8N_SSRF_PROTECTION_ENABLED). */
export const BLOCKED = 'BLOCKED_BY_N8N';
/** The code of a request to a domain that n8n does not allow for the credential. */
export const NOT_ALLOWED = 'DOMAIN_NOT_ALLOWED';
/** The code of a credential that no request can be made with. */
export const BAD_CREDENTIAL = 'BAD_RUNFLOW_CREDENTIAL';
/** The code for an address that is none, or does not begin with https:// or http://. */
export const INVALID_URL = 'ERR_INVALID_URL';
/** The code of a request that n8n aborted because Stop was pressed. */
export const CANCELED = 'ERR_CANCELED';
/** The code of a response that did not come in time. */
export const TIMED_OUT = 'ETIMEDOUT';

/** Codes of errors that always happen before the first byte of a request is sent. */
const NEVER_SENT: ReadonlySet<string> = new Set([
	'EADDRNOTAVAIL',
	'ECONNREFUSED',
	'ENOTFOUND',
	'ERR_HTTP_INVALID_HEADER_VALUE',
	'ERR_INVALID_CHAR',
	'ERR_INVALID_HTTP_TOKEN',
	'ERR_INVALID_PROTOCOL',
	INVALID_URL,
	'ERR_SOCKET_BAD_PORT',
	'ERR_UNESCAPED_CHARACTERS',
	BAD_CREDENTIAL,
	BLOCKED,
	NOT_ALLOWED,
]);

/** Codes of certificates that are not trusted. @see docs/n8n-engine.md, "Errors without a response" */
const CERTIFICATE =
	/^(?:CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY|DECODE|DECRYPT)_|ERR_TLS_CERT_|ERROR_IN_C|(?:HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$)/;

/** Errors with which either side ends a TLS handshake. No server acts on a request before the handshake is done. */
const HANDSHAKE =
	/^ERR_SSL_.*(?:WRONG_VERSION_NUMBER|PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|UNKNOWN_PROTOCOL|NO_PROTOCOLS_AVAILABLE|NO_APPLICATION_PROTOCOL|HANDSHAKE_FAILURE|UNRECOGNIZED_NAME|UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(?:REQUIRED|EXPIRED|REVOKED|UNKNOWN|VERIFY_FAILED)|NO_CIPHERS_AVAILABLE|INSUFFICIENT_SECURITY|KEY_TOO_SMALL|LEGACY_RENEGOTIATION_DISABLED)/;

/**
 * What Node's error says of a connection that was not made. One that existed fails at `read` or `write`; but Node reports
 * EPROTO for a `write` that TLS could not begin to send, since the handshake failed while the request waited for it.
 */
const NO_CONNECTION =
	/^(?:connect|getaddrinfo) E|before secure TLS connection was established|^Proxy connection ended before/;

/** The most errors within errors that are looked at. */
const MAX_CAUSES = 8;

/**
 * Reads what n8n's helpers throw for a request without a response. n8n wraps the errors of Node and of its HTTP client;
 * the wrapped ones say what has happened.
 * @see docs/n8n-engine.md, "Errors without a response"
 */
export function readNetworkError(thrown: unknown): NetworkError {
	const causes = causesOf(thrown);
	const blocked = causes.find(({ name }) => text(name).startsWith('SsrfBlocked'));
	if (blocked !== undefined) {
		const host = text(blocked.hostname) || text(blocked.ip);
		return { code: BLOCKED, neverSent: true, ...(host === '' ? {} : { detail: host }) };
	}
	const texts = causes.flatMap(textsOf);
	const code = causes.map(codeOf).find((found) => found !== '') ?? '';
	if (code === BAD_CREDENTIAL) {
		const detail = texts.find((said) => said.includes('Runflow API credential')) ?? '';
		return { code, neverSent: true, ...(detail === '' ? {} : { detail }) };
	}
	if (texts.some((said) => said.startsWith('Domain not allowed: '))) {
		return { code: NOT_ALLOWED, neverSent: true };
	}
	if (texts.some((said) => /^Unsupported protocol |^Invalid URL\b/.test(said))) {
		return { code: INVALID_URL, neverSent: true };
	}
	const isBeforeConnection =
		causes.some(isConnecting) ||
		texts.some((said) => NO_CONNECTION.test(said)) ||
		(code === 'EPROTO' && texts.some((said) => /^write EPROTO\b/.test(said)));
	return { code, neverSent: isNeverSent(code) || isBeforeConnection };
}

/** Whether an error with this code always means that Runflow cannot have received anything. */
export function isNeverSent(code: string): boolean {
	return (
		NEVER_SENT.has(code) ||
		code.startsWith('EAI_') ||
		isCertificateError(code) ||
		HANDSHAKE.test(code)
	);
}

/** Whether the server's certificate is not trusted. */
export function isCertificateError(code: string): boolean {
	return CERTIFICATE.test(code);
}

/** Whether no encrypted connection could be established, for another reason than the certificate. */
export function isTlsError(code: string): boolean {
	return code === 'EPROTO' || code.startsWith('ERR_SSL_');
}

/** Whether only other settings help, of n8n or of the credential, and no later attempt. */
export function isSetting(code: string): boolean {
	return [BLOCKED, NOT_ALLOWED, BAD_CREDENTIAL, INVALID_URL].includes(code);
}

/** What an error may say of itself. n8n 1 keeps only the messages of the errors that it wraps. */
interface Cause {
	name?: unknown;
	message?: unknown;
	messages?: unknown;
	code?: unknown;
	httpCode?: unknown;
	syscall?: unknown;
	hostname?: unknown;
	ip?: unknown;
	cause?: unknown;
	errorResponse?: unknown;
	errors?: unknown;
}

/** The error, the one that caused it, and so on. */
function causesOf(thrown: unknown): Cause[] {
	const causes: Cause[] = [];
	for (let cause = thrown; isObject(cause) && causes.length < MAX_CAUSES;) {
		const error: Cause = cause;
		causes.push(error);
		cause = error.cause ?? error.errorResponse;
	}
	return causes;
}

function codeOf({ httpCode, code }: Cause): string {
	return [httpCode, code].map(text).find((value) => /^[A-Z][A-Z0-9_]+$/.test(value)) ?? '';
}

function textsOf({ message, messages }: Cause): string[] {
	return [message, ...(Array.isArray(messages) ? (messages as unknown[]) : [])]
		.map(text)
		.filter((said) => said !== '');
}

/** Whether an error is that of a connection that was not made, to any of the addresses of a host. */
function isConnecting({ syscall, errors }: Cause): boolean {
	if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
	return (
		Array.isArray(errors) &&
		errors.length > 0 &&
		errors.every((error) => isObject(error) && isConnecting(error))
	);
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
