/** n8n in queue mode, on its own Redis and PostgreSQL. */
module.exports = {
	testEnvironment: 'node',
	rootDir: '.',
	testMatch: ['<rootDir>/*.test.ts'],
	transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
	// One n8n at a time.
	maxWorkers: 1,
	testTimeout: 120_000,
};
