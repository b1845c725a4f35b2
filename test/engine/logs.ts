import { createRequire } from 'node:module';

import { sawInPlace } from '../secrets/watch';

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

type Writer = (this: unknown, ...args: unknown[]) => unknown;

let isWatched = false;

/** Has every line that n8n's logger is given seen, also those below its level, and those of scoped loggers. */
export function watchLogs(): void {
	if (isWatched) return;
	isWatched = true;
	// The very logger that n8n-core uses; the package itself does not depend on it.
	const { Logger } = createRequire(require.resolve('n8n-core'))('@n8n/backend-common') as {
		Logger: { prototype: Record<(typeof LEVELS)[number], Writer> };
	};
	for (const level of LEVELS) {
		const write = Logger.prototype[level];
		Logger.prototype[level] = function (...args) {
			sawInPlace('a log line', args);
			return write.apply(this, args);
		};
	}
}
