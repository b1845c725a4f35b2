const JEST_RUNNER = './tool/node_modules/@stryker-mutator/jest-runner/dist/src/index.js';

/**
 * Paths are the project's, from which it is started.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	plugins: [new URL(JEST_RUNNER, import.meta.url).href],
	testRunner: 'jest',
	jest: { configFile: 'test/attack/mutation/jest.config.js', enableFindRelatedTests: false },
	mutate: ['nodes/runflow/signature.ts'],
	ignorePatterns: ['docs', 'examples', 'test/n8n/app', 'test/queue', 'test/compat', '.n8n-app'],
	coverageAnalysis: 'perTest',
	// What is only read while a file is loaded, such as the texts of a description, would cost all tests each.
	ignoreStatic: true,
	tempDirName: '.stryker',
	allowConsoleColors: false,
	reporters: ['clear-text', 'json'],
	jsonReporter: { fileName: '.stryker/report.json' },
	concurrency: 2,
};
