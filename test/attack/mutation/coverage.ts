/** What the run without any change has shown. Files are relative to the project. */
export interface Coverage {
	/** What it was taken of; anything else needs a separate run. */
	of: string;
	/** Every test that was green: its full name, its file, its time in ms. Two files may have tests of one name. */
	tests: { id: string; file: string; ms: number }[];
	/** Names of tests that were red, which prove nothing. */
	red: string[];
	/** How long each file took, with all that it loads, in ms. */
	files: Record<string, number>;
	/** Changes that each test runs, by the name of the test. */
	byTest: Record<string, string[]>;
	/** Changes that a file runs outside of tests, while it is loaded or in `beforeAll`. */
	byFile: Record<string, string[]>;
}

/** Files to run in one jest, and the tests of them that are of use. */
export interface Step {
	files: string[];
	tests: string[];
	/** None of them runs n8n's engine: what is red there is red every time. */
	withoutEngine: boolean;
}

/** Files here run n8n's engine. */
const ENGINE_TESTS = 'test/engine-tests/';
/** A file without the engine that takes less, in milliseconds, runs together with others. */
const SHORT_MS = 1000;

/**
 * In: the number of a change, and how many changes of the same source each test file has found. Out: which tests to run
 * until one is red: short files without the engine together, then the others one by one, those first that found the
 * most for their time, then what takes the least time. Of a file that runs the change outside of tests, each test is of
 * use.
 */
export function stepsFor(
	coverage: Coverage,
	mutant: string,
	found: ReadonlyMap<string, number> = new Map(),
): Step[] {
	const names = new Set(
		Object.entries(coverage.byTest)
			.filter(([, mutants]) => mutants.includes(mutant))
			.map(([name]) => name),
	);
	const files = [...new Set(coverage.tests.map(({ file }) => file))].flatMap((file) => {
		const all = coverage.tests.filter((test) => test.file === file);
		const isWhole = coverage.byFile[file]?.includes(mutant) ?? false;
		const run = isWhole ? all : all.filter(({ id }) => names.has(id));
		if (run.length === 0) return [];
		const whole = coverage.files[file] ?? 0;
		const ms = whole - timeOf(all) + timeOf(run);
		const tests = run.map(({ id }) => id);
		const withoutEngine = !file.startsWith(ENGINE_TESTS);
		const isShort = withoutEngine && whole < SHORT_MS;
		return [{ file, tests, ms, found: found.get(file) ?? 0, withoutEngine, isShort }];
	});
	const together = files.filter(({ isShort }) => isShort);
	const others = files
		.filter(({ isShort }) => !isShort)
		.sort((a, b) => b.found / b.ms - a.found / a.ms || a.ms - b.ms);
	return [together, ...others.map((one) => [one])]
		.filter((some) => some.length > 0)
		.map((some) => ({
			files: some.map(({ file }) => file),
			tests: some.flatMap(({ tests }) => tests),
			withoutEngine: some.every(({ withoutEngine }) => withoutEngine),
		}));
}

function timeOf(tests: Coverage['tests']): number {
	return tests.reduce((sum, { ms }) => sum + ms, 0);
}
