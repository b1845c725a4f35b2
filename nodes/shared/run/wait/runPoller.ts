import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';

import type { Connection } from '../../api/client';
import { isSuccessful, isTerminal, readRunStatus } from '../../api/run';
import { firstWindow, listRunsInWindow, LIST_THRESHOLD, nextWindow } from '../read/listRuns';
import type { PollingPolicy } from '../nodeRun/pollingPolicy';
import { sharedInterval } from './backoff';
import { idle, pause } from '../../async/pause';
import { createSignal, type Signal } from '../../async/abortSignal';

/** One item that waits for its run. */
export interface Waiter {
	readonly runId: string;
	/** Whether Runflow's list of runs shows the run, so that the item need not ask by itself. */
	listed: boolean;
	/** What the list has shown since the item last called {@link next}. */
	update?: IDataObject | undefined;
	wake: () => void;
	/** When Runflow may be asked again, by its Retry-After (ms since 1970). */
	retryAt: number;
}

/** The items of one execution that wait at the same time. */
export interface RunPoller {
	readonly waiters: Set<Waiter>;
	/** How many of them poll on their own. */
	unlisted: number;
	/** The list is polled for all of them. */
	polling: boolean;
}

/** How long after one of the runs has succeeded the others are near their end too, in milliseconds. */
const NEAR_FOR = 30_000;

const pollers = new WeakMap<object, RunPoller>();

/** @param key what is the same for all items that wait side by side */
export function pollerOf(key: object): RunPoller {
	const poller = pollers.get(key) ?? { waiters: new Set(), unlisted: 0, polling: false };
	pollers.set(key, poller);
	return poller;
}

/**
 * Lets an item wait with others, until {@link unsubscribe}. From {@link LIST_THRESHOLD} items on, one list
 * request serves all of them, by the policy of the item that reached the threshold.
 */
export function subscribe(
	context: IExecutePaginationFunctions,
	poller: RunPoller,
	{
		runId,
		...wait
	}: { runId: string; items: number; policy: PollingPolicy; connection: Connection },
): Waiter {
	const { waiters, polling } = poller;
	const waiter: Waiter = { runId, listed: polling, wake: () => undefined, retryAt: 0 };
	waiters.add(waiter);
	if (!polling) poller.unlisted++;
	if (!polling && waiters.size >= LIST_THRESHOLD) {
		poller.polling = true;
		for (const one of waiters) relyOnList(poller, one, true);
		poll(context, poller, wait).catch(() => undefined);
	}
	return waiter;
}

/** To be called when the item waits no longer. */
export function unsubscribe(poller: RunPoller, waiter: Waiter): void {
	if (poller.waiters.delete(waiter) && !waiter.listed) poller.unlisted--;
}

/**
 * Waits so many milliseconds, or until there is something to do for the item.
 * @param over aborted when nobody waits for the item any more
 * @returns whether the item need not ask now: the list has shown its run, or has just ceased to
 */
export async function next(waiter: Waiter, ms: number, over: Signal): Promise<boolean> {
	if (hasUpdate(waiter)) return true;
	const woken = createSignal();
	waiter.wake = woken.abort;
	await pause(ms, over, woken);
	return woken.aborted || hasUpdate(waiter);
}

/** Looks at the list for all items until none waits any more. */
async function poll(
	context: IExecutePaginationFunctions,
	poller: RunPoller,
	{ items, policy, connection }: { items: number; policy: PollingPolicy; connection: Connection },
): Promise<void> {
	const { waiters } = poller;
	let window = firstWindow(items);
	let mayGrow = true;
	let nearTill = 0;
	let shown = true;
	let retryAfter: number | undefined;
	for (let polls = 0; ; polls++) {
		const near = Date.now() < nearTill;
		const situation = { polls, near, shown, retryAfter, random: Math.random() };
		await idle(sharedInterval(policy, situation));
		if (waiters.size === 0) {
			poller.polling = false;
			return;
		}
		const runIds = new Set([...waiters].map(({ runId }) => runId));
		const { records, found, failed } = await listRunsInWindow(context, runIds, window, connection);
		if (mayGrow && failed === undefined && found < runIds.size) {
			const next = nextWindow(window);
			// A run that is not even among that many is not worth reading so much for.
			mayGrow = next !== undefined;
			window = next ?? firstWindow(items);
		}
		retryAfter = failed?.retryAfter;
		shown = records.size > 0;
		for (const waiter of waiters) {
			const record = records.get(waiter.runId);
			// A fault that passes is no reason for all of them to ask at once.
			if (record !== undefined || failed?.isTransient !== true)
				relyOnList(poller, waiter, record !== undefined);
			waiter.retryAt = Date.now() + (retryAfter ?? 0);
			if (record === undefined) continue;
			waiter.update = record;
			if (!isTerminal(readRunStatus(record))) continue;
			if (isSuccessful(readRunStatus(record))) nearTill = Date.now() + NEAR_FOR;
			waiter.wake();
		}
	}
}

function hasUpdate({ update }: Waiter): boolean {
	return update !== undefined;
}

function relyOnList(poller: RunPoller, waiter: Waiter, listed: boolean): void {
	if (waiter.listed === listed) return;
	waiter.listed = listed;
	poller.unlisted += listed ? -1 : 1;
	waiter.wake();
}
