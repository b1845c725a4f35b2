import type {
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
} from 'n8n-workflow';

import { asText } from '../../runflow/json';
import { simplifyRun } from '../../runflow/output';
import { isSuccessful, isTerminal, readRunId, readRunStatus } from '../../runflow/run';
import { wayOut } from './answer';
import type { Entry } from './ledger';
import { lookLate } from './lateLook';
import { lookAtRun } from './lookAtRun';
import { meetingPlace } from './meeting';
import { politeDelay } from './pace';
import {
	errorItem,
	isFailure,
	notReportedError,
	runFailedError,
	unreadItem,
	type Failure,
} from './runErrors';
import type { Settings } from './settings';
import { suspend, type SuspendedItem } from './suspension';
import { pause, waitForRun } from './waitForRun';

/** How an item stands: its run's record, its error, or nothing where the execution is over. */
type State = IDataObject | Failure | undefined;

/** One item whose run reports back. */
export interface Awaited {
	/** The request that started the run. */
	request: IHttpRequestOptions;
	entry: Entry;
	settings: Settings;
	/** How many items there are, and how many of them come this far. */
	items: number;
	present: number;
	/** Aborted when nobody waits for the item any more. */
	over: AbortSignal;
}

/** Either how the item stands, to go on with, or what it shows while its execution is suspended. */
export type AwaitedResult = { state: State } | { suspended: INodeExecutionData[] };

interface Brought {
	state: State;
	settings: Settings;
}
type Gathering = ReadonlyMap<number, Brought>;

const meetStarted = meetingPlace<Brought>();
const meetLooked = meetingPlace<Brought>();

/**
 * Has the execution suspended until Runflow calls back, unless all runs end in the first moments or the
 * node fails. n8n refuses a callback that comes while the node still runs, so nothing is looked at before
 * every item is started, and then all are right before the end.
 *
 * @param begun the record that the run's start was answered with, or the error of an item that fails
 * @see n8n-engine.md section 3
 */
export async function awaitCallback(
	this: IExecutePaginationFunctions,
	begun: IDataObject | Failure,
	awaited: Awaited,
): Promise<AwaitedResult> {
	const { request, settings, items, present, over } = awaited;
	const { pace } = settings;
	const itemIndex = this.getItemIndex();
	const comer = { key: this.getExecuteData(), itemIndex, present, over };
	let state: State = begun;
	if (!isFailure(state) && reportsElsewhere(this, state, awaited)) {
		state = await waitForRun.call(this, state, { pace, group: comer.key, over, started: request });
	}

	const started = await meetStarted(comer, { state, settings });
	if (started === undefined || fails(this, started)) return { state };
	if (isPending(state)) {
		await pause(
			Math.min(pace.firstLook, pace.longestInterval) + politeDelay(items, Math.random()),
			over,
		);
		state = await look.call(this, state, awaited);
	}
	const looked = await meetLooked(comer, { state, settings });
	if (looked === undefined || fails(this, looked)) return { state };
	if (![...looked.values()].some((item) => isPending(item.state))) return { state };

	if (itemIndex === Math.min(...looked.keys())) await park.call(this, looked, awaited);
	return {
		suspended: isFailure(state) || state === undefined ? [] : [shown(state, settings, itemIndex)],
	};
}

/**
 * Whether a run reports to somebody else: it was started by an earlier execution that this one retries.
 * The address is compared without its signature, which nobody need repeat.
 */
function reportsElsewhere(
	context: IExecutePaginationFunctions,
	run: IDataObject,
	{ entry, settings }: Awaited,
): boolean {
	const { callback_url: told } = run;
	if (told === undefined) return entry.startedIn !== context.getExecutionId();
	const [address] = (settings.callbackTo ?? '').split('?');
	return asText(told).split('?')[0] !== address;
}

/** Whether the node is to fail, and with it the whole execution. */
function fails(context: IExecutePaginationFunctions, items: Gathering): boolean {
	if (context.continueOnFail()) return false;
	return [...items.values()].some(
		({ state }) => state === undefined || isFailure(state) || hasFailed(state),
	);
}

function hasFailed(run: IDataObject): boolean {
	const status = readRunStatus(run);
	return isTerminal(status) && !isSuccessful(status);
}

function isPending(state: State): state is IDataObject {
	return state !== undefined && !isFailure(state) && !isTerminal(readRunStatus(state));
}

async function look(
	this: IExecutePaginationFunctions,
	run: IDataObject,
	{ request }: Awaited,
): Promise<IDataObject | Failure> {
	const seen = await lookAtRun.call(this, readRunId(run) ?? '', {
		started: request,
		itemIndex: this.getItemIndex(),
	});
	if ('failure' in seen) return seen.failure;
	return 'record' in seen ? seen.record : run;
}

/** Has the execution suspended on behalf of all its items. */
async function park(
	this: IExecutePaginationFunctions,
	items: Gathering,
	{ request, settings, items: count }: Awaited,
): Promise<void> {
	const all = Array.from({ length: count }, (_, index) => items.get(index));
	const longest = Math.max(...[...items.values()].map(({ settings }) => settings.pace.maxWait));
	const suspension = {
		id: `${this.getExecutionId()} ${Date.now()}`,
		way: wayOut(request),
		items: all.map(suspendedItem),
	};
	const handOn = all.map((item, index) =>
		item === undefined ? unreadItem(index) : timedOut.call(this, item, index, request),
	);
	await suspend.call(this, suspension, new Date(Date.now() + longest), handOn);
	const pending = [...items].flatMap(([index, { state }]) =>
		isPending(state) ? [[index, readRunId(state) ?? ''] as const] : [],
	);
	const runs = new Map(pending);
	lookLate
		.call(this, { runs, callbackTo: settings.callbackTo ?? '', started: request })
		.catch(() => undefined);
}

function suspendedItem(item: Brought | undefined, index: number): SuspendedItem {
	const { state, settings } = item ?? {};
	if (state === undefined || settings === undefined) return { failed: unreadItem(index).json };
	if (isFailure(state)) return { failed: errorItem(state, index).json };
	const { simplify, downloadInto } = settings;
	return { runId: readRunId(state) ?? '', simplify, downloadInto };
}

/** What an item hands on when no callback has come in time. */
function timedOut(
	this: IExecutePaginationFunctions,
	{ state, settings }: Brought,
	itemIndex: number,
	request: IHttpRequestOptions,
): INodeExecutionData {
	if (state === undefined) return unreadItem(itemIndex);
	if (isFailure(state)) return errorItem(state, itemIndex);
	if (hasFailed(state))
		return errorItem(runFailedError(this.getNode(), state, itemIndex), itemIndex);
	const item = shown(state, settings, itemIndex);
	if (!isPending(state)) return item;

	const error = notReportedError(this.getNode(), state, {
		minutes: settings.pace.maxWait / 60_000,
		apiUrl: asText(request.baseURL),
		callbackTo: settings.callbackTo ?? '',
		itemIndex,
	});
	// A disabled node, as n8n treats one whose wait has run out, cannot fail; but its error items still
	// leave by the error output.
	if (this.continueOnFail()) return errorItem(error, itemIndex);
	const { message, description } = error;
	return { ...item, json: { ...item.json, timed_out: true, message, description } };
}

function shown(run: IDataObject, { simplify }: Settings, itemIndex: number): INodeExecutionData {
	return { json: simplify ? simplifyRun(run) : run, pairedItem: { item: itemIndex } };
}
