/** The tests in the real n8n app and its editor. The first run installs n8n, which takes minutes. */
const path = require('node:path');

module.exports = {
	testEnvironment: 'node',
	rootDir: '.',
	testMatch: ['<rootDir>/*.test.ts'],
	modulePathIgnorePatterns: ['<rootDir>/app/'],
	transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
	setupFiles: ['<rootDir>/closeConnections.ts'],
	globalSetup: '<rootDir>/prepare.ts',
	testSequencer: path.join(__dirname, '../longestFirst.js'),
	// One n8n at a time: on two cores, two side by side gain a minute, and n8n runs into its own time-outs.
	maxWorkers: 1,
	// A test that starts n8n again may wait three minutes for it.
	testTimeout: 300_000,
};
