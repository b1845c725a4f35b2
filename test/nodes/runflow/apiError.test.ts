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

it.each([
	['ECONNREFUSED', 'No run was started.'],
	['ENOTFOUND', 'No run was started.'],
	['ECONNRESET', 'It is not known whether the run was started.'],
	['ECONNABORTED', 'It is not known whether the run was started.'],
	['', 'It is not known whether the run was started.'],
])('knows of %s what became of the run', (code, words) => {
	expect(explainSilence(code, 'start').description).toContain(words);
});

it.each(['constructor', '__proto__'])('has the usual advice for a 403 with the code %s', (code) => {
	const answer = { statusCode: 403, headers: {}, body: { code, message: 'No', errors: null } };
	expect(explainAnswer(answer, 'start').description).toBe(
		`The API key may not do this. Check its scopes in Runflow under Settings → API Keys. No run was started.\nCode: ${code}`,
	);
});
