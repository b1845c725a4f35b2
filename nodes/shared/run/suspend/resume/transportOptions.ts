import type { IHttpRequestOptions, IWebhookFunctions } from 'n8n-workflow';

import { isInvalid, type ReadParameter } from '../../../validation/result';
import { flag } from '../../../validation/rules';
import { asText } from '../../../values/json';
import type { Connection } from '../../../api/client';

/**
 * The proxy and certificate settings of the node, as n8n reads them when the node runs. They are read again for each
 * callback, since a proxy's password must not be stored with the execution.
 */
export function readTransportOptions(context: IWebhookFunctions): Omit<Connection, 'baseURL'> {
	const read: ReadParameter = (name) => {
		try {
			return context.getNodeParameter(`requestOptions.${name}`, '');
		} catch {
			// An expression that needs an item, which a webhook does not have.
			return '';
		}
	};
	return {
		...readProxy(asText(read('proxy'))),
		...(ignoresSslIssues(read('allowUnauthorizedCerts')) && { skipSslCertificateValidation: true }),
	};
}

/** Uses the rule with which the node has read it. */
function ignoresSslIssues(value: unknown): boolean {
	const result = flag(value, () => undefined);
	return !isInvalid(result) && result.accepted === true;
}

/** `URL` leaves out the default port. */
const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };

function readProxy(address: string): Pick<IHttpRequestOptions, 'proxy'> {
	if (!URL.canParse(address)) return {};
	const { hostname, port, protocol, username, password } = new URL(address);
	return {
		proxy: {
			host: hostname,
			port: port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port),
			protocol: protocol.replace(/:$/, ''),
			...(username === ''
				? {}
				: {
						auth: {
							username: decodeURIComponent(username),
							password: decodeURIComponent(password),
						},
					}),
		},
	};
}
