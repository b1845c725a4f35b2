/** The tests of decisions alone: they take a second for each mutant, where n8n's engine would take many. */
const path = require('node:path');

const base = require('../../../jest.config');

module.exports = {
	...base,
	rootDir: path.resolve(__dirname, '../../..'),
	roots: ['<rootDir>/test/nodes/runflow', '<rootDir>/test/nodes/Wan27/behaviour'],
	testPathIgnorePatterns: ['/node_modules/'],
};
