import { authenticateRequest } from '../../../../nodes/shared/api/authentication';

const credentials = {
	apiKey: ' rf_live_x ',
	baseUrl: 'https://api.runflow.io',
	organizationId: '',
};

it('adds the key to a request to the API without changing the request', () => {
	const request = { baseURL: 'https://api.runflow.io', url: '/v1/auth/me', headers: { a: 'b' } };
	expect(authenticateRequest(credentials, request)).toEqual({
		...request,
		headers: { a: 'b', Authorization: 'Bearer rf_live_x' },
		sendCredentialsOnCrossOriginRedirect: false,
	});
	expect(request.headers).toEqual({ a: 'b' });
});

it('adds the organization if there is one', () => {
	const request = { url: 'https://api.runflow.io/v1/runs' };
	expect(authenticateRequest({ ...credentials, organizationId: ' org ' }, request).headers).toEqual(
		{ Authorization: 'Bearer rf_live_x', 'X-Organization-Id': 'org' },
	);
});

const ELSEWHERE = [
	'https://storage.runflow.io/x.png',
	'https://api.runflow.io.evil.example/v1',
	'http://api.runflow.io/v1',
	'https://api.runflow.io:8443/v1',
	'https://api.runflow.io@evil.example/',
	'//evil.example/',
	'https:/evil.example/',
	'https:evil.example',
	'https:\\evil.example',
	'https://',
];

it.each(ELSEWHERE)('keeps the key from %s', (url) => {
	expect(authenticateRequest(credentials, { url }).headers).toBeUndefined();
});

// The HTTP Request node of n8n names its target so.
it.each(ELSEWHERE)('keeps the key from the uri %s', (uri) => {
	expect(authenticateRequest(credentials, { uri })).toEqual({ uri });
});

it('keeps the key from an address that is a path elsewhere to some', () => {
	const request = { baseURL: 'https://evil.example', url: 'https:/api.runflow.io/x' };
	expect(authenticateRequest(credentials, request)).toEqual(request);
});

it('adds the key to an uri of the API', () => {
	const { headers } = authenticateRequest(credentials, { uri: 'https://api.runflow.io/v1/runs/1' });
	expect(headers).toEqual({ Authorization: 'Bearer rf_live_x' });
});

it('keeps the key from a request without a target', () => {
	expect(authenticateRequest(credentials, {})).toEqual({});
});

describe('the key', () => {
	const keyOf = (apiKey: unknown) =>
		authenticateRequest({ ...credentials, apiKey: apiKey as string }, { url: credentials.baseUrl })
			.headers?.Authorization;

	it.each([
		'Bearer rf_live_x',
		'bearer  rf_live_x',
		'Authorization: Bearer rf_live_x',
		'"rf_live_x"',
		" 'Bearer rf_live_x' ",
		'Bearer "rf_live_x"',
		'“rf_live_x”',
		'\u200Brf_live_x\uFEFF\n',
		'rf_\u00ADlive_x',
	])('is found in %j', (apiKey) => {
		expect(keyOf(apiKey)).toBe('Bearer rf_live_x');
	});

	it('may begin as the scheme does', () => {
		expect(keyOf('bearer_x')).toBe('Bearer bearer_x');
	});

	it.each([
		['rf_live_х', 'has "х" in it, at position 9'],
		['rf live', 'has a space in it, at position 3'],
		['rf_live_x\nrf_live_y', 'has a space in it, at position 10'],
		['rf_\u0007x', 'at position 4'],
		['rf_😀', 'has "😀" in it'],
		['', 'The API Key in the Runflow API credential is empty'],
		['Bearer ', 'is empty'],
		[undefined, 'is empty'],
	])('%j is refused by name', (apiKey, words) => {
		expect(() => keyOf(apiKey)).toThrow(words);
		expect(() => keyOf(apiKey)).toThrow('API Key in the Runflow API credential');
	});

	it('is not read for a request that leaves the API', () => {
		const request = { url: 'https://storage.example/x' };
		expect(authenticateRequest({ ...credentials, apiKey: 'ж' }, request)).toEqual(request);
	});
});

it('refuses an organization that no header can hold', () => {
	const wrong = { ...credentials, organizationId: 'орг' };
	expect(() => authenticateRequest(wrong, { url: credentials.baseUrl })).toThrow(
		'The Organization ID in the Runflow API credential has "о" in it, at position 1',
	);
});
