import { isNeverSent, readNetworkError } from '../../../../../nodes/shared/api/result/networkError';

it.each([
	['ECONNREFUSED', true],
	['ENOTFOUND', true],
	['EAI_AGAIN', true],
	['EAI_FAIL', true],
	['CERT_HAS_EXPIRED', true],
	['CERT_REVOKED', true],
	['DEPTH_ZERO_SELF_SIGNED_CERT', true],
	['SELF_SIGNED_CERT_IN_CHAIN', true],
	['CERT_NOT_YET_VALID', true],
	['UNABLE_TO_GET_ISSUER_CERT', true],
	['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', true],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true],
	['ERR_TLS_CERT_ALTNAME_INVALID', true],
	['ERR_INVALID_CHAR', true],
	['ERR_INVALID_URL', true],
	['ERR_INVALID_PROTOCOL', true],
	['ERR_SSL_WRONG_VERSION_NUMBER', true],
	['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', true],
	['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', true],
	['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', true],
	['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', true],
	// These may break a connection after the request was sent.
	['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', false],
	['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', false],
	['ERR_SSL_UNEXPECTED_EOF_WHILE_READING', false],
	['EPROTO', false],
	['EHOSTUNREACH', false],
	['ENETUNREACH', false],
	['ECONNRESET', false],
	['ETIMEDOUT', false],
	['ECONNABORTED', false],
	['EPIPE', false],
	['', false],
])('%s alone means that nothing was sent: %s', (code, expected) => {
	expect(isNeverSent(code)).toBe(expected);
});

const at = (syscall: string, code: string) => ({
	code,
	syscall,
	message: `${syscall} ${code} 10.0.0.1:443`,
});
const wrapped = (cause: unknown) => ({
	httpCode: (cause as { code: string }).code,
	cause: { cause },
});

it.each<[string, unknown, string, boolean]>([
	...['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ETIMEDOUT', 'EACCES'].flatMap(
		(code): [string, unknown, string, boolean][] => [
			[`${code} at connect`, wrapped(at('connect', code)), code, true],
			[`${code} at read`, wrapped(at('read', code)), code, false],
		],
	),
	['no host', wrapped(at('getaddrinfo', 'ENODATA')), 'ENODATA', true],
	[
		'a message alone',
		{ code: 'EHOSTUNREACH', message: 'connect EHOSTUNREACH ::1' },
		'EHOSTUNREACH',
		true,
	],
	['a handshake', wrapped({ ...at('write', 'EPROTO') }), 'EPROTO', true],
	['TLS that breaks', wrapped(at('read', 'EPROTO')), 'EPROTO', false],
	['a reset', wrapped(at('read', 'ECONNRESET')), 'ECONNRESET', false],
	[
		'a reset in the handshake',
		{
			code: 'ECONNRESET',
			message: 'Client network socket disconnected before secure TLS connection was established',
		},
		'ECONNRESET',
		true,
	],
	[
		'all addresses of a host',
		{ code: 'ETIMEDOUT', errors: [at('connect', 'ETIMEDOUT'), at('connect', 'ENETUNREACH')] },
		'ETIMEDOUT',
		true,
	],
	[
		'not all of them',
		{ code: 'EPIPE', errors: [at('connect', 'EPIPE'), at('read', 'EPIPE')] },
		'EPIPE',
		false,
	],
	['no list of errors', { code: 'ECONNRESET', errors: [] }, 'ECONNRESET', false],
	[
		'another scheme',
		{ code: 'ERR_BAD_REQUEST', message: 'Unsupported protocol ftp:' },
		'ERR_INVALID_URL',
		true,
	],
	[
		'n8n’s own check of the address',
		{ cause: { message: 'Invalid URL: nonsense' } },
		'ERR_INVALID_URL',
		true,
	],
	[
		'the domains of the credential',
		{ message: 'Domain not allowed: This credential is restricted' },
		'DOMAIN_NOT_ALLOWED',
		true,
	],
	[
		'what n8n 1 keeps of an error',
		{ httpCode: 'EHOSTUNREACH', messages: ['connect EHOSTUNREACH 10.0.0.1:443'] },
		'EHOSTUNREACH',
		true,
	],
	[
		'what n8n 1 keeps of a handshake',
		{ httpCode: 'EPROTO', messages: ['write EPROTO 80'] },
		'EPROTO',
		true,
	],
	['an endless chain', endless(), '', false],
])('reads %s', (_what, thrown, code, neverSent) => {
	expect(readNetworkError(thrown)).toEqual({ code, neverSent });
});

function endless(): unknown {
	const error: { cause?: unknown } = {};
	error.cause = error;
	return error;
}

it.each([
	[{ name: 'SsrfBlockedIpError', ip: '10.0.0.1' }, '10.0.0.1'],
	[{ name: 'SsrfBlockedIpError', ip: '10.0.0.1', hostname: 'api.local' }, 'api.local'],
	[{ name: 'SsrfBlockedHostnameError', hostname: 'api.local' }, 'api.local'],
])('knows what n8n blocks', (cause, detail) => {
	expect(readNetworkError({ cause: { cause } })).toEqual({
		code: 'BLOCKED_BY_N8N',
		neverSent: true,
		detail,
	});
});

it('knows what is wrong with the credential', () => {
	const message = 'The API Key in the Runflow API credential is empty';
	const known = { code: 'BAD_RUNFLOW_CREDENTIAL', neverSent: true, detail: message };
	expect(readNetworkError({ cause: { code: known.code, message } })).toEqual(known);
	// As n8n 1 wraps it.
	expect(readNetworkError({ httpCode: known.code, messages: ['x', message] })).toEqual(known);
});
