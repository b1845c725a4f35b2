/** The tests that need nothing but Node: units, n8n's real engine, the sandbox, the package's own shape. */
module.exports = {
	testEnvironment: '<rootDir>/test/engine/jestEnvironment.ts',
	// n8n is loaded once for each worker.
	moduleNameMapper: { '^n8n-(core|workflow)$': '<rootDir>/test/engine/loadedOnce/n8n-$1.js' },
	workerIdleMemoryLimit: '900MB',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: [
		'/node_modules/',
		'<rootDir>/test/n8n/',
		'<rootDir>/test/compat/',
		'<rootDir>/test/queue/',
	],
	modulePathIgnorePatterns: [
		'<rootDir>/test/n8n/app/',
		'<rootDir>/test/compat/.*/node_modules/',
		'<rootDir>/\\.n8n-app/',
		'<rootDir>/\\.stryker/',
		'<rootDir>/test/attack/mutation/tool/',
	],
	globalSetup: '<rootDir>/test/engine/makeFolder.ts',
	globalTeardown: '<rootDir>/test/engine/removeFolder.ts',
	// Most of the time of the engine's tests is waiting, so they need more workers than there are cores.
	maxWorkers: 8,
	testSequencer: '<rootDir>/test/longestFirst.js',
	// No test may show a secret to anybody.
	setupFilesAfterEnv: ['<rootDir>/test/secrets/setUp.ts'],
	// Generous, since the machine may be busy. Tests of a deadline set their own.
	testTimeout: 60_000,
	transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
};
