import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { asText } from './json';

/**
 * The request with the API key and, where one is set, the organization. A request that leaves the
 * credential's own origin (a storage host, a redirect target, a user's typo) gets neither.
 *
 * @param credentials the decrypted `runflowApi` credential
 * @param request as n8n is about to send it; it is not changed
 * @see runflow-api.md section 1
 */
export function authenticateRequest(
	credentials: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
): IHttpRequestOptions {
	if (!staysAtApi(asText(credentials.baseUrl), request)) return request;

	const organizationId = asText(credentials.organizationId).trim();
	return {
		...request,
		headers: {
			...request.headers,
			Authorization: `Bearer ${asText(credentials.apiKey).trim()}`,
			...(organizationId === '' ? {} : { 'X-Organization-Id': organizationId }),
		},
	};
}

function staysAtApi(baseUrl: string, request: IHttpRequestOptions): boolean {
	try {
		return new URL(request.url, request.baseURL ?? baseUrl).origin === new URL(baseUrl).origin;
	} catch {
		return false;
	}
}
