/**
 * Does something with each entry, so many at a time. What they give comes in their order.
 * @param done told after each how many are done
 */
export async function inLanes<Entry, Result>(
	entries: readonly Entry[],
	lanes: number,
	work: (entry: Entry) => Promise<Result>,
	done: (count: number) => void = () => undefined,
): Promise<Result[]> {
	const results: Result[] = [];
	const left = entries.entries();
	let count = 0;
	const lane = async (): Promise<void> => {
		for (const [index, entry] of left) {
			results[index] = await work(entry);
			done(++count);
		}
	};
	await Promise.all(Array.from({ length: lanes }, lane));
	return results;
}
