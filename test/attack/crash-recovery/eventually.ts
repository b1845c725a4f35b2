import { setTimeout as sleep } from 'node:timers/promises';

const POLL_INTERVAL_MS = 100;

/** Waits until something gives a value; undefined where it gives none in time. */
export async function within<T>(
	deadlineMs: number,
	check: () => Promise<T | undefined> | T | undefined,
): Promise<T | undefined> {
	const deadline = Date.now() + deadlineMs;
	for (;;) {
		const found = await check();
		if (found !== undefined || Date.now() > deadline) return found;
		await sleep(POLL_INTERVAL_MS);
	}
}

/** Waits until something gives a value; rejects where it gives none in time. */
export async function eventually<T>(
	what: string,
	deadlineMs: number,
	check: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
	const found = await within(deadlineMs, check);
	if (found === undefined) throw new Error(`Not within ${deadlineMs / 1000} s: ${what}`);
	return found;
}
