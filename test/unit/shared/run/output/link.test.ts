import { problemOfLink } from '../../../../../nodes/shared/run/output/link';

const API = 'https://api.runflow.io';
const NO_ADDRESS = 'its link is not a web address';
const PRIVATE = 'its link leads into a private network';

it.each([
	['https://files.example/a', API, undefined],
	['http://files.example/a', API, undefined],
	['HTTPS://files.example/a', API, undefined],
	['https://files.example/a', API, 'https://elsewhere.example/'],
	['http://files.example/a', API, 'http://elsewhere.example/'],
	['http://127.0.0.1/a', 'http://localhost:8080', undefined],
	[`https://files.example/${'x'.repeat(8192 - 22)}`, API, undefined],
])('follows %.60s, of %s, from %s', (link, apiUrl, from) => {
	expect(problemOfLink(link, apiUrl, from)).toBeUndefined();
});

it.each<[string, string, string | undefined, string]>([
	[
		`https://files.example/${'x'.repeat(8193 - 22)}`,
		API,
		undefined,
		'its link is longer than 8192 characters',
	],
	['ftp://files.example/a', API, undefined, NO_ADDRESS],
	[' https://files.example/a', API, undefined, NO_ADDRESS],
	['https://', API, undefined, NO_ADDRESS],
	['https://user@files.example/', API, undefined, 'its link has a user name or a password in it'],
	['https://:word@files.example/', API, undefined, 'its link has a user name or a password in it'],
	[
		'http://files.example/a',
		API,
		'https://elsewhere.example/',
		'its storage redirects to an address that is not encrypted',
	],
	['http://127.0.0.1/a', API, undefined, PRIVATE],
	['http://127.0.0.1/a', 'no address', undefined, PRIVATE],
	['http://127.0.0.1/a', '', undefined, PRIVATE],
])('does not follow %.60s, of %s, from %s', (link, apiUrl, from, problem) => {
	expect(problemOfLink(link, apiUrl, from)).toBe(problem);
});
