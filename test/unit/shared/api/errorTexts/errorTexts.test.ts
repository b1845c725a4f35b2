import {
	explainAnswer,
	explainError,
	explainForLog,
	explainNetworkError,
	type Purpose,
} from '../../../../../nodes/shared/api/errorTexts/errorTexts';
import { isNeverSent } from '../../../../../nodes/shared/api/result/networkError';
import {
	mayHaveActed,
	networkFailure,
	toResult,
	type ApiAnswer,
} from '../../../../../nodes/shared/api/result/result';

function answer(status: number, body: unknown, headers: ApiAnswer['headers'] = {}): ApiAnswer {
	return { status, body, headers };
}

/** Runflow's own answer: every error of Runflow's has a code. */
function refusal(status: number, headers: ApiAnswer['headers'] = {}): ApiAnswer {
	return answer(status, { code: 'X', message: 'm' }, headers);
}

function explainCode(code: string, purpose: Purpose) {
	return explainNetworkError({ code, neverSent: isNeverSent(code) }, purpose);
}

const FOREIGN = 'Something between n8n and Runflow answered with HTTP status';

it.each([
	['the envelope', { code: 'A', message: 'm', errors: null }, 'm', 'A'],
	['a nested error', { error: { code: 'A', message: 'm' } }, 'm', 'A'],
	['an error text with a code beside it', { error: 'm', code: 'A' }, 'm', 'A'],
	['the envelope within the detail', { detail: { code: 'A', message: 'm' } }, 'm', 'A'],
	['a code alone', { code: 'A' }, 'Runflow answered with HTTP status 400', 'A'],
	['plain text', 'Bad gateway', `${FOREIGN} 400`, undefined],
	['nothing', undefined, `${FOREIGN} 400`, undefined],
	['a message without a code', { message: 'Forbidden' }, `${FOREIGN} 400`, undefined],
	['a code of another API', { code: 'AccessDenied', message: 'm' }, `${FOREIGN} 400`, undefined],
])('understands %s', (_what, body, message, code) => {
	const text = explainAnswer(answer(400, body), 'start');
	expect(text.message).toBe(message);
	expect(text.code).toBe(code);
});

it('lists what is wrong with each field, twenty at most', () => {
	const errors = [
		{ loc: ['body', 'input', 'seed'], msg: 'too large' },
		{ loc: ['body', 'input', 'image_urls', 0], msg: 'no URL' },
		{ msg: 'without a place' },
		{ message: 'in another word' },
		'a text',
		{ loc: 'odd' },
		null,
	];
	const { description } = explainAnswer(answer(422, { code: 'V', message: 'm', errors }), 'start');
	expect(description.split('\n')).toEqual([
		'Runflow does not accept the input. Correct what is listed here. No run was started.',
		'• input.seed: too large',
		'• input.image_urls.0: no URL',
		'• without a place',
		'• in another word',
		'• a text',
		'Code: V',
	]);
	const many = Array.from({ length: 50 }, () => ({ msg: 'x' }));
	const long = explainAnswer(answer(422, { message: 'm', errors: many }), 'start').description;
	expect(long.match(/•/g)).toHaveLength(20);
});

it.each<[string, unknown, string]>([
	['texts alone', { code: 'V', message: 'm', errors: ['one'] }, '• one'],
	['FastAPI’s detail', { detail: [{ loc: ['body', 'a'], msg: 'b' }] }, '• a: b'],
	['a map', { errors: { seed: ['bad'] } }, '• seed: bad'],
	[
		'what has no known form',
		{ code: 'V', message: 'm', errors: 5, hint: { a: 1 } },
		'The answer says: {"errors":5,"hint":{"a":1}}',
	],
	['a text in place of JSON', 'prompt too long', 'Its answer: prompt too long'],
])('says of a 422 with %s what to correct', (_what, body, line) => {
	const { description } = explainAnswer(answer(422, body), 'start');
	expect(description.split('\n')[1]).toBe(line);
	expect(description).toContain(NONE);
});

