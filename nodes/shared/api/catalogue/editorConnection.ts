import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { asText, isObject } from '../../values/json';
import { readBaseUrl } from '../authentication';
import type { Connection } from '../client';

/**
 * The connection of what the editor asks while a node is set up: to the Base URL of its credential, by its proxy and
 * with its certificate settings.
 */
export async function editorConnection(context: ILoadOptionsFunctions): Promise<Connection> {
	const { baseUrl } = await context.getCredentials('runflowApi');
	const given: unknown = context.getCurrentNodeParameter('requestOptions');
	const { proxy, allowUnauthorizedCerts } = isObject(given) ? given : {};
	const proxyOptions = readProxy(asText(proxy));
	return {
		baseURL: readBaseUrl(baseUrl),
		...(proxyOptions === undefined ? {} : { proxy: proxyOptions }),
		...(asText(allowUnauthorizedCerts).trim() === 'true'
			? { skipSslCertificateValidation: true }
			: {}),
	};
}

/** A proxy as n8n's HTTP client takes it. While the node runs, n8n reads it. */
function readProxy(address: string): Connection['proxy'] {
	if (!URL.canParse(address)) return undefined;
	const { hostname, port, protocol, username, password } = new URL(address);
	return {
		host: hostname,
		port: Number(port),
		protocol: protocol.replace(':', ''),
		...(username === ''
			? {}
			: {
					auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
				}),
	};
}
