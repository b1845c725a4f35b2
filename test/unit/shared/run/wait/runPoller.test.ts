import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { VIDEO_POLLING } from '../../../../../nodes/shared/run/nodeRun/pollingPolicy';
import { RunPoller } from '../../../../../nodes/shared/run/wait/runPoller';
import { until } from '../../../../until';

/** All items unsubscribe before the first list request, which would need n8n. */
const context = {} as IExecutePaginationFunctions;

function subscribed(count: number, policy = VIDEO_POLLING) {
	const poller = RunPoller.of({});
	const wait = { items: count, policy, connection: {} };
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

it('reads the list for four items, and for those that come later, so that none reads its run', () => {
	const { poller, waiters } = subscribed(4);
	expect(poller.unlisted).toBe(0);
	const wait = { runId: 'run 4', items: 5, policy: VIDEO_POLLING, connection: {} };
	const late = poller.subscribe(context, wait);
	expect(late.listed).toBe(true);
	expect([poller.unlisted, poller.size, poller.peersOf(late)]).toEqual([0, 5, 5]);
	for (const waiter of [...waiters, late]) poller.unsubscribe(waiter);
	expect([poller.unlisted, poller.size]).toEqual([0, 0]);
});

it('no longer reads the list once none waits, so that the next item reads its run', async () => {
	const policy = { ...VIDEO_POLLING, initialInterval: 1 };
	const { poller, waiters } = subscribed(4, policy);
	for (const waiter of waiters) poller.unsubscribe(waiter);
	const isListed = () => {
		const next = poller.subscribe(context, { runId: 'next', items: 1, policy, connection: {} });
		poller.unsubscribe(next);
		return next.listed;
	};
	expect(isListed()).toBe(true);
	await until(() => !isListed());
	expect(poller.unlisted).toBe(0);
});

it('has one group for those who wait side by side, and no other', () => {
	const key = {};
	expect(RunPoller.of(key)).toBe(RunPoller.of(key));
	expect(RunPoller.of(key)).not.toBe(RunPoller.of({}));
});
