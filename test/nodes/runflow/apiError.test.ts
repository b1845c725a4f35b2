import { explainAnswer, explainSilence, type ApiAnswer } from '../../../nodes/runflow/apiError';

function answer(statusCode: number, body: unknown, headers: ApiAnswer['headers'] = {}): ApiAnswer {
	return { statusCode, body, headers };
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
	expect(explainSilence('ECONNREFUSED', 'read').description).not.toContain('started');
	expect(explainSilence('ECONNRESET', 'read').description).toContain('goes on at Runflow');
});

const STATUSES = [200, 302, 400, 401, 402, 403, 404, 408, 409, 418, 422, 429, 500, 502, 503];

it('says of a run that exists not to start it again, whatever the answer to a look at it', () => {
	const told = [
		...STATUSES.filter((status) => status !== 404).map((status) =>
			explainAnswer(answer(status, {}), 'read'),
		),
		...['ECONNREFUSED', 'ECONNRESET', 'ERR_CANCELED', ''].map((code) =>
			explainSilence(code, 'read'),
		),
	];
	for (const { description } of told) {
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
	expect(explainSilence(code, 'start').description).toContain(words);
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
