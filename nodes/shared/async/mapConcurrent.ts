/** How many run at the same time: enough to be fast, few enough for Runflow's rate limit and for memory. */
const AT_ONCE = 5;

/** Maps a list asynchronously, a few entries at a time. The results are in the list's order. */
export async function mapConcurrent<Item, Result>(
	entries: readonly Item[],
	work: (entry: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	const left = entries.entries();
	const worker = async () => {
		for (const [index, entry] of left) results[index] = await work(entry, index);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	return results;
}
