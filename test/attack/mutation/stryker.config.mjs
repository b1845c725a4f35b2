import { readFileSync } from 'node:fs';

import { JOB } from './places';

const { tests } = JSON.parse(readFileSync(JOB, 'utf8'));
const JEST_CONFIG = { all: 'jest.config.js', decisions: 'decisions.jest.config.js' };

const JEST_RUNNER = './tool/node_modules/@stryker-mutator/jest-runner/dist/src/index.js';
const PLUGINS = './plugins.mjs';

/**
 * All of the code is changed at once, whatever the job, so that each change has the same number every time;
 * the checker `chosen` lets through the changes to try.
 *
 * Paths are the project's, from which it is started.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	plugins: [JEST_RUNNER, PLUGINS].map((file) => new URL(file, import.meta.url).href),
	testRunner: 'file-by-file',
	checkers: ['chosen'],
	reporters: ['outcomes'],
	// The plugins share their decisions with tests, in TypeScript.
	testRunnerNodeArgs: ['--import', 'tsx'],
	checkerNodeArgs: ['--import', 'tsx'],
	jest: {
		configFile: `test/attack/mutation/${JEST_CONFIG[tests]}`,
		enableFindRelatedTests: false,
	},
	mutate: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	// The engine's tests run what is built.
	...(tests === 'all' ? { buildCommand: 'npx gulp build' } : {}),
	ignorePatterns: ['test/n8n/app', 'test/queue', 'test/compat', '.n8n-app', 'dist'],
	coverageAnalysis: 'perTest',
	dryRunTimeoutMinutes: 30,
	// The runner itself begins no further file after a while; this ends what hangs.
	timeoutMS: 180_000,
	// Each file loads the package and its tests again, and not all of that is released.
	maxTestRunnerReuse: 40,
	tempDirName: '.stryker',
	allowConsoleColors: false,
	concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 2),
};
