import type {
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
} from 'n8n-workflow';

import { withoutQuery } from '../../values/address';
import { asText } from '../../values/json';
import { hasFailed, isTerminal, readRunId, readRunStatus } from '../../api/run';
import type { ItemState, State } from '../nodeRun/itemState';
import type { ItemsNodeRun } from '../nodeRun/joinNodeRun';
import { runItem } from '../output/finishedItem';
import { startedRun, type StartRecord } from '../start/startLedger';
import { recoverMissedCallbacks } from './recoverMissedCallbacks';
import { getRun, isNew } from '../read/getRun';
import { firstWindow, listRunsInWindow, LIST_THRESHOLD, nextWindow } from '../read/listRuns';
import { spreadDelay } from '../wait/backoff';
import {
	errorItem,
	isFailure,
	notReportedError,
	runFailedError,
	unreadItem,
	waitEndedError,
	type Failure,
} from '../read/itemErrors';
import type { Settings } from '../nodeRun/settings';
import { suspend, wasSuspendedFor, type SuspendedItem } from './suspension';
import { pause } from '../../async/pause';
import { waitForRun } from '../wait/waitForRun';

/** One item whose run reports back. */
export interface Awaited {
	/** The request that started the run. */
	request: IHttpRequestOptions;
	startRecord: StartRecord;
	settings: Settings;
	nodeRun: ItemsNodeRun;
}

/**
 * Either how the item stands, to go on with, and whether n8n will show nothing of it; or what it shows while its
 * execution is suspended.
 */
export type AwaitedResult =
	{ state: State; nodeFails?: boolean } | { suspended: INodeExecutionData[] };

type Gathering = ReadonlyMap<number, ItemState>;

/**
 * When to read the runs before the execution is suspended, in milliseconds after the last start: some runs fail at
 * once. Also the pause between list requests while many runs are waited for here.
 */
const EARLY_INTERVAL = 1000;

/**
 * Has the execution suspended until Runflow calls back, unless all runs end in the first moments or the
 * node fails. n8n refuses a callback that comes while the node still runs, so nothing is looked at before
 * every item is started, and then all are right before the end.
 *
 * @param startResult the record that the run's start was answered with, or the error of an item that fails
 * @see docs/n8n-engine.md, "Suspended executions"
 */
export async function awaitCallback(
	context: IExecutePaginationFunctions,
	startResult: IDataObject | Failure,
	awaited: Awaited,
): Promise<AwaitedResult> {
	const { request, startRecord, settings, nodeRun } = awaited;
	const { over } = nodeRun.shared;
	const { policy } = settings;
	const itemIndex = context.getItemIndex();
	const arrive = async (phase: 'started' | 'readBeforeSuspension', state: State) =>
		await nodeRun.arrive(phase, itemIndex, { state, settings }, over);
	let state: State = startResult;
	if (!isFailure(state) && isReportedOtherwise(context, state, awaited)) {
		const pollerKey = context.getExecuteData();
		const wait = {
			policy,
			pollerKey,
			items: nodeRun.items,
			over,
			startRecord,
			connection: request,
		};
		state = await waitForRun(context, state, wait);
	}

	const allStarted = await arrive('started', state);
	if (allStarted === undefined) return { state: stateWhenAbandoned(context, state) };
	if (fails(context, allStarted.all)) return { state, nodeFails: true };
	if (isPending(state)) {
		state = await readBeforeSuspension(context, state, awaited, allStarted.all);
	}
	const allRead = await arrive('readBeforeSuspension', state);
	if (allRead === undefined) return { state: stateWhenAbandoned(context, state) };
	const { all, isLeader } = allRead;
	if (fails(context, all)) return { state, nodeFails: true };
	if (!summary(all).somePending) return { state };

	if (isLeader) await suspendExecution(context, all, awaited);
	if (isFailure(state) || state === undefined) return { suspended: [] };
	return { suspended: [runItem(state, settings, itemIndex)] };
}

