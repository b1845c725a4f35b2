/** How many are at work at the same time: enough to be quick, few enough for Runflow and for memory. */
const AT_ONCE = 5;

/** Does something with each entry of a list, a few at a time; the results come in the list's order. */
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
