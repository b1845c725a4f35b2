/**
 * The tests of the nodes on another n8n engine than that of the root's package.json: by default on the oldest that is
 * supported, otherwise on the one installed in the folder that N8N_ENGINE names.
 */
const path = require('node:path');

const base = require('../../jest.config');

const engine = path.resolve(__dirname, process.env.N8N_ENGINE ?? 'oldest', 'node_modules');
const swc = ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }];

module.exports = {
	...base,
	rootDir: path.resolve(__dirname, '../..'),
	roots: ['unit', 'engine-tests', 'compat'].map((folder) => `<rootDir>/test/${folder}`),
	// n8n 1 has no token by which a lost execution could be found, and blocks no addresses. It evaluates expressions that
	// find nothing in its own way, so the generated forms of settings are tried on the newest engine alone.
	testPathIgnorePatterns: [
		'/node_modules/',
		'/start/(lostExecution|lostLoop|blockedAddress)\\.test\\.ts$',
		'/everyForm\\.test\\.ts$',
	],
	modulePathIgnorePatterns: [],
	// Two packages of the engine are ES modules, which jest cannot require as Node can.
	transform: { ...base.transform, '/(is-network-error|p-retry)/.*\\.js$': swc },
	transformIgnorePatterns: ['/node_modules/(?!(is-network-error|p-retry)/)'],
	// Something in this engine keeps the process alive after the last test.
	forceExit: true,
	testEnvironment: path.join(__dirname, 'environment.ts'),
	// For the harness and for the built nodes alike.
	moduleNameMapper: {
		'^n8n-core$': path.join(engine, 'n8n-core'),
		'^n8n-workflow$': path.join(engine, 'n8n-workflow'),
	},
};
