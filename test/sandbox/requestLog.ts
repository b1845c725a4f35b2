import type { FaultKind } from './faults';
import type { Json } from './json';

export type HostName = 'api' | 'storage';

/** The log keeps no more of a body than this, so that large uploads do not stay in memory twice. */
export const LOGGED_BODY_LIMIT_BYTES = 1024 * 1024;

/** One request as it arrived, and what became of it. */
export interface LoggedRequest {
	readonly host: HostName;
	readonly method: string;
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	readonly requestId: string;
	/** When it arrived, epoch milliseconds. */
	readonly at: number;
	/** The first MiB of the body. */
	readonly rawBody: Buffer;
	/** The whole body's length. */
	readonly bodyBytes: number;
	/** The API's body when it is JSON, with any media type; undefined otherwise. */
	readonly json: Json | undefined;
	/** The status answered; null while, or for ever when, nothing was answered. */
	readonly status: number | null;
	/** The run that this very request created. */
	readonly runId: string | null;
	/** The fault that it met. */
	readonly fault: FaultKind | null;
}

/** A log entry while its request is being served. */
export type OpenEntry = { -readonly [K in keyof LoggedRequest]: LoggedRequest[K] };