/** How an item stands that nobody waits for: as after Stop, or not at all where another try has begun. */
function stateWhenAbandoned(context: IExecutePaginationFunctions, state: State): State {
	if (context.getExecutionCancelSignal()?.aborted !== true) return undefined;
	return isPending(state)
		? waitEndedError(context.getNode(), readRunId(state) ?? '', context.getItemIndex())
		: state;
}

/**
 * Whether no callback for a run is to come: it was started by an earlier execution that this one retries, and reports
 * to that, or this one has taken its callback and the node runs again to fail. The address is compared without its
 * signature, which nobody need repeat.
 */
function isReportedOtherwise(
	context: IExecutePaginationFunctions,
	run: IDataObject,
	{ startRecord, settings }: Awaited,
): boolean {
	if (wasSuspendedFor(context, readRunId(run) ?? '')) return true;
	const callbackUrl = asText(run.callback_url);
	if (callbackUrl === '') return startRecord.startedIn !== context.getExecutionId();
	return withoutQuery(callbackUrl) !== withoutQuery(settings.callbackTo ?? '');
}

/** Whether the node is to fail, and with it the whole execution. */
function fails(context: IExecutePaginationFunctions, items: Gathering): boolean {
	return !context.continueOnFail() && summary(items).someFailed;
}

interface Summary {
	/** Of how many items it is. */
	size: number;
	someFailed: boolean;
	somePending: boolean;
}

/** Each of a thousand items asks this of all the others, and is answered by what was found for the first. */
const summaries = new WeakMap<Gathering, Summary>();

function summary(items: Gathering): Summary {
	const known = summaries.get(items);
	if (known?.size === items.size) return known;
	const states = [...items.values()].map(({ state }) => state);
	const found: Summary = {
		size: items.size,
		someFailed: states.some(
			(state) => state === undefined || isFailure(state) || hasFailed(readRunStatus(state)),
		),
		somePending: states.some(isPending),
	};
	summaries.set(items, found);
	return found;
}

function isPending(state: State): state is IDataObject {
	return state !== undefined && !isFailure(state) && !isTerminal(readRunStatus(state));
}

/** The runs of those items that have not ended, by their item. */
function pendingRuns(items: Gathering): Map<number, string> {
	return new Map(
		[...items].flatMap(([index, { state }]) =>
			isPending(state) ? [[index, readRunId(state) ?? ''] as const] : [],
		),
	);
}

async function readBeforeSuspension(
	context: IExecutePaginationFunctions,
	run: IDataObject,
	awaited: Awaited,
	all: Gathering,
): Promise<IDataObject | Failure> {
	const { request, startRecord, nodeRun } = awaited;
	const { over } = nodeRun.shared;
	const runId = readRunId(run) ?? '';
	const early = earlyReadings.get(nodeRun) ?? pollBeforeSuspension(context, awaited, all);
	earlyReadings.set(nodeRun, early);
	const { records, unlisted } = await early;
	const listed = records.get(runId);
	if (listed !== undefined || over.aborted) return listed ?? run;
	await pause(spreadDelay(unlisted, Math.random()), over);
	const seen = await getRun(context, runId, {
		connection: request,
		itemIndex: context.getItemIndex(),
		isNew: isNew(startRecord),
	});
	if ('failure' in seen) return seen.failure;
	return 'record' in seen ? seen.record : run;
}

interface EarlyReading {
	/** The records of the runs that Runflow's list shows; none where they are few. */
	records: ReadonlyMap<string, IDataObject>;
	/** How many runs it does not show. */
	unlisted: number;
}

/** What was read before the suspension, by the node run. */
const earlyReadings = new WeakMap<Awaited['nodeRun'], Promise<EarlyReading>>();

/**
 * Looks at many runs for all items, until they have ended or are not worth waiting for here. Each callback takes
 * n8n a tenth of a second, so those of a hundred short runs would keep it busy for long after their end.
 */
