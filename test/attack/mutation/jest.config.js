/** Every test that runs the code of the nodes and of the credential: of decisions alone, and in n8n's engine. */
const path = require('node:path');

const base = require('../../../jest.config');

const TESTS = ['unit/**/*', 'engine-tests/**/*', 'descriptions/*'];

module.exports = {
	...base,
	rootDir: path.resolve(__dirname, '../../..'),
	roots: ['<rootDir>/test'],
	testMatch: TESTS.map((name) => `<rootDir>/test/${name}.test.ts`),
	testPathIgnorePatterns: ['/node_modules/'],
	// n8n is loaded once for many runs of jest, and keeps its folder.
	globalSetup: undefined,
	globalTeardown: undefined,
	testEnvironment: path.join(__dirname, 'environment.js'),
	// A change that makes a test wait for ever is found sooner.
	testTimeout: 20_000,
};
