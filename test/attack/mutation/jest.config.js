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
	// Stryker counts what runs in jest's own surroundings alone.
	moduleNameMapper: {},
	testEnvironment: path.join(__dirname, 'environment.js'),
};
