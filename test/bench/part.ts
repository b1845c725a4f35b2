import type { Cost } from './profile';

/** What a figure must reach. */
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

/** What of n8n something was measured in: the app, its engine alone as a development dependency, or none of it. */
export type RanOn = 'n8n' | 'n8n-core' | 'no n8n';

/** What the functions took that ran in a stretch of time. */
export interface Profile {
	/** Which stretch. */
	about: string;
	/** The most expensive first. */
	functions: readonly Cost[];
}

/** What one part of the benchmarks found. */
export interface Measured {
	ranOn: RanOn;
	/** How often each thing was measured. */
	rounds: number;
	rows: Row[];
	/** Where the time of something went that takes too long. */
	profile?: Profile;
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
