import { seededFor } from '../crash-recovery/random';
import { keyOf, type Mutant } from './mutant';

/** What is to be tried. */
export interface Order {
	/** What the code is that is changed: outcomes for other code are of no use. */
	code: string;
	/** What code and tests are. */
	all: string;
	/** All tests that run the code, or those of decisions alone, which need no engine. */
	tests: 'all' | 'decisions';
	/** Files or folders; all code where there are none. */
	files: string[];
	/** How many of the changes there, chosen by the seed; all where it is absent. */
	sample?: number;
	seed: number;
}

/** A change with Stryker's number for it. */
export interface Numbered {
	id: string;
	mutant: Mutant;
	/** Where it is now, from 1. */
	at: number;
}

/** What came of an order. */
export interface Choice {
	/** All that is asked for. */
	asked: Numbered[];
	/** How many changes there are in these files; a sample is asked for some of them. */
	of: number;
	/** Numbers of those that are to be tried, since nothing is known of them. */
	untried: string[];
}

/** What the figures of an order are of. */
export function nameOf({ sample, seed }: Order, { asked: chosen, of }: Choice): string {
	if (sample === undefined) return 'all of these files';
	return `a sample of ${chosen.length} of ${of} changes, seed ${seed}`;
}

/**
 * The changes that are asked for. A sample holds those that the seed puts first, so that a larger one of the same seed
 * holds the smaller.
 */
export function asked<Of extends { mutant: Mutant }>(all: Of[], order: Order): Of[] {
	const { files, sample, seed } = order;
	const there = all.filter(
		({ mutant }) =>
			files.length === 0 ||
			files.some((file) => mutant.file === file || mutant.file.startsWith(`${file}/`)),
	);
	if (sample === undefined) return there;
	const placed = there.map((one) => ({ one, place: seededFor(seed, keyOf(one.mutant))() }));
	placed.sort((a, b) => a.place - b.place);
	return placed.slice(0, sample).map(({ one }) => one);
}
