import { ownIdempotencyKey } from '../../../../nodes/shared/validation/idempotencyKey';

it.each([
	['order-1001', 'order-1001'],
	['  order 1001 ', 'order 1001'],
	[1001, '1001'],
	['x', 'x'],
	['!~', '!~'],
	['x'.repeat(255), 'x'.repeat(255)],
	['', undefined],
	[' \u200b', undefined],
	[undefined, undefined],
])('takes %j', (given, key) => {
	expect(ownIdempotencyKey(given, () => null)).toEqual({ accepted: key });
});

it.each(['é', 'éa', 'aé', 'aéb', 'a\nb', 'a\u007f', '\u007fa', 'a\u0000b', 'x'.repeat(256)])(
	'refuses %j',
	(given) => {
		expect(ownIdempotencyKey(given, () => null)).toEqual({
			problem: 'must be plain letters, digits and symbols, at most 255 of them',
			advice: 'Use something like an order number, without line breaks or accents.',
		});
	},
);

it('refuses an object', () => {
	expect(ownIdempotencyKey({ a: 1 }, () => null)).toEqual({
		problem: 'must be text, but is {"a":1}',
		advice: 'Pick a single field in the expression.',
	});
});
