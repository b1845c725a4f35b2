import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { Mutant } from './mutant';
import { keyOf } from './mutant';

/** What became of a change, in Stryker's words. */
export type Status = 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'RuntimeError';

/** What became of a change, for which code and which tests. */
export interface Outcome {
	key: string;
	status: Status;
	code: string;
	all: string;
}

/** How a change was tried. */
export interface Trial {
	id: string;
	/** The file that the change is in. */
	source: string;
	/** Of code and tests. */
	all: string;
	/** The test that found it, if one did. */
	by?: string;
	seconds: number;
	/** Files that were run, in their order. */
	files: string[];
	/** Files that were not, since the time was up. */
	leftOut: string[];
	/** How often a test was red that was green when it ran once more. */
	doubted: number;
}

/** Adds a line to a file of JSON lines. */
export function append(file: string, line: object): void {
	mkdirSync(path.dirname(file), { recursive: true });
	appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** The lines of a file of JSON lines; the last one may have been broken off. */
export function linesOf(file: string): unknown[] {
	if (!existsSync(file)) return [];
	return readFileSync(file, 'utf8')
		.split('\n')
		.flatMap((line) => {
			try {
				return [JSON.parse(line) as unknown];
			} catch {
				return [];
			}
		});
}

/**
 * What is known of each change, by its key. What a test has found stays found while the code is the same; what none
 * has found is known only for the same tests.
 */
export function stillTrue(
	outcomes: Outcome[],
	now: { code: string; all: string },
): Map<string, Outcome> {
	const found = ({ status }: Outcome): boolean => status === 'Killed' || status === 'Timeout';
	return new Map(
		outcomes
			.filter((one) => one.code === now.code && (found(one) || one.all === now.all))
			.map((one) => [one.key, one]),
	);
}

/**
 * How many changes of a source each test file has found. Of files that ran together, the last one counts: they run
 * together again whatever they have found.
 */
export function foundBy(trials: Trial[], source: string): Map<string, number> {
	const counts = new Map<string, number>();
	for (const trial of trials) {
		const file = trial.files.at(-1);
		if (trial.source !== source || trial.by === undefined || file === undefined) continue;
		counts.set(file, (counts.get(file) ?? 0) + 1);
	}
	return counts;
}

/** Which of them are not known yet. */
export function unknown<Of extends { mutant: Mutant }>(
	some: Of[],
	known: Map<string, Outcome>,
): Of[] {
	return some.filter(({ mutant }) => !known.has(keyOf(mutant)));
}
