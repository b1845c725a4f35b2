import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { asText } from '../values/json';

/** A request as n8n's helpers make it: `url`, or `uri` where the HTTP Request node sends it. */
export type AnyRequest = Partial<IHttpRequestOptions> & { uri?: unknown };

/**
 * The request with the API key and, where one is set, the organization. A request that leaves the
 * credential's own origin (a storage host, a user's typo) gets neither, and a redirect takes neither
 * along to another origin.
 *
 * @param credentials the decrypted `runflowApi` credential
 * @param request as n8n is about to send it; it is not changed
 * @see docs/runflow-api.md, "Authentication"
 */
export function authenticateRequest<T extends AnyRequest>(
	credentials: ICredentialDataDecryptedObject,
	request: T,
): T & Pick<IHttpRequestOptions, 'headers'> {
	if (!staysAtApi(asText(credentials.baseUrl).trim(), request)) return request;

	const organizationId = asText(credentials.organizationId).trim();
	return {
		...request,
		headers: {
			...request.headers,
			Authorization: `Bearer ${asText(credentials.apiKey).trim()}`,
			...(organizationId === '' ? {} : { 'X-Organization-Id': organizationId }),
		},
		sendCredentialsOnCrossOriginRedirect: false,
	};
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
