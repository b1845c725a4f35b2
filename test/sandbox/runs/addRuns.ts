import { randomUUID } from 'node:crypto';

import type { JsonObject } from '../json';
import { MODELS } from '../models';
import type { SandboxState } from '../state';
import { settleRun } from './lifeCycle';
import type { Outcome, SandboxRun } from './run';

/** What a test chooses of a run that is added without a request; each may be left out. */
export interface AddedRun {
	/** Default: Pro Edit. */
	readonly modelId?: string;
	readonly input?: JsonObject;
	readonly outcome?: Outcome;
	readonly clientRef?: string | null;
	readonly metadata?: JsonObject | null;
	readonly callbackUrl?: string | null;
	/** Default: one run a second, the last one now. */
	readonly createdAtMs?: number;
	readonly durationMs?: number;
}

const SPACING_MS = 1000;
const DURATION_MS = 300;
const SEED = 7;

/**
 * In: how many runs, and what the one with that index is, the oldest being 0. Adds finished runs of the first
 * organization; no callback goes out. Out: the runs.
 */
export function addRuns(
	state: SandboxState,
	count: number,
	describe: (index: number) => AddedRun,
): readonly SandboxRun[] {
	const nowMs = Date.now();
	return Array.from({ length: count }, (_, index) => {
		const createdAtMs = nowMs - (count - index) * SPACING_MS;
		return addRun(state, { createdAtMs, ...describe(index) });
	});
}

function addRun(
	state: SandboxState,
	{ createdAtMs = 0, durationMs = DURATION_MS, callbackUrl = null, ...added }: AddedRun,
): SandboxRun {
	const { modelId = 'alibaba/wan/v2.7/pro/edit', outcome = 'succeeded' } = added;
	const model = MODELS.find(({ id }) => id === modelId);
	if (model === undefined) throw new Error(`The sandbox has no model ${modelId}`);
	const run: SandboxRun = {
		id: randomUUID(),
		index: state.runs.size,
		model,
		orgId: state.switches.organizations[0]?.id ?? '',
		input: added.input ?? { prompt: 'Put it on a beach' },
		callbackUrl,
		metadata: added.metadata ?? null,
		clientRef: added.clientRef ?? null,
		requestId: randomUUID(),
		seed: SEED,
		createdAtMs,
		manual: false,
		durationMs,
		status: 'queued',
		startedAtMs: null,
		completedAtMs: null,
		artifacts: [],
		failure: null,
	};
	state.runs.set(run.id, run);
	settleRun(state, run, outcome, createdAtMs + durationMs);
	return run;
}
