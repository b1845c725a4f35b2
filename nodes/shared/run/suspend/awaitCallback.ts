import type { IDataObject, IExecutePaginationFunctions, INodeExecutionData } from 'n8n-workflow';

import { withoutQuery } from '../../values/address';
import { asText } from '../../values/json';
import { readRunId } from '../../api/run';
import type { State } from '../nodeRun/itemState';
import { runItem } from '../output/finishedItems';
import { isFailure, type Failure } from '../read/itemErrors';
import { waitEndedError } from '../read/waitErrors';
import { waitForRun } from '../wait/waitForRun';
import { isPending, summarize, type AwaitedItem, type ItemStates } from './itemStates';
import { readBeforeSuspension } from './readBeforeSuspension';
import { suspendExecution } from './suspendExecution';
import { wasSuspendedFor } from './suspension';

/**
 * Either the state that the item ends with, and whether n8n drops its output since the node fails; or the item's output
 * while its execution is suspended.
 */
export type AwaitedResult =
	{ state: State; nodeFails?: boolean } | { suspended: INodeExecutionData[] };

/**
 * Suspends the execution until Runflow calls back, unless all runs end in the first moments or the node fails. n8n
 * refuses a callback that comes while the node still runs. So the runs are read only once every item is started, and
 * the execution is suspended right after that.
 *
 * @param startResult the record from the answer to the run's start, or the item's error
 * @see docs/n8n-engine.md, "Suspending"
 */
export async function awaitCallback(
	context: IExecutePaginationFunctions,
	startResult: IDataObject | Failure,
	item: AwaitedItem,
): Promise<AwaitedResult> {
	const { settings, nodeRun } = item;
	const { over } = nodeRun.shared;
	const itemIndex = context.getItemIndex();
	const arrive = async (phase: 'started' | 'readBeforeSuspension', state: State) =>
		await nodeRun.arrive(phase, itemIndex, { state, settings }, over);
	let state: State = startResult;
	if (!isFailure(state) && isReportedElsewhere(context, state, item)) {
		state = await waitForRun(context, state, item);
	}

	const allStarted = await arrive('started', state);
	if (allStarted === undefined) return { state: stateWhenAbandoned(context, state) };
	if (fails(context, allStarted.all)) return { state, nodeFails: true };
	if (isPending(state)) {
		state = await readBeforeSuspension(context, state, item, allStarted.all);
	}
	const allRead = await arrive('readBeforeSuspension', state);
	if (allRead === undefined) return { state: stateWhenAbandoned(context, state) };
	const { all, isLeader } = allRead;
	if (fails(context, all)) return { state, nodeFails: true };
	if (!summarize(all).somePending) return { state };

	if (isLeader) await suspendExecution(context, all, item);
	if (isFailure(state) || state === undefined) return { suspended: [] };
	return { suspended: [runItem(state, settings, itemIndex)] };
}

/** The state of an item whose try is abandoned: an error after Stop, or nothing if another try has begun. */
function stateWhenAbandoned(context: IExecutePaginationFunctions, state: State): State {
	if (context.getExecutionCancelSignal()?.aborted !== true) return undefined;
	return isPending(state)
		? waitEndedError(context.getNode(), readRunId(state) ?? '', context.getItemIndex())
		: state;
}

/**
 * Whether the callback for a run goes to another execution or has been used already: the run was started by an earlier
 * execution that this one retries, or the node runs again to fail. The addresses are compared without their signatures,
 * which Runflow may leave out.
 */
function isReportedElsewhere(
	context: IExecutePaginationFunctions,
	run: IDataObject,
	{ startRecord, settings }: AwaitedItem,
): boolean {
	if (wasSuspendedFor(context, readRunId(run) ?? '')) return true;
	const callbackUrl = asText(run.callback_url);
	if (callbackUrl === '') return startRecord.startedIn !== context.getExecutionId();
	return withoutQuery(callbackUrl) !== withoutQuery(settings.callbackTo ?? '');
}

/** Whether the node fails, and with it the whole execution. */
function fails(context: IExecutePaginationFunctions, items: ItemStates): boolean {
	return !context.continueOnFail() && summarize(items).someFailed;
}
