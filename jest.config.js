/** The tests that need nothing but Node: units, n8n's real engine, the sandbox, the package's own shape. */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/n8n/', '<rootDir>/test/queue/'],
	modulePathIgnorePatterns: ['<rootDir>/test/n8n/app/', '<rootDir>/\\.n8n-app/'],
	transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
};
