import { sawInPlace } from '../secrets/watch';
import { requireOfN8n } from './requireOfN8n';

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/** A line of n8n's log, and what it is about. */
export type LogLine = (message: string, about?: { workflowId?: string }) => void;

type Writer = (this: unknown, ...args: Parameters<LogLine>) => unknown;

/** Where a watched logger keeps its watcher: loggers outlast a file of tests. */
const WATCHED_BY = Symbol.for('n8n-nodes-runflow.test.logs');

type WatchedLogger = Record<(typeof LEVELS)[number], Writer> & {
	[WATCHED_BY]?: (level: (typeof LEVELS)[number], args: Parameters<LogLine>) => void;
};

const readers = new Set<LogLine>();

/** Has every line that n8n's logger is given seen, also those below its level, and those of scoped loggers. */
export function watchLogs(): void {
	const { Logger } = requireOfN8n('@n8n/backend-common') as {
		Logger: { prototype: WatchedLogger };
	};
	const logger = Logger.prototype;
	const isWatched = logger[WATCHED_BY] !== undefined;
	logger[WATCHED_BY] = (level, args) => {
		sawInPlace('a log line', args);
		if (level === 'warn' || level === 'error') for (const read of readers) read(...args);
	};
	if (isWatched) return;
	for (const level of LEVELS) {
		const write = logger[level];
		logger[level] = function (...args) {
			logger[WATCHED_BY]?.(level, args);
			return write.apply(this, args);
		};
	}
}

/**
 * Reads the warnings and errors of n8n's log, which all hosts share.
 * @returns ends that
 */
export function readLog(reader: LogLine): () => void {
	watchLogs();
	readers.add(reader);
	return () => readers.delete(reader);
}
