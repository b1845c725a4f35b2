import type { Measured } from '../../bench/part';

/** What of Stryker's report is read. @see mutation-testing-report-schema */
export interface Report {
	files: Record<string, { mutants: { status: string }[] }>;
}

const FOUND: ReadonlySet<string> = new Set(['Killed', 'Timeout']);
const LEFT: ReadonlySet<string> = new Set(['Survived', 'NoCoverage']);

/** Of the changes to the code that tests could see, how many turned one red: in percent, over all files and for each. */
export function scoreOf({ files }: Report): Measured {
	const counted = Object.entries(files).map(([file, { mutants }]) => ({
		file,
		found: mutants.filter(({ status }) => FOUND.has(status)).length,
		left: mutants.filter(({ status }) => LEFT.has(status)).length,
	}));
	const sum = (key: 'found' | 'left') => counted.reduce((all, one) => all + one[key], 0);
	const row = (what: string, found: number, left: number) => ({
		what,
		value: (100 * found) / (found + left),
		unit: '%',
		goal: { atLeast: 90 },
		from: `${found} of ${found + left} changes turned a test red`,
	});
	return {
		ranOn: 'no n8n',
		rounds: 1,
		rows: [
			...counted.map(({ file, found, left }) => row(file, found, left)),
			row('all of these files', sum('found'), sum('left')),
		],
		raw: { counted },
	};
}
