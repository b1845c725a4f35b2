/**
 * Servers that are closed a while after their case is over. A port that was free at once would be given to
 * another case, and an execution of the first one that still reads its runs would send its key there.
 */
export class Closing {
	private readonly open = new Map<() => Promise<void>, NodeJS.Timeout>();

	/** @param afterMs how long servers stay open */
	constructor(private readonly afterMs: number) {}

	/** Has servers closed after that time. */
	add(close: () => Promise<void>): void {
		const timer = setTimeout(() => {
			this.open.delete(close);
			void close();
		}, this.afterMs);
		this.open.set(close, timer);
	}

	/** Closes all that is open, when no further case is carried out. */
	async now(): Promise<void> {
		const left = [...this.open];
		this.open.clear();
		for (const [, timer] of left) clearTimeout(timer);
		await Promise.all(
			left.map(async ([close]) => {
				await close();
			}),
		);
	}
}
