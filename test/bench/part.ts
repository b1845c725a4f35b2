/** What a figure is to reach. */
export type Goal = { atMost: number } | { atLeast: number };

/** One line of the table: a figure that means the same on a slower machine, or a size. */
export interface Row {
	/** What was measured. */
	what: string;
	value: number;
	/** `×` where it is a ratio. */
	unit: string;
	/** Absent where the figure is for information only. */
	goal?: Goal;
	/** What the figure was made of, in words: the medians, and what it is compared with. */
	from: string;
}

/** What one part of the benchmarks found. */
export interface Measured {
	/** How often each thing was measured. */
	rounds: number;
	rows: Row[];
	/** What each round gave, by what was measured. */
	raw: Record<string, unknown>;
}

/** One part of the benchmarks. */
export interface Part {
	/** @param rounds how often to measure each thing; each part has its own default */
	measure(rounds?: number): Promise<Measured>;
}

/** Whether a figure reaches its goal; undefined where it has none. */
export function isReached({ value, goal }: Pick<Row, 'value' | 'goal'>): boolean | undefined {
	if (goal === undefined) return undefined;
	return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}
