import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	INodePropertyRouting,
} from 'n8n-workflow';

import { fullResponse } from '../api/fullResponse';
import { isTool } from '../n8n/thisNode';
import type { State } from './nodeRun/itemState';
import { areAllValid, joinNodeRun, type ItemsNodeRun } from './nodeRun/joinNodeRun';
import { readItemSettings, type Settings } from './nodeRun/settings';
import { failed, toOutput } from './toOutput';
import { errorOfItem, isFailure } from './read/itemErrors';
import { prepareStart, type PreparedStart, type ValidateInput } from './start/prepareStart';
import { releaseRecord } from './start/startLedger';
import { startRun } from './start/startRun';
import { awaitCallback, type AwaitedResult } from './suspend/awaitCallback';
import type { AwaitedItem } from './suspend/itemStates';
import { failedBefore } from './suspend/suspension';
import type { PollingPolicy } from './nodeRun/pollingPolicy';
import { waitForRun } from './wait/waitForRun';

/** What an operation declares besides its fields. */
export interface RunDefinition {
	/** The path of its endpoint, as on its documentation page. */
	endpoint: string;
	/** How often such a run is polled, and for how long. */
	policy: PollingPolicy;
	/** Validates the whole `input` where fields depend on each other. */
	validateInput?: ValidateInput;
}

/**
 * The routing of an operation: its endpoint, and the function that takes over the request once n8n has gathered it
 * from the parameters. Only n8n's pagination hook wraps the request itself. So only there can a request be held back,
 * an error keep its link to the item, and a run be waited for.
 * @see docs/n8n-engine.md, "Item links and errors" and "The pagination hook wraps the request"
 */
export function runRouting(run: RunDefinition): INodePropertyRouting {
	return {
		request: { method: 'POST', url: run.endpoint },
		send: { paginate: true },
		operations: {
			async pagination(this: IExecutePaginationFunctions, gathered) {
				return await executeItem(this, run, gathered);
			},
		},
		output: { postReceive: [fullResponse] },
	};
}

/**
 * Executes one item. This is the only place that calls the stages of a run: validate, start, wait or suspend, output.
 * @param gathered the request as n8n has gathered it from the parameters
 * @returns the item's run or, if the node continues on failures, its error; nothing when n8n has given up on the item
 * @throws the item's error, when the node does not continue on failures
 */
async function executeItem(
	context: IExecutePaginationFunctions,
	run: RunDefinition,
	gathered: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const nodeRun = joinNodeRun(context);
	try {
		return await executeStages(context, run, gathered, nodeRun);
	} finally {
		nodeRun.leave(context.getItemIndex());
	}
}

async function executeStages(
	context: IExecutePaginationFunctions,
	{ policy, validateInput }: RunDefinition,
	gathered: DeclarativeRestApiSettings.ResultOptions,
	nodeRun: ItemsNodeRun,
): Promise<INodeExecutionData[]> {
	const { settings, problem } = readItemSettings(context, policy);
	const sharedCompletion = nodeRun.shared.completion;
	const stage = { settings, unreadable: problem, sharedCompletion, validateInput };
	const prepared = prepareStart(context, gathered, stage);
	try {
		return await executePrepared(context, gathered, { prepared, settings, nodeRun });
	} finally {
		releaseRecord(prepared.startRecord);
	}
}

async function executePrepared(
	context: IExecutePaginationFunctions,
	gathered: DeclarativeRestApiSettings.ResultOptions,
	{
		prepared: { startRecord, ownKey, invalid },
		settings,
		nodeRun,
	}: { prepared: PreparedStart; settings: Settings; nodeRun: ItemsNodeRun },
): Promise<INodeExecutionData[]> {
	const { isAllOrNothing } = nodeRun.shared;
	if (isAllOrNothing) {
		const maySend = await areAllValid(nodeRun, context.getItemIndex(), invalid === undefined);
		if (invalid !== undefined) return failed(context, invalid);
		// Another item is invalid: n8n throws its error and drops the output of this one.
		if (!maySend) return [];
	}

	const isAbandoned = () => isItemAbandoned(context, nodeRun);
	const start = { ...settings, ownKey, isAbandoned };
	const failedItem = failedBefore(context);
	const startResult =
		invalid ??
		(failedItem && errorOfItem(context.getNode(), failedItem, context.getItemIndex())) ??
		(await startRun(context, gathered, startRecord, start));
	if (startResult === undefined) return [];

	const request = gathered.options as IHttpRequestOptions;
	const item = { request, startRecord, settings, nodeRun };
	const result = await waitOrSuspend(context, startResult, item);
	if ('suspended' in result) return result.suspended;
	// n8n drops the output of a node that fails, so its files need not be downloaded.
	const outputOptions =
		result.nodeFails === true ? { ...settings, downloadInto: undefined } : settings;
	return await toOutput(context, result.state, { ...item, settings: outputOptions, isAbandoned });
}

async function waitOrSuspend(
	context: IExecutePaginationFunctions,
	startResult: Exclude<State, undefined>,
	item: AwaitedItem,
): Promise<AwaitedResult> {
	if (item.nodeRun.shared.completion === 'callback') {
		return await awaitCallback(context, startResult, item);
	}
	if (item.settings.completion !== 'polling' || isFailure(startResult)) {
		return { state: startResult };
	}
	return { state: await waitForRun(context, startResult, item) };
}

/**
 * Whether n8n has given up on the item other than by Stop: the execution has ended, since n8n could not evaluate an
 * item of a later batch, or another try has begun. (A further call of a tool is not another try of the same.)
 */
function isItemAbandoned(context: IExecutePaginationFunctions, nodeRun: ItemsNodeRun): boolean {
	const isStopped = context.getExecutionCancelSignal()?.aborted === true;
	if (nodeRun.shared.over.aborted && !isStopped) return true;
	return nodeRun.isCancelled && !isTool(context);
}
