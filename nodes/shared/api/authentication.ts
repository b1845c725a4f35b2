import {
	UserError,
	type ICredentialDataDecryptedObject,
	type IHttpRequestOptions,
} from 'n8n-workflow';

import { asText } from '../values/json';
import { trimText } from '../values/text';
import { BAD_CREDENTIAL } from './result/networkError';

/** A request as n8n's helpers make it: `url`, or `uri` where the HTTP Request node sends it. */
export type AnyRequest = Partial<IHttpRequestOptions> & { uri?: unknown };

/**
 * The request with the API key and, where one is set, the organization. A request that leaves the
 * credential's own origin (a storage host, a user's typo) gets neither, and a redirect takes neither
 * along to another origin.
 *
 * @param credentials the decrypted `runflowApi` credential
 * @param request as n8n is about to send it; it is not changed
 * @throws UserError with the code BAD_CREDENTIAL if the key or the organization cannot be sent in a header
 * @see docs/runflow-api.md, "Authentication"
 */
export function authenticateRequest<T extends AnyRequest>(
	credentials: ICredentialDataDecryptedObject,
	request: T,
): T & Pick<IHttpRequestOptions, 'headers'> {
	if (!staysAtApi(readBaseUrl(credentials.baseUrl), request)) return request;

	const apiKey = headerValue(readApiKey(credentials.apiKey), 'API Key');
	if (apiKey === '') throw badCredential('The API Key in the Runflow API credential is empty');
	const organizationId = headerValue(cleaned(credentials.organizationId), 'Organization ID');
	return {
		...request,
		headers: {
			...request.headers,
			Authorization: `Bearer ${apiKey}`,
			...(organizationId === '' ? {} : { 'X-Organization-Id': organizationId }),
		},
		sendCredentialsOnCrossOriginRedirect: false,
	};
}

/**
 * The key in what the user has pasted: without white space and quotes around it, without invisible characters, and without
 * the beginning of its header.
 */
export function readApiKey(pasted: unknown): string {
	return cleaned(cleaned(pasted).replace(/^(?:authorization\s*:\s*)?(?:bearer(?:\s+|$))?/i, ''));
}

/** The address of the API in what the user has entered: without white space and invisible characters around it. */
export function readBaseUrl(entered: unknown): string {
	return trimText(asText(entered));
}

const QUOTES = /^["'`“”‘’]+|["'`“”‘’]+$/g;

function cleaned(pasted: unknown): string {
	return asText(pasted)
		.replace(/\p{Cf}/gu, '')
		.trim()
		.replace(QUOTES, '')
		.trim();
}

/** Node refuses some of the other characters, and sends some of them as other ones. */
function headerValue(value: string, field: string): string {
	const characters = Array.from(value);
	const at = characters.findIndex((character) => !/^[!-~]$/.test(character));
	if (at === -1) return value;
	const bad = /\s/.test(characters[at] ?? '') ? 'a space' : `"${characters[at]}"`;
	throw badCredential(
		`The ${field} in the Runflow API credential has ${bad} in it, at position ${at + 1}. Copy it again from Runflow`,
	);
}

function badCredential(message: string): UserError {
	return Object.assign(new UserError(message), { code: BAD_CREDENTIAL });
}

function staysAtApi(baseUrl: string, { url, uri, baseURL }: AnyRequest): boolean {
	const target: unknown = url ?? uri;
	if (typeof target !== 'string') return false;
	try {
		// `https:/host` is a path to some HTTP clients, and a host to others: either has to be the API's.
		const api = new URL(baseUrl).origin;
		const to = [new URL(target, baseURL ?? baseUrl)];
		if (URL.canParse(target)) to.push(new URL(target));
		return to.every(({ origin }) => origin === api);
	} catch {
		return false;
	}
}
