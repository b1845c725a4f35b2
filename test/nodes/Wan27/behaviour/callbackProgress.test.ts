import { isResuming, progressOf } from '../../../../nodes/Wan27/behaviour/callbackProgress';

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
	it('holds for a minute, after which another callback may try', () => {
		expect(isResuming({ ended: new Set() }, 0)).toBe(false);
		expect(isResuming({ ended: new Set(), resumedAt: 1000 }, 60_999)).toBe(true);
		expect(isResuming({ ended: new Set(), resumedAt: 1000 }, 61_000)).toBe(false);
	});
});
