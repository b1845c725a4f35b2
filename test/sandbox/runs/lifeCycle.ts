import { startDeliveries } from '../callbacks/delivery';
import { later, type SandboxState } from '../state';
import { makeArtifacts } from './artifacts';
import { isTerminal, type Outcome, type RunStatus, type SandboxRun } from './run';

/** The parts of a run's time that it spends in the queue and in dispatch. */
const QUEUED_PART = 0.1;
const DISPATCHING_PART = 0.2;

/**
 * In: a run just made. Adds it to the sandbox and, unless it is manual, lets its time run.
 * @see docs/runflow-api.md, "Status"
 */
export function beginRun(state: SandboxState, run: SandboxRun): void {
	const { runDurationMs } = state.switches;
	run.durationMs = typeof runDurationMs === 'number' ? runDurationMs : runDurationMs(run);
	state.runs.set(run.id, run);
	// The timer is for the callback: the run may never be read.
	if (run.manual) return;
	later(state, run.durationMs, () => {
		endRun(state, run, undefined, endOf(run));
	});
}

/**
 * In: a run and the time. Moves the run to where the clock says that it is.
 * @see docs/runflow-api.md, "Status"
 */
export function advanceRun(state: SandboxState, run: SandboxRun, nowMs: number): void {
	if (run.manual || isTerminal(run.status)) return;
	if (nowMs >= endOf(run)) endRun(state, run, undefined, endOf(run));
	else moveRun(run, phaseAt(nowMs - run.createdAtMs, run.durationMs), startOf(run));
}

/**
 * In: a run that is not over, a status that is not terminal, and the time. Puts the run there.
 */
export function moveRun(run: SandboxRun, status: Exclude<RunStatus, Outcome>, nowMs: number): void {
	if (isTerminal(run.status)) return;
	run.status = status;
	if (status === 'running') run.startedAtMs ??= nowMs;
}

/**
 * In: a run, how it ends (the switches decide when that is left out) and when. Ends it and sends its callbacks;
 * nothing happens to a run that is over.
 * @see docs/runflow-api.md, "Output" and "Callback body"
 */
export function endRun(
	state: SandboxState,
	run: SandboxRun,
	outcome: Outcome | undefined,
	atMs: number,
): void {
	if (isTerminal(run.status)) return;
	settleRun(state, run, outcome, atMs);
	startDeliveries(state, run, atMs);
}

/**
 * In: as `endRun`. Ends a run that is not over, without its callbacks.
 */
export function settleRun(
	state: SandboxState,
	run: SandboxRun,
	outcome: Outcome | undefined,
	atMs: number,
): void {
	const { switches } = state;
	const end = outcome ?? switches.outcomeFor?.(run) ?? switches.outcome;
	run.artifacts = makeArtifacts(run, end);
	if (end === 'failed') {
		run.failure = typeof switches.failure === 'function' ? switches.failure(run) : switches.failure;
	}
	run.startedAtMs ??= Math.min(startOf(run), atMs);
	run.completedAtMs = atMs;
	run.status = end;
}

/**
 * In: how long a run has been under way and how long it takes in all. Out: the status that it is in before its end.
 * @see docs/runflow-api.md, "Status": how long each lasts is the sandbox's own choice
 */
export function phaseAt(elapsedMs: number, durationMs: number): Exclude<RunStatus, Outcome> {
	if (elapsedMs < durationMs * QUEUED_PART) return 'queued';
	return elapsedMs < durationMs * DISPATCHING_PART ? 'dispatching' : 'running';
}

function startOf(run: SandboxRun): number {
	if (run.manual) return run.createdAtMs;
	return run.createdAtMs + Math.round(run.durationMs * DISPATCHING_PART);
}

function endOf(run: SandboxRun): number {
	return run.createdAtMs + run.durationMs;
}
