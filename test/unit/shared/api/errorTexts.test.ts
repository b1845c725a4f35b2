import { explainAnswer, explainNetworkError } from '../../../../nodes/shared/api/errorTexts';
import { mayHaveActed, neverSent, type ApiAnswer } from '../../../../nodes/shared/api/result';

function answer(status: number, body: unknown, headers: ApiAnswer['headers'] = {}): ApiAnswer {
	return { status, body, headers };
}

it.each([
	['the envelope', { code: 'A', message: 'm', errors: null }, 'm', 'A'],
	['a nested error', { error: { code: 'A', message: 'm' } }, 'm', 'A'],
	['an error text with a code beside it', { error: 'm', code: 'A' }, 'm', 'A'],
	['plain text', 'Bad gateway', 'Runflow answered with HTTP status 400', undefined],
	['nothing', undefined, 'Runflow answered with HTTP status 400', undefined],
	['a list', ['x'], 'Runflow answered with HTTP status 400', undefined],
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

it.each([
	[{ 'runflow-request-id': 'r1' }, {}, 'r1'],
	[{ 'x-request-id': 'r2' }, {}, 'r2'],
	[{}, { request_id: 'r3', message: 'm' }, 'r3'],
	[{}, {}, undefined],
])('finds the request id in %j %j', (headers, body, requestId) => {
	expect(explainAnswer(answer(500, body, headers), 'read').requestId).toBe(requestId);
	expect(explainAnswer(answer(200, body, headers), 'read').requestId).toBe(requestId);
});

it('says of a run that is only read that nothing was or was not started', () => {
	for (const status of [302, 400, 401, 402, 403, 404, 409, 418, 422, 429, 500, 503]) {
		const { description } = explainAnswer(answer(status, {}), 'read');
		expect(description).not.toMatch(/No run was started|whether the run was started/);
	}
	expect(explainAnswer(answer(200, ''), 'read').description).not.toContain('started');
	expect(explainNetworkError('ECONNREFUSED', 'read').description).not.toContain('started');
	expect(explainNetworkError('ECONNRESET', 'read').description).toContain('goes on at Runflow');
});

const STATUSES = [200, 302, 400, 401, 402, 403, 404, 408, 409, 418, 422, 429, 500, 502, 503];

it('says of a run that exists not to start it again, for any answer to reading it', () => {
	const texts = [
		...STATUSES.filter((status) => status !== 404).map((status) =>
			explainAnswer(answer(status, {}), 'read'),
		),
		...['ECONNREFUSED', 'ECONNRESET', 'ERR_CANCELED', ''].map((code) =>
			explainNetworkError(code, 'read'),
		),
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
	expect(explainNetworkError(code, 'start').description).toContain(words);
});

it('knows no advice for a code that every object has', () => {
	const { description } = explainAnswer(
		answer(403, { code: 'constructor', message: 'm' }),
		'start',
	);
	expect(description).toContain('Check its scopes in Runflow');
});

it.each([
	['5', 'Runflow asks to wait 5 seconds.'],
	['Wed, 21 Oct 2026 07:28:00 GMT', 'Runflow asks to wait until Wed, 21 Oct 2026 07:28:00 GMT.'],
	['', 'Wait a moment, then try again.'],
])('says how long to wait where Retry-After is %j', (retryAfter, words) => {
	const { description } = explainAnswer(answer(429, {}, { 'retry-after': retryAfter }), 'start');
	expect(description).toContain(words);
});

it.each([400, 401, 403, 413, 422, 429, 418])(
	'ends no line in a blank: %d while reading',
	(status) => {
		expect(explainAnswer(answer(status, {}), 'read').description).not.toMatch(/\s$/m);
	},
);

it('speaks of Idempotency Keys only where a run is started', () => {
	const words = (['start', 'read', 'upload'] as const).map(
		(purpose) => explainAnswer(answer(409, {}), purpose).description,
	);
	expect(words.map((said) => said.includes('Idempotency Key'))).toEqual([true, false, false]);
	expect(words[2]).toContain('No run was started.');
});

const NONE = 'No run was started.';
const GOES_ON =
	'The run goes on at Runflow all the same. Do not start it again: retry this execution, and the node looks it up, or find it under Runs in Runflow.';
const UNKNOWN =
	'It is not known whether the run was started. Look at Runs in Runflow before you run this item again, so that it is not paid for twice.';

describe('to the letter', () => {
	it.each<[number, 'start' | 'read' | 'upload', string]>([
		[
			400,
			'start',
			`Runflow could not make sense of the request. Check the parameters, above all Additional Input. ${NONE}`,
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
			`The API key may not do this. Check its scopes in Runflow under Settings → API Keys. ${NONE}`,
		],
		[
			404,
			'start',
			`Runflow has no such model at this address. Check the Base URL in the Runflow API credential. ${NONE}`,
		],
		[
			404,
			'read',
			'Runflow knows no run with this ID, or it belongs to another organization. Check the API key and the Organization ID in the Runflow API credential.',
		],
		[
			404,
			'upload',
			`Runflow takes no files at this address. Check the Base URL in the Runflow API credential. ${NONE}`,
		],
		[408, 'start', `Something on the way to Runflow gave up. ${UNKNOWN}`],
		[408, 'upload', `Something on the way to Runflow gave up. ${NONE} Run the item again.`],
		[
			409,
			'start',
			'A run with this Idempotency Key was already asked for, with something else in the request, or is being started right now. Look at Runs in Runflow first: it may be the run of this very item, paid for already. Another run needs another key.',
		],
		[409, 'read', `Runflow refused the request. ${GOES_ON}`],
		[413, 'start', `Give large files by a URL or as a Binary File, not within the text. ${NONE}`],
		[418, 'start', `Runflow refused the request. Check the parameters. ${NONE}`],
		[422, 'start', `Runflow does not accept the input. Correct what is listed here. ${NONE}`],
		[422, 'upload', `Runflow does not accept the file. Correct what is listed here. ${NONE}`],
		[422, 'read', `Runflow refused the request. ${GOES_ON}`],
		[
			429,
			'start',
			`Too many requests at once. Wait a moment, then try again. Add Batching to the Request Options in the Settings of the node to send fewer at a time. ${NONE}`,
		],
		[500, 'start', `Runflow had a fault of its own. ${UNKNOWN}`],
		[500, 'read', `Runflow had a fault of its own. ${GOES_ON}`],
		[503, 'start', `Runflow had a fault of its own. ${UNKNOWN}`],
		[
			302,
			'start',
			`Check the Base URL in the Runflow API credential: it leads somewhere else (no address given); the API key was not sent there. ${NONE}`,
		],
	])('%d while the purpose is to %s', (status, purpose, advice) => {
		expect(explainAnswer(answer(status, {}), purpose)).toEqual({
			message: `Runflow answered with HTTP status ${status}`,
			description: advice,
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
			`The account is no member of this organization. Check the Organization ID in the Runflow API credential, or leave it empty. ${NONE}`,
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
			`Check the Base URL in the Runflow API credential and n8n's connection to the internet.\n${NONE}\nNetwork error: ECONNREFUSED`,
		],
		['ECONNRESET', 'read', 'Runflow did not answer', `${GOES_ON}\nNetwork error: ECONNRESET`],
		['', 'start', 'Runflow did not answer', UNKNOWN],
		['ERR_CANCELED', 'start', 'The request was canceled', UNKNOWN],
	] as const)('%s while the purpose is to %s', (code, purpose, message, description) => {
		expect(explainNetworkError(code, purpose)).toEqual({ message, description });
	});
});

it.each([
	[200, {}, true],
	[299, {}, true],
	[302, {}, false],
	[400, {}, false],
	[408, {}, true],
	[409, {}, true],
	[429, {}, false],
	[500, {}, true],
	[502, 'page', true],
	[503, 'page', true],
	[503, { code: 'MODEL_UNAVAILABLE', message: 'm' }, false],
])('%d with %j may have started a run: %s', (status, body, may) => {
	expect(mayHaveActed(answer(status, body))).toBe(may);
});

it.each([
	['ECONNREFUSED', true],
	['ENOTFOUND', true],
	['EAI_AGAIN', true],
	['CERT_HAS_EXPIRED', true],
	['DEPTH_ZERO_SELF_SIGNED_CERT', true],
	['SELF_SIGNED_CERT_IN_CHAIN', true],
	['CERT_NOT_YET_VALID', true],
	['UNABLE_TO_GET_ISSUER_CERT', true],
	['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', true],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true],
	['ERR_TLS_CERT_ALTNAME_INVALID', true],
	['ERR_INVALID_CHAR', true],
	['ERR_INVALID_URL', true],
	['ERR_SSL_WRONG_VERSION_NUMBER', true],
	['ECONNRESET', false],
	['ETIMEDOUT', false],
	['ECONNABORTED', false],
	['EPIPE', false],
	['', false],
])('%s means that nothing was sent: %s', (code, expected) => {
	expect(neverSent(code)).toBe(expected);
});

it('shows three hundred characters of what Runflow says, not more', () => {
	const said = (length: number) =>
		explainAnswer(answer(500, { code: 'C', message: 'x'.repeat(length) }), 'start').message;
	expect(said(300)).toBe('x'.repeat(300));
	expect(said(301)).toBe(`${'x'.repeat(300)}…`);
});
