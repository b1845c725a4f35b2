import { none } from '../../bench/figures';
import type { Measured, Row } from '../../bench/part';
import type { Matrix } from './cases';
import { isHuge } from './faults';
import { PROMISES, type Broken } from './invariants';
import type { Taken } from './memory';
import type { CaseResult } from './caseResult';

/** The most that answers of 10 MB may take, in MiB: with the sandbox's own copies, and what is not collected yet. */
const MOST_MEMORY = 256;
/** The most that n8n may store of an execution that met one, in characters. */
const MOST_STORED = 60_000;

/** What the whole matrix found. */
export interface Found {
	matrix: Matrix;
	results: readonly CaseResult[];
	unhandled: readonly string[];
	memory: readonly Taken[];
	seconds: number;
}

/** The figures of the matrix. */
export function figuresOf({ matrix, results, unhandled, memory, seconds }: Found): Measured {
	const count = (promise: Broken['promise']): number =>
		results.filter(({ broken }) => broken.some((one) => one.promise === promise)).length;
	const zero = (what: string, value: number, from: string): Row => none(what, value, from, 'cases');
	const failed = results.flatMap(({ case: { id }, failed: why }) =>
		why === undefined ? [] : [{ id, why }],
	);
	const most = memory.reduce((a, b) => (b.peakMiB > a.peakMiB ? b : a), {
		id: '',
		peakMiB: 0,
		leftMiB: 0,
	});
	const huge = results.filter((result) => isHuge(result.case.fault));
	const longest = Math.max(0, ...huge.map(({ storedLength }) => storedLength));
	const slowest = results.reduce((a, b) => (b.seconds > a.seconds ? b : a));
	return {
		ranOn: 'n8n-core',
		rounds: 1,
		rows: [
			{
				what: 'cases carried out',
				value: results.length - failed.length,
				unit: 'cases',
				goal: { atLeast: matrix.cases.length },
				from: `${new Set(matrix.cases.map(({ request }) => request)).size} requests, ${new Set(matrix.cases.map(({ fault }) => fault)).size} faults, every completion and On Error setting`,
			},
			...Object.entries(PROMISES).map(([promise, text]) =>
				zero(`not so: ${text}`, count(promise as Broken['promise']), `of ${results.length}`),
			),
			{
				what: 'rejections and errors that nobody handled',
				value: unhandled.length,
				unit: 'in all',
				goal: { atMost: 0 },
				from: unhandled[0]?.split('\n')[0] ?? 'the whole process',
			},
			{
				what: 'memory with answers of 10 MB, at the most',
				value: most.peakMiB,
				unit: 'MiB',
				goal: { atMost: MOST_MEMORY },
				from: `${most.id}, the sandbox in the same process; ${memory.length} cases, each alone`,
			},
			{
				what: 'stored by n8n of an execution with answers of 10 MB',
				value: longest,
				unit: 'characters',
				goal: { atMost: MOST_STORED },
				from: `the longest of ${huge.length}`,
			},
			{
				what: 'time for all',
				value: seconds,
				unit: 's',
				from: `slowest: ${slowest.case.id}, ${slowest.seconds.toFixed(0)} s`,
			},
		],
		raw: {
			memory,
			unhandled,
			failed,
			broken: results.flatMap(({ case: { id }, broken }) =>
				broken.map(({ promise, line }) => ({ id, promise, line })),
			),
		},
	};
}
