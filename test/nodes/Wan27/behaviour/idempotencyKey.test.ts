import {
	derivedIdempotencyKey,
	ownIdempotencyKey,
	type RunOrigin,
} from '../../../../nodes/Wan27/behaviour/idempotencyKey';

const origin: RunOrigin = {
	instanceId: 'instance',
	executionId: '7',
	nodeId: 'node',
	place: '0.0',
	failedRuns: 0,
};

it('is stable for one origin', () => {
	expect(derivedIdempotencyKey(origin)).toBe(derivedIdempotencyKey({ ...origin }));
});

it.each<[string, Partial<RunOrigin>]>([
	['instance', { instanceId: 'another' }],
	['execution', { executionId: '8' }],
	['node', { nodeId: 'another' }],
	['run index', { place: '1.0' }],
	['item', { place: '0.1' }],
	['failed runs before it', { failedRuns: 1 }],
])('changes with the %s', (_what, change) => {
	expect(derivedIdempotencyKey({ ...origin, ...change })).not.toBe(derivedIdempotencyKey(origin));
});

it('is none where n8n names no execution', () => {
	expect(derivedIdempotencyKey({ ...origin, executionId: undefined })).toBeUndefined();
});

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
