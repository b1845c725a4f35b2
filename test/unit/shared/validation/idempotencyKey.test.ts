import { ownIdempotencyKey } from '../../../../nodes/shared/validation/idempotencyKey';

it.each([
	['order-1001', 'order-1001'],
	['  order 1001 ', 'order 1001'],
	[1001, '1001'],
	['x'.repeat(255), 'x'.repeat(255)],
])('takes %j', (given, key) => {
	expect(ownIdempotencyKey(given, () => null)).toEqual({ accepted: key });
});

it.each(['é', 'a\nb', 'x'.repeat(256), { a: 1 }])('refuses %j', (given) => {
	expect(ownIdempotencyKey(given, () => null)).toHaveProperty('problem');
});
