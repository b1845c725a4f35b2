/** The tests in the real n8n app and its editor. The first run installs n8n, which takes minutes. */
const path = require('node:path');

module.exports = {
	testEnvironment: 'node',
	rootDir: '.',
	testMatch: ['<rootDir>/*.test.ts'],
	modulePathIgnorePatterns: ['<rootDir>/app/'],
	transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
	globalSetup: '<rootDir>/prepare.ts',
	testSequencer: path.join(__dirname, '../longestFirst.js'),
	// Two files side by side, each with an n8n of its own: on two cores, three took longer.
	maxWorkers: 2,
	testTimeout: 120_000,
};
