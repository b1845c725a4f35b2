import { setTimeout as wait } from 'node:timers/promises';

/** How late a timer may be for this process to count as calm, and how long one is waited for, in milliseconds. */
const CALM = 25;
const SAMPLE = 15;

/** Resolves when the last queued start may begin. */
let lastStart: Promise<void> = Promise.resolve();

/**
 * Does something with each entry, so many at a time, and begins with one only when the process is not busy: a
 * busy one would let answers come too late, which are faults themselves. The results come in the order of the entries.
 * @param done called with each result as it comes
 */
export async function mapWhenCalm<Entry, Result>(
	entries: readonly Entry[],
	concurrency: number,
	work: (entry: Entry) => Promise<Result>,
	done: (result: Result) => void = () => undefined,
): Promise<Result[]> {
	const results: Result[] = [];
	const left = entries.entries();
	const worker = async (): Promise<void> => {
		for (const [index, entry] of left) {
			lastStart = lastStart.then(calm);
			await lastStart;
			const result = await work(entry);
			results[index] = result;
			done(result);
		}
	};
	await Promise.all(Array.from({ length: Math.min(concurrency, entries.length) }, worker));
	return results;
}

/** Resolves once timers come in time. */
async function calm(): Promise<void> {
	for (;;) {
		const since = performance.now();
		await wait(SAMPLE);
		if (performance.now() - since < SAMPLE + CALM) return;
	}
}