it.each([
	[{ 'runflow-request-id': 'r1' }, {}, 'r1'],
	[{ 'x-request-id': 'r2' }, {}, 'r2'],
	[{}, { request_id: 'r3', message: 'm' }, 'r3'],
	[{}, {}, undefined],
])('finds the request id in %j %j', (headers, body, requestId) => {
	expect(explainAnswer(answer(500, body, headers), 'read').requestId).toBe(requestId);
	expect(explainAnswer(answer(200, body, headers), 'read').requestId).toBe(requestId);
});

it('does not say whether a run was started when it is only read', () => {
	for (const status of [302, 400, 401, 402, 403, 404, 409, 418, 422, 429, 500, 503]) {
		const { description } = explainAnswer(refusal(status), 'read');
		expect(description).not.toMatch(/No run was started|whether the run was started/);
	}
	expect(explainAnswer(answer(200, ''), 'read').description).not.toContain('started');
	expect(explainCode('ECONNREFUSED', 'read').description).not.toContain('started');
	expect(explainCode('ECONNRESET', 'read').description).toContain('continues at Runflow');
});

const STATUSES = [200, 302, 400, 401, 402, 403, 404, 408, 409, 418, 422, 429, 500, 502, 503];

it('says not to start an existing run again, for any answer to reading it', () => {
	const texts = [
		...STATUSES.filter((status) => status !== 404).map((status) =>
			explainAnswer(refusal(status), 'read'),
		),
		...['ECONNREFUSED', 'ECONNRESET', 'ERR_CANCELED', ''].map((code) => explainCode(code, 'read')),
	];
	for (const { description } of texts) {
		expect(description).toContain('Do not start it again: retry this execution');
		expect(description).not.toMatch(/run again|Idempotency Key|the input|Additional Input/);
	}
});

it.each(['start', 'upload'] as const)('says what to do where the purpose is to %s', (purpose) => {
	for (const status of STATUSES) {
		const { description } = explainAnswer(answer(status, { code: 'X', message: 'm' }), purpose);
		expect(description).toMatch(
			/Check|Open|Add|Correct|Look at|Run the item again|Try again|Use a key/,
		);
		if (purpose === 'upload') expect(description).not.toMatch(/Idempotency Key|Additional Input/);
	}
});

it('shows the beginning of a long address that it is sent on to', () => {
	const location = `https://elsewhere.example/${'x'.repeat(10_000)}`;
	const { description } = explainAnswer(answer(302, '', { location }), 'start');
	expect(description).toContain('https://elsewhere.example/xxx');
	expect(description.length).toBeLessThan(700);
});

it.each([
	['ECONNREFUSED', 'No run was started.'],
	['ENOTFOUND', 'No run was started.'],
	['ECONNRESET', 'It is not known whether the run was started.'],
	['ECONNABORTED', 'It is not known whether the run was started.'],
	['', 'It is not known whether the run was started.'],
])('knows of %s what became of the run', (code, words) => {
	expect(explainCode(code, 'start').description).toContain(words);
});

it('advises on scopes for a code of 403 that it does not know', () => {
	const body = { code: 'ROLE_UNRESOLVED', message: 'm' };
	const { description } = explainAnswer(answer(403, body), 'start');
	expect(description).toContain('Check its scopes in Runflow');
});

it.each([
	['5', 'Runflow asks to wait 5 seconds.'],
	['Wed, 21 Oct 2026 07:28:00 GMT', 'Runflow asks to wait until Wed, 21 Oct 2026 07:28:00 GMT.'],
	['', 'Wait a moment, then try again.'],
])('says how long to wait where Retry-After is %j', (retryAfter, words) => {
	const { description } = explainAnswer(refusal(429, { 'retry-after': retryAfter }), 'start');
	expect(description).toContain(words);
});

it.each([400, 401, 403, 413, 422, 429, 418])(
	'ends every line without a blank: %d while reading',
	(status) => {
		expect(explainAnswer(refusal(status), 'read').description).not.toMatch(/\s$/m);
	},
);

it('speaks of Idempotency Keys only where a run is started', () => {
	const words = (['start', 'read', 'upload'] as const).map(
		(purpose) => explainAnswer(refusal(409), purpose).description,
	);
	expect(words.map((said) => said.includes('Idempotency Key'))).toEqual([true, false, false]);
	expect(words[2]).toContain('No run was started.');
});

