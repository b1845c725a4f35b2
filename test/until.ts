import { setTimeout as wait } from 'node:timers/promises';

const DEADLINE_MS = 30_000;

/** Resolves when the condition holds; rejects after thirty seconds, so that no test is left looping. */
export async function until(condition: () => boolean): Promise<void> {
	const deadline = Date.now() + DEADLINE_MS;
	while (!condition()) {
		if (Date.now() > deadline)
			throw new Error(`Not within ${DEADLINE_MS} ms: ${String(condition)}`);
		await wait(5);
	}
}

/** Half a second for what is under way. On a busy machine, one long pause could end before it has arrived. */
export async function letArrive(): Promise<void> {
	for (let pauses = 0; pauses < 10; pauses++) await wait(50);
}
