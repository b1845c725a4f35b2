import {
	BAD_CREDENTIAL,
	BLOCKED,
	INVALID_URL,
	isCertificateError,
	isTlsError,
	NOT_ALLOWED,
	type NetworkError,
} from '../result/networkError';

/** What a network error means, and what to change. */
export interface NetworkErrorText {
	message: string;
	/** Empty where nothing is known that would help. */
	advice: string;
}

/** Codes of hosts whose name is not known. */
const NO_HOST = /^(?:ENOTFOUND|EAI_)/;
const TIMEOUTS: ReadonlySet<string> = new Set(['ECONNABORTED', 'ETIMEDOUT', 'ESOCKETTIMEDOUT']);

/**
 * What to say of a request to Runflow without a response.
 * @param where.hasOptions whether the user can set Request Options where the request is made: the trigger has none
 */
export function describeNetworkError(
	{ code, neverSent, detail }: NetworkError,
	{ hasOptions }: { hasOptions: boolean },
): NetworkErrorText {
	const unreachable = 'Runflow could not be reached';
	const proxy = hasOptions
		? 'the Proxy under Request Options or in the environment of n8n'
		: 'the proxy in the environment of n8n';
	if (code === BAD_CREDENTIAL) return { message: detail ?? unreachable, advice: '' };
	if (code === BLOCKED) {
		return {
			message: `n8n blocks this address${detail === undefined ? '' : ` (${detail})`}`,
			advice:
				'N8N_SSRF_PROTECTION_ENABLED is on. The administrator of n8n can allow the address with N8N_SSRF_ALLOWED_HOSTNAMES or N8N_SSRF_ALLOWED_IP_RANGES.',
		};
	}
	if (code === NOT_ALLOWED) {
		return {
			message: 'n8n blocks this address',
			advice:
				'The Runflow API credential restricts the domains that it may be used for. Allow this one there.',
		};
	}
	if (code === INVALID_URL || code === 'ERR_INVALID_PROTOCOL') {
		return {
			message: unreachable,
			advice:
				'The Base URL in the Runflow API credential is not a web address. It must start with https://, as in https://api.runflow.io.',
		};
	}
	if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
		return {
			message: `${unreachable}: its certificate is for another host`,
			advice: 'Check the Base URL in the Runflow API credential.',
		};
	}
	if (isCertificateError(code)) {
		return {
			message: `${unreachable}: its certificate is not trusted`,
			advice: adviseOnCertificate(hasOptions),
		};
	}
	if (isTlsError(code)) {
		return {
			message: `${unreachable}: no encrypted connection could be established`,
			advice: `Check that the Base URL in the Runflow API credential starts with https:// and has the right port, and check ${proxy}.`,
		};
	}
	if (TIMEOUTS.has(code) && !neverSent) {
		return {
			message: 'Runflow did not answer in time',
			advice: hasOptions
				? 'Raise Timeout (Milliseconds) under Request Options if one is set there.'
				: '',
		};
	}
	if (!neverSent) return { message: 'Runflow did not answer', advice: '' };
	const what = NO_HOST.test(code) ? 'its DNS' : 'its firewall';
	return {
		message: unreachable,
		advice: `Check the Base URL in the Runflow API credential, n8n's connection to the internet, ${what}, and ${proxy}.`,
	};
}

/**
 * What to change where a certificate is not trusted.
 * @param hasOptions whether the user can set Request Options where the request is made
 */
export function adviseOnCertificate(hasOptions: boolean): string {
	const trust =
		'If your own proxy or server uses this certificate, let n8n trust it: set NODE_EXTRA_CA_CERTS to the certificate file of its authority';
	return hasOptions
		? `${trust}, or switch on Ignore SSL Issues (Insecure) under Request Options in the Settings of the node.`
		: `${trust}, and restart n8n.`;
}
