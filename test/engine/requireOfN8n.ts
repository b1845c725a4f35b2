import { createRequire } from 'node:module';

/** What jestEnvironment.ts puts there, where jest runs with it. */
const { n8nRequire } = globalThis as { n8nRequire?: NodeJS.Require };

/** A module that n8n-core depends on, which the package itself does not: the very one that n8n-core uses. */
export function requireOfN8n(module: string): unknown {
	return (n8nRequire ?? createRequire(require.resolve('n8n-core')))(module);
}
