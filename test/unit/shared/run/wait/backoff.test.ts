import {
	IMAGE_POLLING,
	type PollingPolicy,
	VIDEO_POLLING,
} from '../../../../../nodes/shared/run/nodeRun/pollingPolicy';
import {
	nextInterval,
	spreadDelay,
	sharedInterval,
	type SharedSituation,
} from '../../../../../nodes/shared/run/wait/backoff';

const MIDDLE = 0.5;

/** Seconds after the start at which a run is read, without jitter. */
function pollTimes(end: number, policy: PollingPolicy): number[] {
	const polls: number[] = [];
	let now = 0;
	while (now < end) {
		now += nextInterval(policy, { polls: polls.length, items: 1, random: MIDDLE }) / 1000;
		polls.push(now);
	}
	return polls;
}

it('finds a 5 s image with few reads, soon after it is there', () => {
	const polls = pollTimes(5, IMAGE_POLLING);
	expect(polls[0]).toBe(1.5);
	expect(polls.length).toBeLessThanOrEqual(4);
	expect((polls.at(-1) ?? 0) - 5).toBeLessThan(4);
});

it('finds a 60 s video with few reads', () => {
	const polls = pollTimes(60, VIDEO_POLLING);
	expect(polls[0]).toBe(4);
	expect(polls.length).toBeLessThanOrEqual(12);
});

it('grows to the longest interval and stays there', () => {
	const at = (polls: number) => nextInterval(VIDEO_POLLING, { polls, items: 1, random: MIDDLE });
	expect(at(1)).toBeCloseTo(5600);
	expect(at(50)).toBe(15_000);
});

it('spreads reads by 15% either way', () => {
	const at = (random: number) => nextInterval(IMAGE_POLLING, { polls: 0, items: 1, random });
	expect(at(0)).toBeCloseTo(1275);
	expect(at(1)).toBeCloseTo(1725);
});

it('limits many items to about 20 reads a second for all of them', () => {
	const interval = nextInterval(IMAGE_POLLING, { polls: 0, items: 1000, random: MIDDLE });
	expect(interval).toBe(50_000);
});

it('follows a Retry-After that is longer, up to five minutes', () => {
	const wait = (retryAfter: number) =>
		nextInterval(IMAGE_POLLING, { polls: 0, items: 1, random: MIDDLE, retryAfter });
	expect(wait(100)).toBe(1500);
	expect(wait(60_000)).toBe(60_000);
	expect(wait(86_400_000)).toBe(300_000);
});

it('is never shorter than Retry-After, however the reads are spread', () => {
	const wait = (random: number) =>
		nextInterval(IMAGE_POLLING, { polls: 0, items: 1, random, retryAfter: 60_000 });
	expect([wait(0), wait(1)]).toEqual([60_000, 60_000]);
});

describe('sharedInterval', () => {
	const at = (policy: PollingPolicy, polls: number, more: Partial<SharedSituation> = {}) =>
		Math.round(
			sharedInterval(policy, { polls, near: false, promising: true, random: MIDDLE, ...more }),
		);

	it('grows to a third of what a single item would wait', () => {
		expect([0, 1, 2, 50].map((polls) => at(VIDEO_POLLING, polls))).toEqual([
			4000, 5000, 5000, 5000,
		]);
		expect([0, 1, 50].map((polls) => at(IMAGE_POLLING, polls))).toEqual([1500, 1667, 1667]);
	});

	it('is a second once one has succeeded, however many reads came before', () => {
		expect(at(VIDEO_POLLING, 30, { near: true })).toBe(1000);
		expect(at({ ...VIDEO_POLLING, maximumInterval: 60_000 }, 30, { near: true })).toBe(4000);
	});

	it('is no shorter than the user’s own interval, unless that is above a second', () => {
		const own = (maximumInterval: number) => at({ ...IMAGE_POLLING, maximumInterval }, 50);
		expect([500, 2000, 30_000].map(own)).toEqual([500, 1000, 10_000]);
	});

	it('is the maximum interval when the list shows none of the runs', () => {
		expect(at(IMAGE_POLLING, 0, { near: true, promising: false })).toBe(5000);
	});

	it('follows a Retry-After that is longer', () => {
		expect(at(IMAGE_POLLING, 0, { retryAfter: 9000 })).toBe(9000);
	});
});

describe('spreadDelay', () => {
	it.each([
		[1, 0.9, 0],
		[2, 0.5, 50],
		[100, 0, 0],
		[100, 0.5, 2500],
		[1000, 0.999, 49_950],
	])('spreads the reads of %d items at %d by %d ms', (items, random, delay) => {
		expect(spreadDelay(items, random)).toBeCloseTo(delay);
	});
});
