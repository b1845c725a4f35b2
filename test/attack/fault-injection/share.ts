import { FAULTS, isTimeout } from './faults';
import type { Case } from './cases';
import { REQUESTS } from './requests';

/** How many cases the share has, which CI runs. */
const SIZE = 60;

/** Requests with slow cases: one of each is enough. */
const SLOW_REQUESTS: ReadonlySet<string> = new Set(['late', 'retried-lookup', 'lookup']);

/**
 * A fixed share of the cases that take seconds: each fault and each request at least once, with settings that
 * change from one to the next.
 */
export function shareOf(cases: readonly Case[]): Case[] {
	const quick = cases.filter(
		({ request, fault }) => !isTimeout(fault) || request.timeout === 'set by the user',
	);
	const share = new Set<Case>();
	const take = (from: readonly Case[], position: number): void => {
		// Coprime with the counts of settings, so that each of them is taken.
		const chosen = from[(position * 7) % Math.max(from.length, 1)];
		if (chosen !== undefined) share.add(chosen);
	};
	for (const [position, request] of REQUESTS.entries()) {
		take(
			quick.filter((one) => one.request === request),
			position,
		);
	}
	for (const [position, fault] of FAULTS.entries()) {
		take(
			quick.filter((one) => one.fault === fault && !SLOW_REQUESTS.has(one.request.id)),
			position,
		);
	}
	const others = quick.filter(({ request }) => !SLOW_REQUESTS.has(request.id));
	for (let position = 0; share.size < SIZE; position += 1) take(others, position * 61 + 5);
	return [...share];
}
