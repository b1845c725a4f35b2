import type { JsonObject } from '../json';
import type { Model } from '../models/model';

export type Outcome = 'succeeded' | 'failed' | 'canceled' | 'partial_succeeded';

export type RunStatus = 'queued' | 'dispatching' | 'running' | Outcome;

/** Every status, in the order that a run goes through them. @see docs/runflow-api.md, "Status" */
export const RUN_STATUSES: readonly { readonly code: RunStatus; readonly isTerminal: boolean }[] = [
	{ code: 'queued', isTerminal: false },
	{ code: 'dispatching', isTerminal: false },
	{ code: 'running', isTerminal: false },
	{ code: 'succeeded', isTerminal: true },
	{ code: 'failed', isTerminal: true },
	{ code: 'canceled', isTerminal: true },
	{ code: 'partial_succeeded', isTerminal: true },
];

/** Why a run failed, before any spelling. @see docs/runflow-api.md, "Failure fields" */
export interface RunFailure {
	readonly code: string;
	readonly message: string;
	readonly stage: string;
}

/** One thing that a run made: what its file on the storage host really is. */
export interface Artifact {
	readonly path: string;
	readonly type: 'image' | 'video' | 'audio';
	/** 0 by 0 for sound. */
	readonly width: number;
	readonly height: number;
	readonly durationSeconds: number | null;
	readonly pattern: number;
}

/** A run as the sandbox keeps it; what a client sees of it is made by `renderRun`. */
export interface SandboxRun {
	readonly id: string;
	/** 0 for the first run created since the start or the last reset. */
	readonly index: number;
	readonly model: Model;
	readonly orgId: string;
	readonly input: JsonObject;
	readonly callbackUrl: string | null;
	readonly metadata: JsonObject | null;
	readonly clientRef: string | null;
	readonly requestId: string;
	readonly seed: number;
	readonly createdAtMs: number;
	/** Manual runs move only on command. */
	readonly manual: boolean;
	durationMs: number;
	status: RunStatus;
	startedAtMs: number | null;
	completedAtMs: number | null;
	artifacts: readonly Artifact[];
	failure: RunFailure | null;
}

/**
 * In: a status. Out: whether a run stays in it permanently.
 * @see docs/runflow-api.md, "Status"
 */
export function isTerminal(status: RunStatus): status is Outcome {
	return RUN_STATUSES.some((known) => known.code === status && known.isTerminal);
}
