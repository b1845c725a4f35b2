import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { selected } from './choice';
import { stepsFor } from './coverage';
import { describeAll, keyOf } from './mutant';
import { append, foundBy, linesOf, stillTrue, unknown } from './outcomes';
import { CHOICE, COVERAGE, JOB, OUTCOMES, ROOT, TRIALS } from './places';
import * as api from './tool/node_modules/@stryker-mutator/api/dist/src/plugin/index.js';
import { state } from './tool/node_modules/@stryker-mutator/jest-runner/dist/src/jest-plugins/messaging.cjs';
import { jestTestRunnerFactory } from './tool/node_modules/@stryker-mutator/jest-runner/dist/src/jest-test-runner.js';

/** No further file is begun for a change when so much time has gone. */
const LONGEST_MS = 30_000;

/** Stryker's own numbers. */
const SUCCESS = 0;
const FAILED = 1;

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const relative = (file) => path.relative(process.cwd(), file);

/** Stryker's own runner for jest, which is given for each change only the files that run it, one after the other. */
class FileByFile {
	constructor(jest) {
		this.jest = jest;
		this.job = read(JOB);
		this.file = COVERAGE[this.job.tests];
	}

	async init() {
		await this.jest.init();
		this.wholeConfig = this.jest.jestConfig;
		// Jest reports how long a file took, and Stryker does not pass that on.
		const run = this.jest.run.bind(this.jest);
		this.jest.run = async (settings) => {
			const ran = await run(settings);
			this.files = ran.jestResult.testResults;
			return ran;
		};
	}

	capabilities() {
		return this.jest.capabilities();
	}

	/**
	 * Runs everything without a change, unless that was done for the same code and the same tests. A test that is red
	 * then proves nothing: some read the sources, which Stryker has rewritten.
	 */
	async dryRun(options) {
		const kept = existsSync(this.file) ? read(this.file) : undefined;
		if (kept?.of === this.job.all) return resultOf(kept);
		const result = await this.jest.dryRun(options);
		if (result.status !== 'complete') return result;
		const coverage = coverageOf(result, this.files, this.job.all);
		writeFileSync(this.file, JSON.stringify(coverage));
		return resultOf(coverage);
	}

	async mutantRun(options) {
		const { id, fileName } = options.activeMutant;
		const source = path.relative(ROOT, fileName);
		this.coverage ??= read(this.file);
		this.trials ??= linesOf(TRIALS);
		const steps = stepsFor(this.coverage, id, foundBy(this.trials, source));
		const startedAt = Date.now();
		const tried = [];
		let doubted = 0;
		let result = { status: 'survived', nrOfTests: 0 };
		while (
			steps.length > 0 &&
			result.status === 'survived' &&
			Date.now() - startedAt < LONGEST_MS
		) {
			const step = steps.shift();
			tried.push(...step.files);
			result = await this.run(options, step);
			if (result.status !== 'killed' || step.withoutEngine) continue;
			// In n8n's engine a busy machine can be what made a test red.
			const red = result.killedBy;
			const again = await this.run(options, { ...step, tests: red });
			if (again.status !== 'survived') continue;
			doubted += 1;
			result = again;
			const others = step.tests.filter((test) => !red.includes(test));
			if (others.length > 0) steps.unshift({ ...step, tests: others });
		}
		const leftOut = result.status === 'survived' ? steps.flatMap(({ files }) => files) : [];
		const seconds = (Date.now() - startedAt) / 1000;
		const trial = {
			id,
			source,
			all: this.job.all,
			status: result.status,
			by: result.killedBy?.[0],
			seconds,
			files: tried,
			leftOut,
			doubted,
		};
		append(TRIALS, trial);
		this.trials.push(trial);
		// A file that cannot even be loaded is as red as one can be.
		return result.status === 'error'
			? { status: 'killed', killedBy: [], failureMessage: result.errorMessage, nrOfTests: 1 }
			: result;
	}

	async run(options, { files, tests }) {
		const testMatch = files.map((file) => path.resolve(file));
		this.jest.jestConfig = { ...this.wholeConfig, testMatch };
		return await this.jest.mutantRun({ ...options, testFilter: tests });
	}
}

