import { readFileSync } from 'node:fs';
import path from 'node:path';

import { none } from '../../bench/figures';
import type { Measured } from '../../bench/part';
import type { Numbered } from './choice';
import { keyOf, type Mutant } from './mutant';
import type { Status } from './outcomes';

/** A change and what became of it. */
export interface TestedMutant extends Numbered {
	/** Absent where it was not tried. */
	status: Status | undefined;
}

/** A change that no test can find, or none needs to, and why that is so. */
export interface Explained extends Mutant {
	why: string;
}

/** The list of what is explained. */
export function readExplained(): Explained[] {
	return JSON.parse(readFileSync(path.join(__dirname, 'explained.json'), 'utf8')) as Explained[];
}

const FOUND: ReadonlySet<Status | undefined> = new Set<Status>(['Killed', 'Timeout']);
const LEFT: ReadonlySet<Status | undefined> = new Set<Status>(['Survived', 'NoCoverage']);

/** Changes that no test has found and that are not explained. */
export function survivorsOf(tested: TestedMutant[], explained: Explained[]): TestedMutant[] {
	const known = new Set(explained.map(keyOf));
	return tested.filter(({ status, mutant }) => LEFT.has(status) && !known.has(keyOf(mutant)));
}

/**
 * Of the changes to the code that tests could see, how many turned one red: in percent, for each file and over all.
 * An explained change counts neither for nor against. Every change that no test finds must be explained.
 * @param whole what all of them are
 * @param whole.goal the score over them to reach, in percent
 */
export function scoreOf(
	tested: TestedMutant[],
	explained: Explained[],
	whole: { name: string; goal: number },
): Measured {
	const survivors = new Set(survivorsOf(tested, explained));
	const rowOf = (what: string, some: TestedMutant[]) => {
		const found = some.filter(({ status }) => FOUND.has(status)).length;
		const left = some.filter((one) => survivors.has(one)).length;
		const apart = some.filter((one) => LEFT.has(one.status) && !survivors.has(one)).length;
		const also = apart === 0 ? '' : `, ${apart} more are explained`;
		return {
			what,
			value: found + left === 0 ? 100 : (100 * found) / (found + left),
			unit: '%',
			from: `${found} of ${found + left} changes turned a test red${also}`,
		};
	};
	const tried = tested.filter(({ status }) => status !== undefined);
	const files = [...new Set(tried.map(({ mutant }) => mutant.file))].sort();
	return {
		ranOn: 'no n8n',
		rounds: 1,
		rows: [
			...files.map((file) =>
				rowOf(
					file,
					tested.filter(({ mutant }) => mutant.file === file),
				),
			),
			{ ...rowOf(whole.name, tested), goal: { atLeast: whole.goal } },
			none(
				'changes that no test finds and nobody has explained',
				survivors.size,
				`of ${tested.length}`,
				'changes',
			),
			none(
				'changes that were not tried',
				tested.length - tried.length,
				`of ${tested.length}`,
				'changes',
			),
		],
		raw: {},
	};
}
