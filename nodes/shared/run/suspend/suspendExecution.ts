import type { IExecutePaginationFunctions, INodeExecutionData } from 'n8n-workflow';

import { hasFailed, readRunId, readRunStatus } from '../../api/run';
import { nodeExecution } from '../../n8n/nodeExecution';
import type { ItemState } from '../nodeRun/itemState';
import type { OutputSettings } from '../nodeRun/outputSettings';
import type { Settings } from '../nodeRun/settings';
import { runItem } from '../output/finishedItems';
import { errorItem, isFailure, runFailedError, unreadItem } from '../read/itemErrors';
import { notDownloadedError, notReportedError } from '../read/waitErrors';
import { startedRun } from '../start/startLedger';
import { isPending, pendingRuns, type AwaitedItem, type ItemStates } from './itemStates';
import { recoverMissedCallbacks } from './recoverMissedCallbacks';
import { suspend, type SuspendedItem } from './suspension';

/** Suspends the execution for all its items. Called once, by one of them. */
export async function suspendExecution(
	context: IExecutePaginationFunctions,
	items: ItemStates,
	{ request, settings, nodeRun }: AwaitedItem,
): Promise<void> {
	const all = Array.from(
		{ length: nodeRun.items },
		(_, index) => items.get(index) ?? missingItem(context, index, settings),
	);
	const longest = all.reduce((most, item) => Math.max(most, item?.settings.policy.maxWait ?? 0), 0);
	const suspension = {
		id: `${context.getExecutionId()} ${Date.now()}`,
		till: Date.now() + longest,
		executionId: context.getExecutionId(),
		nodeRunIndex: nodeExecution(context).nodeRunIndex,
		items: all.map(suspendedItem),
	};
	const output = all.map((item, index) =>
		item === undefined ? unreadItem(index) : timedOut(context, item, index),
	);
	await suspend(context, suspension, output);
	const runs = pendingRuns(items);
	recoverMissedCallbacks(context, {
		id: suspension.id,
		runs,
		callbackTo: settings.callbackTo ?? '',
		connection: request,
	}).catch(() => undefined);
}

/** The state of an item that has started a run but has not arrived. Its run is awaited too. */
function missingItem(
	context: IExecutePaginationFunctions,
	itemIndex: number,
	settings: Settings,
): ItemState | undefined {
	const runId = startedRun(context, itemIndex);
	return runId === undefined ? undefined : { state: { id: runId }, settings };
}

function suspendedItem(item: ItemState | undefined, index: number): SuspendedItem {
	const { state, settings } = item ?? {};
	if (state === undefined || settings === undefined) return { failed: unreadItem(index).json };
	if (isFailure(state)) return { failed: errorItem(state, index).json };
	return { runId: readRunId(state) ?? '', output: outputOf(settings) };
}

function outputOf(settings: Settings): OutputSettings {
	const { simplify, splitOutputs, downloadInto, includeInputFields } = settings;
	return { simplify, splitOutputs, downloadInto, includeInputFields };
}

/** The output of an item when no callback has come in time. */
function timedOut(
	context: IExecutePaginationFunctions,
	{ state, settings }: ItemState,
	itemIndex: number,
): INodeExecutionData {
	if (state === undefined) return unreadItem(itemIndex);
	if (isFailure(state)) return errorItem(state, itemIndex);
	if (hasFailed(readRunStatus(state)))
		return errorItem(runFailedError(context.getNode(), state, itemIndex), itemIndex);
	const [input = []] = context.getExecuteData().data.main ?? [];
	const inputFields = settings.includeInputFields ? input?.[itemIndex]?.json : undefined;
	const item = runItem(state, { ...settings, inputFields }, itemIndex);
	const isComplete = settings.downloadInto === undefined && !settings.splitOutputs;
	if (!isPending(state) && isComplete) return item;
	const error = isPending(state)
		? notReportedError(context.getNode(), state, {
				minutes: settings.policy.maxWait / 60_000,
				callbackTo: settings.callbackTo ?? '',
				itemIndex,
			})
		: notDownloadedError(context.getNode(), state, itemIndex);
	// n8n treats a node whose wait has ended as disabled, so it cannot fail. Its error items still leave by the error
	// output.
	if (context.continueOnFail()) return errorItem(error, itemIndex);
	const { message, description } = error;
	return { ...item, json: { ...item.json, timed_out: true, message, description } };
}
