/** The tests in the real n8n app and its editor. The first run installs n8n, which takes minutes. */
module.exports = {
	testEnvironment: 'node',
	rootDir: '.',
	testMatch: ['<rootDir>/*.test.ts'],
	modulePathIgnorePatterns: ['<rootDir>/app/'],
	transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
	// One n8n at a time.
	maxWorkers: 1,
	testTimeout: 120_000,
};
