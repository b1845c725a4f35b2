/** The tests of the installed package in the real n8n app, on the last n8n 1. The first run installs it. */
const path = require('node:path');

const base = require('../n8n/jest.config');

process.env.N8N_APP_FOLDER = 'test/compat/oldestApp';

module.exports = {
	...base,
	rootDir: path.resolve(__dirname, '../n8n'),
	testMatch: ['<rootDir>/app.test.ts'],
};
