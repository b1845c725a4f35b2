import type { IExecutePaginationFunctions } from 'n8n-workflow';

import type { Connection } from '../../api/client';
import { isTerminal, readRunStatus } from '../../api/run';
import { progressOf } from './callbackProgress';
import { postToResumeUrl } from './postToResumeUrl';
import { getRun } from '../read/getRun';
import { listRuns } from '../read/listRuns';
import { limits } from '../../api/limits';
import { idle } from '../../async/pause';

/** The execution goes on. */
const TAKEN = 200;
const MADE_UP_FOR =
	'No callback of Runflow was taken for a suspended execution; the node has looked at the run itself. If this comes often, check the Callback Signing Secrets in the Runflow API credential and the WEBHOOK_URL of n8n';
/** n8n's answers after which nothing is left to do: taken, refused for good, or the execution is gone. */
const FINAL: ReadonlySet<number> = new Set([TAKEN, 401, 404]);

/** A suspended execution, as it is looked after. */
export interface Suspended {
	/** Of the {@link Suspension}. */
	id: string;
	/** Its runs that had not ended when it was suspended, by their item. */
	runs: ReadonlyMap<number, string>;
	callbackTo: string;
	connection: Connection;
}

/**
 * Closes the gap between the last look at the runs and the moment from which n8n takes callbacks: one that
 * comes in between is refused, and Runflow may not send it again. Where all runs have ended soon after,
 * the callback is sent from here.
 *
 * Nobody waits for this. Whatever fails here is left to Runflow's own callbacks, and to the end of the wait.
 * @see docs/n8n-engine.md, "Answers to a callback"; docs/readings.md, row 4
 */
export async function recoverMissedCallbacks(
	context: IExecutePaginationFunctions,
	{ id, runs, callbackTo, connection }: Suspended,
): Promise<void> {
	const [runId = ''] = runs.values();
	let waited = 0;
	for (const at of limits.missedCallbackChecks) {
		await idle(at - waited);
		waited = at;
		// A callback was let in, as far as this process knows.
		if (progressOf(id).resuming !== undefined) return;
		if (!(await haveEnded(context, runs, connection))) continue;
		const status = await postToResumeUrl(context, callbackTo, { runId, connection });
		if (status === TAKEN)
			context.logger.warn(MADE_UP_FOR, { executionId: context.getExecutionId() });
		if (status !== undefined && FINAL.has(status)) return;
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
