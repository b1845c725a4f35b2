import type { IExecutePaginationFunctions } from 'n8n-workflow';

import type { Connection } from '../../api/client';
import { limits } from '../../api/limits';
import { isTerminal, readRunStatus } from '../../api/run';
import { getRun } from '../read/getRun';
import { listRuns } from '../read/listRuns';
import { progressOf } from './callbackProgress';
import { RESUMED } from './postToResumeUrl';
import { resumeWhenEnded, type Check } from './resumeWhenEnded';

const MADE_UP_FOR =
	'No callback from Runflow was accepted for a suspended execution, so the node read the run itself. If this happens often, check the Callback Signing Secrets in the Runflow API credential and the WEBHOOK_URL of n8n';
/** n8n's answers after which nothing is left to do: resumed, refused permanently, or the execution is gone. */
const FINAL: ReadonlySet<number> = new Set([RESUMED, 401, 404]);

/** A suspended execution whose callbacks may be missed. */
export interface Suspended {
	/** Of the {@link Suspension}. */
	id: string;
	/** Its runs that had not ended when it was suspended, by item index. */
	runs: ReadonlyMap<number, string>;
	callbackTo: string;
	connection: Connection;
}

/**
 * Closes the gap between the last reading of the runs and the moment from which n8n takes callbacks: n8n refuses one
 * that comes in between, and Runflow may not send it again. If all runs end in this time, the callback is sent from
 * here.
 *
 * Nothing waits for this. If it fails, Runflow's own callbacks and the end of the wait remain.
 * @see docs/n8n-engine.md, "Answers to a callback"; docs/readings.md, row 4
 */
export async function recoverMissedCallbacks(
	context: IExecutePaginationFunctions,
	{ id, runs, callbackTo, connection }: Suspended,
): Promise<void> {
	const [runId = ''] = runs.values();
	const check = async (): Promise<Check> => {
		// A callback was accepted, as far as this process knows.
		if (progressOf(id).resuming !== undefined) return 'stop';
		return (await haveEnded(context, runs, connection)) ? 'all ended' : 'later';
	};
	const checks = limits.missedCallbackChecks;
	const answered = await resumeWhenEnded(context, {
		delays: checks.map((at, index) => at - (checks[index - 1] ?? 0)),
		check,
		callbackTo,
		callback: { runId, connection },
		isFinal: (status) => status !== undefined && FINAL.has(status),
	});
	if (answered?.status === RESUMED) {
		context.logger.warn(MADE_UP_FOR, { executionId: context.getExecutionId() });
	}
}

async function haveEnded(
	context: IExecutePaginationFunctions,
	runs: Suspended['runs'],
	connection: Connection,
): Promise<boolean> {
	const listed = await listRuns(context, runs.values(), connection);
	if ([...listed.values()].some((run) => !isTerminal(readRunStatus(run)))) return false;
	for (const [itemIndex, runId] of runs) {
		if (listed.has(runId)) continue;
		const seen = await getRun(context, runId, { connection, itemIndex });
		if (!('record' in seen) || !isTerminal(readRunStatus(seen.record))) return false;
	}
	return true;
}