const NONE = 'No run was started.';
const GOES_ON =
	'The run continues at Runflow. Do not start it again: retry this execution, and the node looks it up, or find it under Runs in Runflow.';
const UNKNOWN =
	'It is not known whether the run was started. Look at Runs in Runflow before you run this item again, so that you do not pay twice.';

describe('to the letter', () => {
	it.each<[number, 'start' | 'read' | 'upload', string]>([
		[
			400,
			'start',
			`Runflow did not understand the request. Check the parameters, especially Additional Input. ${NONE}`,
		],
		[400, 'read', `Runflow refused the request. ${GOES_ON}`],
		[400, 'upload', `Runflow refused the request. ${NONE} Run the item again.`],
		[
			401,
			'start',
			`The API key was not accepted. Open the Runflow API credential and paste a valid key. ${NONE}`,
		],
		[
			401,
			'read',
			`The API key was not accepted. Open the Runflow API credential and paste a valid key. ${GOES_ON}`,
		],
		[
			402,
			'start',
			`The credit of your Runflow organization is used up. Add credit in Runflow, then run again. ${NONE}`,
		],
		[
			402,
			'read',
			`The credit of your Runflow organization is used up. Add credit in Runflow. ${GOES_ON}`,
		],
		[
			403,
			'start',
			`The API key is not allowed to do this. Check its scopes in Runflow under Settings → API Keys. ${NONE}`,
		],
		[
			404,
			'start',
			`Runflow has no such model. Check the ID of the model if you gave one, and the Base URL in the Runflow API credential. ${NONE}`,
		],
		[
			404,
			'read',
			'Runflow has no run with this ID, or it belongs to another organization. Check the API key and the Organization ID in the Runflow API credential.',
		],
		[
			404,
			'upload',
			`Runflow does not accept files at this address. Check the Base URL in the Runflow API credential. ${NONE}`,
		],
		[408, 'start', `Runflow timed out. ${UNKNOWN}`],
		[408, 'upload', `Runflow timed out. ${NONE} Run the item again.`],
		[
			409,
			'start',
			'A run with this Idempotency Key already exists with a different request, or is being started now. Look at Runs in Runflow first: it may be the run of this item, which is already paid for. Use another key for another run.',
		],
		[409, 'read', `Runflow refused the request. ${GOES_ON}`],
		[413, 'start', `Give large files by a URL or as Binary, not within the text. ${NONE}`],
		[418, 'start', `Runflow refused the request. Check the parameters. ${NONE}`],
		[422, 'start', `Runflow does not accept the input. Correct what Runflow reports. ${NONE}`],
		[422, 'upload', `Runflow does not accept the file. Correct what Runflow reports. ${NONE}`],
		[422, 'read', `Runflow refused the request. ${GOES_ON}`],
		[
			429,
			'start',
			`Too many requests at once. Wait a moment, then try again. Add Batching to the Request Options in the Settings of the node to send fewer at a time. ${NONE}`,
		],
		[500, 'start', `Runflow had an internal error. ${UNKNOWN}`],
		[500, 'read', `Runflow had an internal error. ${GOES_ON}`],
		[
			503,
			'start',
			`The model or Runflow itself is not available now. Try again in a few minutes. ${NONE}`,
		],
	])('%d while the purpose is to %s', (status, purpose, advice) => {
		expect(explainAnswer(refusal(status), purpose)).toEqual({
			message: 'm',
			description: `${advice}\nCode: X`,
			code: 'X',
		});
	});

	it.each([
		[
			'PERMISSION_DENIED',
			'start',
			`The API key lacks a scope. It needs runs:create and runs:read: make a new key in Runflow under Settings → API Keys. ${NONE}`,
		],
		[
			'PERMISSION_DENIED',
			'upload',
			`The API key lacks the scope assets:create, which binary files need: make a new key in Runflow under Settings → API Keys, or give the file by a URL. ${NONE}`,
		],
		[
			'EMAIL_NOT_VERIFIED',
			'upload',
			`Verify the email address of your Runflow account, then try again. ${NONE}`,
		],
		[
			'ORGANIZATION_MEMBERSHIP_REQUIRED',
			'start',
			`The account is not a member of this organization. Check the Organization ID in the Runflow API credential, or leave it empty. ${NONE}`,
		],
	] as const)('403 with %s while the purpose is to %s', (code, purpose, advice) => {
		expect(explainAnswer(answer(403, { code, message: 'm' }), purpose)).toEqual({
			message: 'm',
			description: `${advice}\nCode: ${code}`,
			code,
		});
	});

	it('503 of Runflow’s own', () => {
		const body = { code: 'MODEL_UNAVAILABLE', message: 'm' };
		expect(explainAnswer(answer(503, body), 'start').description).toBe(
			`The model or Runflow itself is not available now. Try again in a few minutes. ${NONE}\nCode: MODEL_UNAVAILABLE`,
		);
	});

	it.each([
		['start', 'a run', UNKNOWN],
		['read', 'a run', GOES_ON],
		['upload', 'an upload', `${NONE} Run the item again.`],
	] as const)('an unreadable answer while the purpose is to %s', (purpose, what, end) => {
		const words = [
			'Check that the Base URL in the Runflow API credential leads to the Runflow API and not to a proxy or a login page.',
			end,
		];
		const message = `Runflow's answer could not be read as ${what} (HTTP status 201)`;
		expect(explainAnswer(answer(201, ''), purpose)).toEqual({
			message,
			description: words.join('\n'),
		});
		expect(explainAnswer(answer(299, '', { 'x-request-id': 'r' }), purpose)).toEqual({
			message: message.replace('201', '299'),
			description: [...words, 'Request ID: r'].join('\n'),
			requestId: 'r',
		});
	});

	it.each([
		[
			'ECONNREFUSED',
			'start',
			'Runflow could not be reached',
			`Check the Base URL in the Runflow API credential, n8n's connection to the internet, its firewall, and the Proxy under Request Options or in the environment of n8n.\n${NONE}\nNetwork error: ECONNREFUSED`,
		],
		['ECONNRESET', 'read', 'Runflow did not answer', `${GOES_ON}\nNetwork error: ECONNRESET`],
		['', 'start', 'Runflow did not answer', UNKNOWN],
		['ERR_CANCELED', 'start', 'The request was canceled', UNKNOWN],
	] as const)('%s while the purpose is to %s', (code, purpose, message, description) => {
		expect(explainCode(code, purpose)).toEqual({ message, description });
	});
});

