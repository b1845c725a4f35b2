import { isResuming, progressOf } from '../../../../../nodes/shared/run/suspend/callbackProgress';

describe('progressOf', () => {
	it('is the same for a suspension, and another one for each', () => {
		progressOf('a').ended.add('run');
		expect(progressOf('a').ended).toEqual(new Set(['run']));
		expect(progressOf('b').ended).toEqual(new Set());
	});

	it('forgets the oldest of very many', () => {
		progressOf('oldest').ended.add('run');
		for (let index = 0; index < 10_000; index++) progressOf(`suspension ${index}`);
		expect(progressOf('oldest').ended).toEqual(new Set());
	});
});

describe('isResuming', () => {
	const clear = Promise.resolve(true);
	const progress = { ended: new Set<string>(), unverified: new Set<string>(), asking: false };

	it('holds while a callback is at work, a minute after n8n was given the items, and for who came before', () => {
		expect(isResuming(progress, 0)).toBe(false);
		expect(isResuming({ ...progress, resuming: { clear } }, 10 ** 9)).toBe(true);
		const handedOver = { ...progress, resuming: { clear, handedOver: 1000 } };
		expect(isResuming(handedOver, 60_999)).toBe(true);
		expect(isResuming(handedOver, 61_000)).toBe(false);
		expect(isResuming(handedOver, 0)).toBe(true);
	});
});