function fileByFileFactory(injector) {
	return new FileByFile(jestTestRunnerFactory(injector));
}
fileByFileFactory.inject = api.tokens(api.commonTokens.injector);

/** What is kept of a run without a change. @returns a Coverage */
function coverageOf({ tests, mutantCoverage }, files, of) {
	const numbers = ([name, hits]) => [name, Object.keys(hits)];
	const { loadedBy } = state.instrumenterContext;
	return {
		of,
		tests: tests
			.filter(({ status }) => status === SUCCESS)
			.map(({ id, fileName, timeSpentMs }) => ({
				id: id.trimStart(),
				file: relative(fileName),
				ms: timeSpentMs,
			})),
		red: tests.filter(({ status }) => status === FAILED).map(({ id }) => id.trimStart()),
		files: Object.fromEntries(
			files.map(({ testFilePath, perfStats }) => [relative(testFilePath), perfStats.runtime]),
		),
		byTest: Object.fromEntries(Object.entries(mutantCoverage.perTest).map(numbers)),
		byFile: Object.fromEntries(
			Object.entries(loadedBy).map(([file, ids]) => [relative(file), ids]),
		),
		hits: mutantCoverage,
	};
}

/** What was kept, as a run would give it. */
function resultOf({ tests, hits }) {
	return {
		status: 'complete',
		tests: tests.map(({ id, file, ms }) => ({
			id,
			name: id,
			fileName: path.resolve(file),
			timeSpentMs: ms,
			status: SUCCESS,
		})),
		mutantCoverage: hits,
	};
}

/** Lets through the changes to try. Stryker calls the rest a compile error, which does not count. */
class Chosen {
	init() {
		return Promise.resolve();
	}

	group(mutants) {
		return Promise.resolve([mutants.map(({ id }) => id)]);
	}

	check(mutants) {
		const untried = new Set(read(CHOICE).untried);
		const resultFor = ({ id }) =>
			untried.has(id) ? { status: 'passed' } : { status: 'compileError', reason: 'not asked for' };
		return Promise.resolve(Object.fromEntries(mutants.map((one) => [one.id, resultFor(one)])));
	}
}

/** Chooses the changes to try when all are known, and stores each outcome immediately. */
class Outcomes {
	constructor() {
		this.job = read(JOB);
		this.done = 0;
	}

	onMutationTestingPlanReady({ mutantPlans }) {
		const mutants = mutantPlans.map(({ mutant }) => mutant);
		const planned = mutants.map(({ id, fileName, location, replacement }) => ({
			id,
			file: path.relative(ROOT, fileName),
			location,
			replacement,
		}));
		const texts = new Map();
		const textOf = (file) => {
			if (!texts.has(file)) texts.set(file, readFileSync(path.join(ROOT, file), 'utf8'));
			return texts.get(file);
		};
		const all = describeAll(planned, textOf).map((mutant, index) => ({
			id: planned[index].id,
			mutant,
			at: planned[index].location.start.line + 1,
		}));
		const wanted = selected(all, this.job);
		const untried = unknown(wanted, stillTrue(linesOf(OUTCOMES), this.job));
		this.keys = new Map(untried.map(({ id, mutant }) => [id, keyOf(mutant)]));
		const of = selected(all, { ...this.job, sample: undefined }).length;
		writeFileSync(CHOICE, JSON.stringify({ selected: wanted, of, untried: [...this.keys.keys()] }));
		console.log(`${all.length} changes, ${wanted.length} asked for, ${untried.length} to try`);
	}

	onMutantTested({ id, status }) {
		const key = this.keys.get(id);
		if (key === undefined) return;
		const { code, all } = this.job;
		append(OUTCOMES, { key, status, code, all });
		this.done += 1;
		console.log(`${this.done} of ${this.keys.size}: ${status} ${key}`);
	}
}

export const strykerPlugins = [
	api.declareFactoryPlugin(api.PluginKind.TestRunner, 'file-by-file', fileByFileFactory),
	api.declareClassPlugin(api.PluginKind.Checker, 'chosen', Chosen),
	api.declareClassPlugin(api.PluginKind.Reporter, 'outcomes', Outcomes),
];
