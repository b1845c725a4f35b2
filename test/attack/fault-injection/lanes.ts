import { setTimeout as wait } from 'node:timers/promises';

/** How late a timer may be for this process to count as calm, and how long one is waited for, in milliseconds. */
const CALM = 25;
const LOOK_FOR = 15;

/** The starts that wait for their turn. */
let turn: Promise<void> = Promise.resolve();

/**
 * Does something with each entry, so many at a time, and begins with one only when the process is not busy: a
 * busy one would let answers come too late, which are faults of their own. What they give comes in their order.
 * @param done told of each result as it comes
 */
export async function inLanes<Entry, Result>(
	entries: readonly Entry[],
	lanes: number,
	work: (entry: Entry) => Promise<Result>,
	done: (result: Result) => void = () => undefined,
): Promise<Result[]> {
	const results: Result[] = [];
	const left = entries.entries();
	const lane = async (): Promise<void> => {
		for (const [index, entry] of left) {
			turn = turn.then(calm);
			await turn;
			const result = await work(entry);
			results[index] = result;
			done(result);
		}
	};
	await Promise.all(Array.from({ length: Math.min(lanes, entries.length) }, lane));
	return results;
}

/** Resolves once timers come in time. */
async function calm(): Promise<void> {
	for (;;) {
		const since = performance.now();
		await wait(LOOK_FOR);
		if (performance.now() - since < LOOK_FOR + CALM) return;
	}
}
