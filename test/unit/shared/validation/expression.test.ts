import { findMissing, hasExpression } from '../../../../nodes/shared/validation/expression';
import { isEmpty } from '../../../../nodes/shared/validation/result';

const X = '={{ $json.x }}';

it.each<[unknown, unknown, string | undefined]>([
	[X, undefined, ''],
	[X, ' \u200b', ''],
	[X, '', undefined],
	[X, null, undefined],
	[X, 0, undefined],
	['literal', undefined, undefined],
	["={{ $fromAI('x') }}", undefined, undefined],
	[{ __rl: true, mode: 'url', value: X }, undefined, ''],
	[{ __rl: true, mode: 'url', value: X }, 'https://example.com', undefined],
	[{ image: [{ source: 'a' }, { source: X }] }, { image: [{ source: 'a' }, {}] }, ': image 2'],
	[{ image: [{ source: X }] }, { image: [{ source: 'a' }] }, undefined],
	[['a', X], ['a', undefined], ': entry 2'],
])('looks in %j, which gives %j, for an expression that found nothing', (raw, value, which) => {
	expect(findMissing(raw, value)).toBe(which);
});

it('treats an empty cell as nothing on request', () => {
	expect(findMissing(X, '', isEmpty)).toBe('');
	expect(findMissing({ a: X }, { a: null }, isEmpty)).toBe('');
});

it('sees expressions at any depth', () => {
	expect([X, [X], { a: [{ b: X }] }].map(hasExpression)).toEqual([true, true, true]);
	expect(['x', 7, null, { a: ['x'] }].map(hasExpression)).toEqual([false, false, false, false]);
});
