import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { VIDEO_POLLING } from '../../../../../nodes/shared/run/nodeRun/pollingPolicy';
import { RunPoller } from '../../../../../nodes/shared/run/wait/runPoller';

/** Too few for a list request, which would need n8n. */
const context = {} as IExecutePaginationFunctions;

function subscribed(count: number) {
	const poller = RunPoller.of({});
	const wait = { items: count, policy: VIDEO_POLLING, connection: {} };
	const waiters = Array.from({ length: count }, (_, index) =>
		poller.subscribe(context, { ...wait, runId: `run ${index}` }),
	);
	return { poller, waiters };
}

it('counts those who ask by themselves, while they wait', () => {
	const { poller, waiters } = subscribed(3);
	expect(poller.unlisted).toBe(3);
	for (const [index, waiter] of waiters.entries()) {
		poller.unsubscribe(waiter);
		expect([poller.unlisted, poller.size]).toEqual([2 - index, 2 - index]);
	}
});

it('counts no item twice that unsubscribes twice', () => {
	const { poller, waiters } = subscribed(2);
	for (const waiter of [waiters[0], waiters[0]]) if (waiter) poller.unsubscribe(waiter);
	expect(poller.unlisted).toBe(1);
});

it('has one group for those who wait side by side, and no other', () => {
	const key = {};
	expect(RunPoller.of(key)).toBe(RunPoller.of(key));
	expect(RunPoller.of(key)).not.toBe(RunPoller.of({}));
});
