import type { IWebhookFunctions } from 'n8n-workflow';

import { readTransportOptions } from '../../../../../../nodes/shared/run/suspend/resume/transportOptions';

function at(parameters: Record<string, unknown>): IWebhookFunctions {
	return {
		getNodeParameter: (name: string, fallback: unknown) => {
			const value = parameters[name] ?? fallback;
			if (value instanceof Error) throw value;
			return value;
		},
	} as unknown as IWebhookFunctions;
}

it.each<[string, object]>([
	['http://proxy.example', { host: 'proxy.example', port: 80, protocol: 'http' }],
	['https://proxy.example/', { host: 'proxy.example', port: 443, protocol: 'https' }],
	['http://proxy.example:8080', { host: 'proxy.example', port: 8080, protocol: 'http' }],
	['socks5://proxy.example', { host: 'proxy.example', port: 0, protocol: 'socks5' }],
	[
		'http://me%40home:p%3Aw@proxy.example:3128',
		{
			host: 'proxy.example',
			port: 3128,
			protocol: 'http',
			auth: { username: 'me@home', password: 'p:w' },
		},
	],
])('goes by the proxy %s', (address, proxy) => {
	expect(readTransportOptions(at({ 'requestOptions.proxy': address }))).toEqual({ proxy });
});

it.each(['', 'proxy.example', 7, undefined])('goes by no proxy where it is %s', (address) => {
	expect(readTransportOptions(at({ 'requestOptions.proxy': address }))).toEqual({});
});

it('goes by none where its expression needs the item that is not there', () => {
	expect(readTransportOptions(at({ 'requestOptions.proxy': new Error('No item') }))).toEqual({});
});

it.each([
	[true, { skipSslCertificateValidation: true }],
	[false, {}],
	['true', { skipSslCertificateValidation: true }],
	['false', {}],
	['yes', {}],
])('takes any certificate only where that is %s', (value, way) => {
	expect(readTransportOptions(at({ 'requestOptions.allowUnauthorizedCerts': value }))).toEqual(way);
});
