import { listFields } from '../../../../../nodes/shared/api/result/errorFields';

const BOTH = ['input.seed: too large', 'input.prompt: missing'];

it.each<[string, unknown, string[]]>([
	[
		'FastAPI’s',
		{
			detail: [
				{ type: 'x', loc: ['body', 'input', 'seed'], msg: 'too large', input: 1, ctx: {} },
				{ type: 'y', loc: ['body', 'input', 'prompt'], msg: 'missing' },
			],
		},
		BOTH,
	],
	['a map', { errors: { 'input.seed': 'too large', 'input.prompt': ['missing'] } }, BOTH],
	['a nested map', { errors: { input: { seed: ['too large'], prompt: 'missing' } } }, BOTH],
	[
		'a map with fields that are named as parts of an entry',
		{ errors: { title: 'too long', seed: ['bad'], path: ['missing'] } },
		['title: too long', 'seed: bad', 'path: missing'],
	],
	['a list of texts', { errors: ['one', 'two'] }, ['one', 'two']],
	['messages of NestJS', { message: ['one', 'two'], error: 'Bad Request' }, ['one', 'two']],
	[
		'RFC 9457',
		{ title: 't', 'invalid-params': [{ name: 'seed', reason: 'too large' }] },
		['seed: too large'],
	],
	[
		'RFC 9457 with pointers',
		{ errors: [{ detail: 'too large', pointer: '#/input/seed' }] },
		['input.seed: too large'],
	],
	[
		'entries with an issue',
		{ errors: [{ field: 'seed', issue: 'too large' }] },
		['seed: too large'],
	],
	[
		'JSON:API',
		{ errors: [{ status: '422', title: 't', detail: 'd', source: { pointer: '/input/seed' } }] },
		['input.seed: d'],
	],
	['zod', { issues: [{ code: 'c', path: ['input', 0], message: 'bad' }] }, ['input.0: bad']],
	[
		'zod, flattened',
		{ error: { formErrors: ['all'], fieldErrors: { seed: ['bad'] } } },
		['seed: bad', 'all'],
	],
	['within the error', { error: { code: 'V', errors: [{ field: 'a', message: 'b' }] } }, ['a: b']],
	[
		'details',
		{ error: { code: 'V', details: [{ field: 'a', issue: 'b', reason: 'c' }] } },
		['a: c'],
	],
	['a list as the body', [{ loc: ['body', 'a'], msg: 'b' }], ['a: b']],
	['an entry with more in it', { errors: [{ loc: ['body', 'a'], msg: 'b', more: 1 }] }, ['a: b']],
	['nothing', { errors: null, detail: 'text', message: 'm' }, []],
	['numbers', { errors: 5 }, []],
	['no reason', { errors: [{ loc: ['a'] }, null, 7, ''] }, []],
	['plain text', 'no', []],
])('lists the fields of %s', (_what, body, lines) => {
	expect(listFields(body)).toEqual(lines);
});

it('reads no more than twenty, and no deeper than eight', () => {
	const many = Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`f${n}`, 'bad']));
	expect(listFields({ errors: many })).toHaveLength(20);
	let deep: unknown = 'bad';
	for (let depth = 0; depth < 100; depth++) deep = { a: deep };
	expect(listFields({ errors: deep })).toEqual([]);
	let error: Record<string, unknown> = { errors: ['bad'] };
	for (let depth = 0; depth < 100; depth++) error = { error };
	expect(listFields(error)).toEqual([]);
});
