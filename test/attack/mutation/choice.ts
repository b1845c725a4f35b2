import { seededFor } from '../crash-recovery/random';
import { keyOf, type Mutant } from './mutant';

/** What to try. */
export interface Job {
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

/** The changes of a job. */
export interface Choice {
	/** All selected changes. */
	selected: Numbered[];
	/** How many changes there are in these files; a sample has some of them. */
	of: number;
	/** Numbers of those to try, since nothing is known of them. */
	untried: string[];
}

/** What the figures of a job are of. */
export function nameOf({ sample, seed }: Job, { selected: chosen, of }: Choice): string {
	if (sample === undefined) return 'all of these files';
	return `a sample of ${chosen.length} of ${of} changes, seed ${seed}`;
}

/**
 * The selected changes. A sample holds those that the seed puts first, so that a larger one of the same seed
 * holds the smaller.
 */
export function selected<Of extends { mutant: Mutant }>(all: Of[], job: Job): Of[] {
	const { files, sample, seed } = job;
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
