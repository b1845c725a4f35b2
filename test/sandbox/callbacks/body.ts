import { isoTime } from '../isoTime';
import type { JsonObject } from '../json';
import { renderOutput } from '../runs/renderOutput';
import { runDurationMs, spellStatus } from '../runs/renderRun';
import type { Outcome, SandboxRun } from '../runs/run';
import type { SandboxState } from '../state';

/** Event names always have two l's. @see docs/runflow-api.md, "Callback body" */
const EVENTS: Readonly<Record<Outcome, string>> = {
	succeeded: 'run.completed',
	failed: 'run.failed',
	canceled: 'run.cancelled',
	partial_succeeded: 'run.partial_succeeded',
};

/**
 * In: a run that is over as `outcome` and the time. Out: its callback's body.
 * @see docs/runflow-api.md, "Callback body": these eight fields and no others
 */
export function callbackBody(
	state: SandboxState,
	run: SandboxRun,
	outcome: Outcome,
	nowMs: number,
): JsonObject {
	const { switches } = state;
	return {
		event: EVENTS[outcome],
		run_id: run.id,
		status: spellStatus(outcome, switches.callbackCanceledSpelling),
		output: renderOutput(state, run, nowMs) ?? failureOutput(state, run),
		duration_ms: runDurationMs(run),
		created_at: isoTime(run.createdAtMs),
		completed_at: isoTime(run.completedAtMs),
		metadata: run.metadata,
	};
}

/** @see docs/readings.md, row 3 */
function failureOutput(state: SandboxState, run: SandboxRun): JsonObject | null {
	if (run.failure === null || state.switches.callbackFailureOutput === 'null') return null;
	return { code: run.failure.code, message: run.failure.message, errors: null };
}
