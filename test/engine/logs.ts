import { sawInPlace } from '../secrets/watch';
import { requireOfN8n } from './requireOfN8n';

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/** A line of n8n's log, what it is about, and its level. */
export type LogLine = (message: string, about?: About, level?: Level) => void;

interface About {
	workflowId?: string;
	executionId?: string;
}

type Level = (typeof LEVELS)[number];

type Written = [message: string, about?: About];
type Writer = (this: unknown, ...args: Written) => unknown;

/** Where a watched logger keeps its watcher: loggers outlast a file of tests. */
const WATCHED_BY = Symbol.for('n8n-nodes-runflow.test.logs');

type WatchedLogger = Record<Level, Writer> & {
	[WATCHED_BY]?: (level: Level, args: Written) => void;
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
		const [message, about] = args;
		for (const read of readers) read(message, about, level);
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
 * Reads n8n's log, which all hosts share.
 * @returns ends that
 */
export function readLog(reader: LogLine): () => void {
	watchLogs();
	readers.add(reader);
	return () => readers.delete(reader);
}
