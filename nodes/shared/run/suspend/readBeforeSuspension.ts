import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';

import { pause } from '../../async/pause';
import { isTerminal, readRunId, readRunStatus } from '../../api/run';
import type { ItemsNodeRun } from '../nodeRun/joinNodeRun';
import { getRun, isNew } from '../read/getRun';
import type { Failure } from '../read/itemErrors';
import { firstWindow, listRunsInWindow, LIST_THRESHOLD, nextWindow } from '../read/listRuns';
import { spreadDelay } from '../wait/backoff';
import { isPending, pendingRuns, type AwaitedItem, type ItemStates } from './itemStates';

/**
 * When to read the runs before the execution is suspended, in milliseconds after the last start: some runs fail
 * immediately. Also the interval between list requests while many runs are polled here.
 */
const EARLY_INTERVAL = 1000;

/**
 * Reads the run of an item right before the suspension: one list request for many runs, a single request for a run that
 * the list does not show.
 * @returns the newest record, or the error of a run that Runflow refuses to show
 */
export async function readBeforeSuspension(
	context: IExecutePaginationFunctions,
	run: IDataObject,
	item: AwaitedItem,
	all: ItemStates,
): Promise<IDataObject | Failure> {
	const { request, startRecord, nodeRun } = item;
	const { over } = nodeRun.shared;
	const runId = readRunId(run) ?? '';
	const { records, unlisted } = await earlyReadings.get(
		nodeRun,
		async () => await pollBeforeSuspension(context, item, all),
	);
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
	/** The records of the runs that Runflow's list shows; empty if there are few runs. */
	records: ReadonlyMap<string, IDataObject>;
	/** How many runs it does not show. */
	unlisted: number;
}

/** Reads before the suspension once for all items of a node run. Lives as long as the node run. */
class EarlyReadings {
	readonly #byNodeRun = new WeakMap<ItemsNodeRun, Promise<EarlyReading>>();

	get(nodeRun: ItemsNodeRun, read: () => Promise<EarlyReading>): Promise<EarlyReading> {
		const reading = this.#byNodeRun.get(nodeRun) ?? read();
		this.#byNodeRun.set(nodeRun, reading);
		return reading;
	}
}

const earlyReadings = new EarlyReadings();

/**
 * Polls many runs for all items, until they have ended or are not worth waiting for here. A callback takes n8n a tenth
 * of a second, so the callbacks of a hundred short runs would keep it busy long after the runs have ended.
 */
async function pollBeforeSuspension(
	context: IExecutePaginationFunctions,
	{ request, settings, nodeRun }: AwaitedItem,
	all: ItemStates,
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
		// A run that is no longer in the list may have failed, so its earlier record is outdated.
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
