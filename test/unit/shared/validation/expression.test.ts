import {
	findMissing,
	foundNothing,
	hasExpression,
	isExpression,
	isLocator,
	isMissing,
} from '../../../../nodes/shared/validation/expression';
import { isEmpty } from '../../../../nodes/shared/validation/result';

const X = '={{ $json.x }}';

it.each<[unknown, unknown, string | undefined]>([
	[X, undefined, ''],
	[X, ' \u200b', ''],
	[X, '', undefined],
	[X, null, undefined],
	[X, 0, undefined],
	['literal', undefined, undefined],
	[null, undefined, undefined],
	[7, undefined, undefined],
	["={{ $fromAI('x') }}", undefined, undefined],
	['={{ $fromai("x") }}', undefined, undefined],
	['={{ $fromAIs }}', undefined, ''],
	['={{ $json.fromAI }}', undefined, ''],
	[{ __rl: true, mode: 'url', value: X }, undefined, ''],
	[{ __rl: true, mode: 'url', value: X }, 'https://example.com', undefined],
	[{ __rl: true, mode: 'url', value: X }, { id: 7 }, undefined],
	[{ __rl: true, mode: 'url', value: X }, { __rl: true, mode: 'url', value: undefined }, ''],
	[{ __rl: true, mode: 'url', value: X }, { __rl: true, mode: 'url', value: 'a' }, undefined],
	[{ mode: 'url', value: X }, 'https://example.com', ''],
	[{ image: [{ source: 'a' }, { source: X }] }, { image: [{ source: 'a' }, {}] }, ': image 2'],
	[{ image: [{ source: X }] }, { image: [{ source: 'a' }] }, undefined],
	[{ image: [{ source: X }] }, null, ': image 1'],
	[{ a: 'b', c: { d: X } }, { a: 'b' }, ''],
	[['a', X], ['a', undefined], ': entry 2'],
	[[X, X], ['a', ' '], ': entry 2'],
	[[X], 'ab', ': entry 1'],
])('looks in %j, which gives %j, for an expression that found nothing', (raw, value, which) => {
	expect(findMissing(raw, value)).toBe(which);
});

it('treats an empty cell as nothing on request', () => {
	expect(findMissing(X, '', isEmpty)).toBe('');
	expect(findMissing({ a: X }, { a: null }, isEmpty)).toBe('');
	expect(findMissing({ __rl: true, mode: 'id', value: X }, '', isEmpty)).toBe('');
	expect(findMissing({ __rl: true, mode: 'id', value: X }, 'a', isEmpty)).toBeUndefined();
});

it('sees expressions at any depth', () => {
	const withOne = [X, '=', [X], { a: [{ b: X }] }, ['x', X], { a: X, b: 'x' }];
	expect(withOne.filter((raw) => !hasExpression(raw))).toEqual([]);
	const without = ['x', '', 'a = b', 7, null, undefined, [], {}, { a: ['x'] }];
	expect(without.filter(hasExpression)).toEqual([]);
});

it('takes only a text that starts with = for an expression', () => {
	expect([X, '=', 'a=', '', 7, [X]].map(isExpression)).toEqual([
		true,
		true,
		false,
		false,
		false,
		false,
	]);
});

it('knows the form in which n8n stores a resource locator', () => {
	expect(isLocator({ __rl: true, mode: 'id', value: 'a' })).toBe(true);
	const others = [{ mode: 'id', value: 'a' }, { __rl: 'true' }, [], null, 'a'];
	expect(others.filter(isLocator)).toEqual([]);
});

it.each<[unknown, boolean]>([
	[undefined, true],
	[' ', true],
	['\u200b\n', true],
	['', false],
	[null, false],
	['a', false],
	[0, false],
	[false, false],
	[[], false],
])('decides whether an expression that gives %j found nothing: %s', (value, isNothing) => {
	expect(isMissing(value)).toBe(isNothing);
});

it('names the parameter whose expression found nothing', () => {
	expect(foundNothing('Images: image 2', 'Check the field name.')).toEqual({
		parameter: 'The expression for Images: image 2',
		problem: 'found nothing',
		advice: 'Check the field name.',
	});
});
