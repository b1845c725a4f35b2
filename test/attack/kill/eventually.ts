import { setTimeout as sleep } from 'node:timers/promises';

const POLL_INTERVAL_MS = 100;

/** Waits until something gives a value; rejects when it gives none in time. */
export async function eventually<T>(
	what: string,
	deadlineMs: number,
	look: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
	const deadline = Date.now() + deadlineMs;
	for (;;) {
		const found = await look();
		if (found !== undefined) return found;
		if (Date.now() > deadline) throw new Error(`Not within ${deadlineMs / 1000} s: ${what}`);
		await sleep(POLL_INTERVAL_MS);
	}
}
