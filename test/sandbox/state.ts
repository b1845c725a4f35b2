import { randomBytes } from 'node:crypto';
import type { ClientRequest, ServerResponse } from 'node:http';

import type { StoredAnswer } from './api/idempotency';
import type { SandboxAsset } from './assets/asset';
import type { Delivery } from './callbacks/delivery';
import type { ActiveFault } from './faults';
import type { OpenEntry } from './requestLog';
import type { SandboxRun } from './runs/run';
import type { Switches } from './switches';

/** Node cannot wait longer than this in one go; a run that lasts longer than 24 days ends by being read. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** All that one sandbox knows. Several live side by side in a process, so nothing is kept in modules. */
export interface SandboxState {
	switches: Switches;
	isClosed: boolean;
	/** Where the storage host listens; signed URLs start with it. */
	storageUrl: string;
	/** Signs the storage host's URLs. */
	readonly storageKey: string;
	readonly runs: Map<string, SandboxRun>;
	readonly assets: Map<string, SandboxAsset>;
	readonly deliveries: Delivery[];
	readonly requests: OpenEntry[];
	readonly faults: ActiveFault[];
	readonly storedAnswers: Map<string, StoredAnswer>;
	/** The output files that were fetched last, by path, the oldest first. */
	readonly drawnFiles: Map<string, Buffer>;
	/** When the calls of the last second came, for the rate limit. */
	readonly recentCalls: number[];
	readonly timers: Set<NodeJS.Timeout>;
	/** Callbacks under way. */
	readonly outgoing: Set<ClientRequest>;
	/** Answers that are kept back, for ever or drip by drip. */
	readonly held: Set<ServerResponse>;
}

/**
 * In: the switches to start with. Out: a sandbox's empty memory.
 */
export function createState(switches: Switches): SandboxState {
	return {
		switches,
		isClosed: false,
		storageUrl: '',
		storageKey: randomBytes(32).toString('hex'),
		runs: new Map(),
		assets: new Map(),
		deliveries: [],
		requests: [],
		faults: [],
		storedAnswers: new Map(),
		drawnFiles: new Map(),
		recentCalls: [],
		timers: new Set(),
		outgoing: new Set(),
		held: new Set(),
	};
}

/**
 * In: a sandbox's memory. Empties it and stops all that is under way; the servers keep running.
 */
export function clearState(state: SandboxState): void {
	// Before the callbacks under way are broken off: a delivery that is not listed any more is not tried again.
	state.deliveries.length = 0;
	stopActivity(state);
	state.runs.clear();
	state.assets.clear();
	state.requests.length = 0;
	state.faults.length = 0;
	state.storedAnswers.clear();
	state.drawnFiles.clear();
	state.recentCalls.length = 0;
}

/**
 * In: a sandbox's memory. Stops all that is under way permanently; what was logged can still be read.
 */
export function closeState(state: SandboxState): void {
	state.isClosed = true;
	stopActivity(state);
}

/**
 * In: a sandbox's memory, a delay and what to do then. It is not done once the sandbox is closed or reset.
 */
export function later(state: SandboxState, delayMs: number, action: () => void): void {
	if (state.isClosed || delayMs > LONGEST_TIMER_MS) return;
	const timer = setTimeout(() => {
		state.timers.delete(timer);
		action();
	}, delayMs);
	state.timers.add(timer);
}

function stopActivity(state: SandboxState): void {
	for (const timer of state.timers) clearTimeout(timer);
	state.timers.clear();
	for (const request of state.outgoing) request.destroy();
	state.outgoing.clear();
	for (const response of state.held) response.destroy();
	state.held.clear();
}
