/**
 * Does something with each entry, so many at a time. What they give comes in their order.
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
			const result = await work(entry);
			results[index] = result;
			done(result);
		}
	};
	await Promise.all(Array.from({ length: lanes }, lane));
	return results;
}
