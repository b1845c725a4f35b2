import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';

import { limits } from '../../api/limits';
import { hasFailed, readRunId, readRunStatus } from '../../api/run';
import { nodeExecution } from '../../n8n/nodeExecution';
import { digest } from '../../values/digest';
import { searchRun } from './searchRun';
import { discardRun, type UnconfirmedStart } from './startLedger';
import { comparableInput, nameStart, type ItemStart } from './startName';

/** Looks for the run of a start of an earlier try, until Runflow cannot be handling that start any more. */
export async function searchUnconfirmed(
	context: IExecutePaginationFunctions,
	{ request, startRecord, input }: ItemStart,
	{ since, settledAt, reference, hash, inputHash }: UnconfirmedStart,
): Promise<IDataObject | 'none' | 'unclear'> {
	// The user's own reference is not enough without the input that was sent.
	if (hash === undefined && inputHash !== digest(input)) return 'unclear';
	const sought = { reference, hash, input: comparableInput(request), since };
	const search = async (ms: number) =>
		// Which execution the run calls back is not known.
		await searchRun(context, request, sought, { startRecord, startedIn: undefined, pauses: [ms] });
	const found = await search(0);
	const shownBy =
		settledAt === undefined ? since + limits.startHandled : settledAt + limits.runShown;
	const rest = shownBy - Date.now();
	return found !== 'none' || rest <= 0 || startRecord.runId !== undefined
		? found
		: await search(rest);
}

/**
 * Looks for the run that a lost execution has started: the one that is retried, or an earlier Retry of it, of which n8n
 * knows nothing either. A run that has failed is followed by the next attempt. Where n8n has kept nothing of the node,
 * or was started a moment ago, a run that is not found is started again only once Runflow cannot be handling an earlier
 * start any more.
 */
export async function searchLost(
	context: IExecutePaginationFunctions,
	item: ItemStart,
): Promise<IDataObject | 'none' | 'unclear'> {
	const { request, startRecord, ownKey } = item;
	const { begunAt: since, isForgotten, retriedAt = 0 } = nodeExecution(context);
	const wasSearched = startRecord.searchedIn !== undefined;
	const lostBy = Math.max(limits.loadedAt, isForgotten && !wasSearched ? retriedAt : 0);
	const handledBy = lostBy + limits.startHandled;
	startRecord.mayBeLost = true;
	for (let wait = 0; ;) {
		const sought = { ...nameStart(context, item), since };
		const search = { startRecord, startedIn: undefined, pauses: [wait] };
		const found = await searchRun(context, request, sought, search);
		// The user's own key or reference stays the same at each attempt.
		const isNextNamed = sought.hash !== undefined && ownKey === undefined;
		if (typeof found !== 'string' && isNextNamed && hasFailed(readRunStatus(found))) {
			discardRun(startRecord, readRunId(found));
			wait = 0;
			continue;
		}
		if (found === 'unclear') return found;
		wait = found === 'none' ? handledBy - Date.now() : 0;
		if (wait > 0) continue;
		delete startRecord.mayBeLost;
		startRecord.searchedIn = startRecord.executionId;
		return found;
	}
}