async function pollBeforeSuspension(
	context: IExecutePaginationFunctions,
	{ request, settings, nodeRun }: Awaited,
	all: Gathering,
): Promise<EarlyReading> {
	const { over } = nodeRun.shared;
	const runIds = new Set(pendingRuns(all).values());
	const { holdMany, maxWait } = settings.policy;
	const until = Date.now() + Math.min(holdMany, maxWait);
	const records = new Map<string, IDataObject>();
	const result = (): EarlyReading => ({ records, unlisted: runIds.size - records.size });
	let window = firstWindow(nodeRun.items);
	for (let wait = EARLY_INTERVAL; ;) {
		await pause(wait, over);
		if (over.aborted || runIds.size < LIST_THRESHOLD) return result();
		const left = new Set([...runIds].filter((id) => !hasEnded(records.get(id))));
		const seen = await listRunsInWindow(context, left, window, request);
		// What is not shown any more may have failed: what was shown before is out of date.
		for (const id of left) records.delete(id);
		for (const [id, record] of seen.records) records.set(id, record);
		const { found, failed } = seen;
		if (failed === undefined && found < left.size) window = nextWindow(window) ?? window;
		wait = Math.max(EARLY_INTERVAL, failed?.retryAfter ?? 0);
		const isOver = Date.now() + wait > until;
		const isUseless = failed?.isTransient === false || (failed === undefined && found === 0);
		const hasFailures = found > seen.records.size && !context.continueOnFail();
		const isDone = failed === undefined && ![...seen.records.values()].some(isPending);
		if (isOver || isUseless || hasFailures || (isDone && found === left.size)) return result();
	}
}

function hasEnded(record: IDataObject | undefined): boolean {
	return record !== undefined && isTerminal(readRunStatus(record));
}

/** Has the execution suspended on behalf of all its items. */
async function suspendExecution(
	context: IExecutePaginationFunctions,
	items: Gathering,
	{ request, settings, nodeRun }: Awaited,
): Promise<void> {
	const all = Array.from(
		{ length: nodeRun.items },
		(_, index) => items.get(index) ?? missingItem(context, index, settings),
	);
	const longest = all.reduce((most, item) => Math.max(most, item?.settings.policy.maxWait ?? 0), 0);
	const suspension = {
		id: `${context.getExecutionId()} ${Date.now()}`,
		till: Date.now() + longest,
		items: all.map(suspendedItem),
	};
	const output = all.map((item, index) =>
		item === undefined ? unreadItem(index) : timedOut(context, item, index, request),
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

/** An item that has started a run and has not come: it is not lost for that. */
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
	const { simplify, downloadInto } = settings;
	return { runId: readRunId(state) ?? '', simplify, downloadInto };
}

/** What an item hands on when no callback has come in time. */
function timedOut(
	context: IExecutePaginationFunctions,
	{ state, settings }: ItemState,
	itemIndex: number,
	request: IHttpRequestOptions,
): INodeExecutionData {
	if (state === undefined) return unreadItem(itemIndex);
	if (isFailure(state)) return errorItem(state, itemIndex);
	if (hasFailed(readRunStatus(state)))
		return errorItem(runFailedError(context.getNode(), state, itemIndex), itemIndex);
	const item = runItem(state, settings, itemIndex);
	if (!isPending(state)) return item;

	const error = notReportedError(context.getNode(), state, {
		minutes: settings.policy.maxWait / 60_000,
		apiUrl: asText(request.baseURL),
		callbackTo: settings.callbackTo ?? '',
		itemIndex,
	});
	// A disabled node, as n8n treats one whose wait has run out, cannot fail; but its error items still
	// leave by the error output.
	if (context.continueOnFail()) return errorItem(error, itemIndex);
	const { message, description } = error;
	return { ...item, json: { ...item.json, timed_out: true, message, description } };
}
