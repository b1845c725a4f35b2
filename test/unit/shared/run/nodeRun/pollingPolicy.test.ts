import { policyFor, VIDEO_POLLING } from '../../../../../nodes/shared/run/nodeRun/pollingPolicy';

it.each([
	[{ longestIntervalSeconds: 2, maxWaitMinutes: 3 }, 2000, 180_000],
	[{ longestIntervalSeconds: undefined, maxWaitMinutes: 0.5 }, 15_000, 30_000],
	[{ longestIntervalSeconds: undefined, maxWaitMinutes: undefined }, 15_000, 1_800_000],
])('takes the user’s own limits %j', (own, maximumInterval, maxWait) => {
	expect(policyFor(VIDEO_POLLING, own)).toEqual({ ...VIDEO_POLLING, maximumInterval, maxWait });
});
