import { signInlineMedia } from '../assets/inlineMedia';
import { isoTime } from '../isoTime';
import type { JsonObject } from '../json';
import type { SandboxState } from '../state';
import type { Switches } from '../switches';
import { uuidOf } from '../uuidOf';
import { runCost } from './cost';
import { renderOutput } from './renderOutput';
import type { RunFailure, RunStatus, SandboxRun } from './run';

/**
 * In: a run and the time. Out: the full run record.
 * @see docs/runflow-api.md, "Run record": fields without a known meaning are null
 */
export function renderRun(state: SandboxState, run: SandboxRun, nowMs: number): JsonObject {
	const { switches } = state;
	return {
		[switches.idKey]: run.id,
		flow_id: null,
		model_id: uuidOf(run.model.id),
		comfyui_workflow_id: null,
		target_type: 'model',
		target_version: null,
		org_id: run.orgId,
		[switches.statusKey]: spellStatus(run.status, switches.canceledSpelling),
		source_code: 'api',
		input: signInlineMedia(state, run.input, nowMs),
		output: renderOutput(state, run, nowMs),
		context: null,
		duration_ms: runDurationMs(run),
		cost: runCost(run),
		cost_breakdown: null,
		nodes_total: null,
		nodes_completed: null,
		resolved_template_id: null,
		batch_id: null,
		client_ref: run.clientRef,
		jurisdiction_code: null,
		flow_version_id: null,
		request_id: run.requestId,
		created_by: null,
		created_at: isoTime(run.createdAtMs),
		started_at: isoTime(run.startedAtMs),
		completed_at: isoTime(run.completedAtMs),
		callback_url: run.callbackUrl,
		metadata: run.metadata,
		has_logs: false,
		has_node_runs: false,
		links: null,
		...renderFailure(run.failure, switches.failureSpelling),
		feedback_is_positive: null,
		feedback_reason: null,
		source_chat_message_id: null,
		current_evaluation_summary: null,
	};
}

/**
 * In: a status and how its one ambiguous word is written. Out: the word.
 * @see docs/readings.md, row 1
 */
export function spellStatus(status: RunStatus, canceled: Switches['canceledSpelling']): string {
	return status === 'canceled' ? canceled : status;
}

/**
 * In: a run. Out: how long it took from creation to its end, or null while it is not over.
 * @see docs/runflow-api.md, "Callback body"
 */
export function runDurationMs(run: SandboxRun): number | null {
	return run.completedAtMs === null ? null : run.completedAtMs - run.createdAtMs;
}

/** @see docs/runflow-api.md, "Failure fields"; docs/readings.md, row 7 */
function renderFailure(
	failure: RunFailure | null,
	spelling: Switches['failureSpelling'],
): JsonObject {
	if (spelling === 'error') {
		return { error: failure === null ? null : { code: failure.code, message: failure.message } };
	}
	return {
		failure_code: failure?.code ?? null,
		failure_message: failure?.message ?? null,
		[spelling === 'codes' ? 'failure_stage_code' : 'failure_stage']: failure?.stage ?? null,
	};
}
