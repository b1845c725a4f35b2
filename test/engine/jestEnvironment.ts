// Before n8n is loaded, which reads the environment then.
import './environment';

import { TestEnvironment } from 'jest-environment-node';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Requires what n8n-core requires, n8n-core and n8n-workflow included, as Node does it. */
const n8nRequire = createRequire(require.resolve('n8n-core'));

const PACKAGE = path.resolve(__dirname, '../../dist');

/**
 * Jest's own environment, except that n8n is loaded by Node, once for each worker: its 1,700 modules take more than a
 * second, which each of some fifty test files would take again. What n8n and the package remember is forgotten
 * before each file.
 */
export default class N8nEnvironment extends TestEnvironment {
	constructor(...args: ConstructorParameters<typeof TestEnvironment>) {
		super(...args);
		const { Container } = n8nRequire('@n8n/di') as { Container: { reset(): void } };
		Container.reset();
		for (const file of Object.keys(n8nRequire.cache)) {
			if (file.startsWith(PACKAGE)) Reflect.deleteProperty(n8nRequire.cache, file);
		}
		// What a test and n8n hand each other: an error of the one is an Error to the other, and the clock is the same.
		Object.assign(this.global, { n8nRequire, Error, Date });
		const { TypeError, RangeError, SyntaxError, ReferenceError, URIError } = this.global;
		for (const { prototype } of [TypeError, RangeError, SyntaxError, ReferenceError, URIError]) {
			Object.setPrototypeOf(prototype, Error.prototype);
		}
	}
}