const OWN = { code: 'X', message: 'm' };

it.each([
	[200, {}, true],
	[299, {}, true],
	[302, {}, false],
	[302, OWN, false],
	[400, {}, false],
	[408, {}, true],
	[408, OWN, true],
	[409, {}, true],
	[409, OWN, true],
	[429, {}, false],
	[500, {}, true],
	[500, OWN, true],
	[502, 'page', true],
	[503, 'page', true],
	[503, OWN, false],
	// A proxy answers these instead of passing the request on.
	...[401, 402, 404, 405, 407, 413, 421, 422, 426, 429, 431].map(
		(status): [number, unknown, boolean] => [status, '<html>no</html>', false],
	),
	// A filter may have put its page in place of Runflow's answer.
	[403, '<html>blocked</html>', true],
	[451, '<html>blocked</html>', true],
	[418, 'teapot', true],
	[403, OWN, false],
	[418, OWN, false],
])('%d with %j may have started a run: %s', (status, body, may) => {
	expect(mayHaveActed(answer(status, body))).toBe(may);
});

describe('what is not Runflow’s answer', () => {
	const page = '<html><head><title>Access\n denied</title></head><body>x</body></html>';

	it.each<[number, string, string, string]>([
		[401, 'start', 'Check the Base URL in the Runflow API credential, and the proxy', NONE],
		[402, 'start', 'Check the Base URL in the Runflow API credential, and the proxy', NONE],
		[403, 'start', 'Check the Base URL in the Runflow API credential, and the proxy', UNKNOWN],
		[403, 'read', 'Check the Base URL in the Runflow API credential, and the proxy', GOES_ON],
		[403, 'upload', 'Check the Base URL', `${NONE} Run the item again.`],
		[404, 'start', 'without /v1 at its end', NONE],
		[407, 'start', 'The proxy requires a user name and password', NONE],
		[413, 'start', 'Give large files by a URL or as Binary', NONE],
		[429, 'start', 'add Batching to the Request Options', NONE],
		[502, 'start', 'Runflow, or a gateway in front of it, had an error', UNKNOWN],
	])('%d while the purpose is to %s', (status, purpose, advice, known) => {
		const text = explainAnswer(answer(status, page), purpose as Purpose);
		expect(text.message).toBe(`${FOREIGN} ${status}`);
		expect(text.description).toContain(advice);
		expect(text.description.split('\n')).toEqual([
			expect.stringMatching(known.replace(/[.()]/g, '\\$&')) as string,
			'Its answer: Access denied',
		]);
	});

	it.each<[string, unknown, string]>([
		['a heading', '<h1>407 Proxy\nAuthentication</h1><p>x', '407 Proxy Authentication'],
		['a page without a title', '<body><script>x()</script><p>No <b>way</b></p>', 'No way'],
		['plain text', 'upstream connect error', 'upstream connect error'],
		['JSON', { message: 'Forbidden' }, '{"message":"Forbidden"}'],
		['a long text', 'y'.repeat(5000), `${'y'.repeat(300)}…`],
		['the request', { headers: { a: 'Bearer rf_live_s' } }, '{"headers":{"a":"Bearer …"}}'],
		['a key', 'no such key rf_live_abc123', 'no such key …'],
	])('quotes %s', (_what, body, quoted) => {
		for (const status of [200, 403]) {
			const { description } = explainAnswer(answer(status, body), 'start');
			expect(description.split('\n').pop()).toBe(`Its answer: ${quoted}`);
		}
	});

	it('is reported as foreign when a web page has status 200', () => {
		expect(explainAnswer(answer(200, page), 'start').message).toBe(`${FOREIGN} 200`);
	});
});

describe('what the log of n8n says of a request of the trigger', () => {
	const refused = (given: ApiAnswer) => {
		const result = toResult(given, () => undefined);
		return result.ok ? '' : explainForLog(result.error);
	};

	it.each<[string, string, string]>([
		['Runflow’s words', refused(refusal(404)), 'm'],
		['whose answer it is', refused(answer(403, 'No')), `${FOREIGN} 403. Its answer: No`],
		[
			'the certificate',
			explainForLog(networkFailure({ code: 'CERT_HAS_EXPIRED', neverSent: true }).error),
			'Runflow could not be reached: its certificate is not trusted. If your own proxy or server uses this certificate, let n8n trust it: set NODE_EXTRA_CA_CERTS to the certificate file of its authority, and restart n8n. [CERT_HAS_EXPIRED]',
		],
		[
			'nothing more',
			explainForLog(networkFailure({ code: '', neverSent: false }).error),
			'Runflow did not answer',
		],
	])('%s', (_what, said, expected) => {
		expect(said).toBe(expected);
	});
});

it.each([
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'Ignore SSL Issues (Insecure) under Request Options'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'NODE_EXTRA_CA_CERTS'],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'Check the Base URL'],
	['EPROTO', 'has the right port'],
	['ENOTFOUND', 'its DNS'],
	['ECONNREFUSED', 'the Proxy under Request Options'],
	['ECONNABORTED', 'Raise Timeout (Milliseconds) under Request Options'],
	['ERR_INVALID_URL', 'must start with https://'],
	['BLOCKED_BY_N8N', 'N8N_SSRF_ALLOWED_HOSTNAMES'],
	['DOMAIN_NOT_ALLOWED', 'restricts the domains'],
])('says of %s what to change', (code, advice) => {
	expect(explainCode(code, 'start').description).toContain(advice);
});

it('explains either kind of failure', () => {
	const { error } = networkFailure({ code: 'ECONNRESET', neverSent: false });
	expect(explainError(error, 'start').message).toBe('Runflow did not answer');
	const result = toResult(refusal(401), () => undefined);
	expect(result.ok ? undefined : explainError(result.error, 'start').message).toBe('m');
});

it('shows three hundred characters of what Runflow says, not more', () => {
	const said = (length: number) =>
		explainAnswer(answer(500, { code: 'C', message: 'x'.repeat(length) }), 'start').message;
	expect(said(300)).toBe('x'.repeat(300));
	expect(said(301)).toBe(`${'x'.repeat(300)}…`);
});
