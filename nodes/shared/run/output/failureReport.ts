import type { NodeApiError, NodeOperationError } from 'n8n-workflow';

/** One try of the node: who is done, and what failed. */
interface Tally {
	done: Set<number>;
	failures: (NodeApiError | NodeOperationError)[];
	/** Ids of the runs that were started, by item. */
	runIds: Map<number, string>;
	/** The Client References of items of which it is not known whether their run was started. */
	unconfirmed: Map<number, string>;
}

const tallies = new WeakMap<object, Tally>();

/** Ids that an error lists at the most; the others are found in Runflow all the same. */
const LISTED = 50;

/** How one item came out. */
export interface Outcome {
	/** What is the same for all items of this run of the node. */
	key: object;
	itemIndex: number;
	/** How many items there are. */
	items: number;
	runId: string | undefined;
	/** The Client Reference of a run of which it is not known whether it was started. */
	unconfirmed: string | undefined;
	failure: NodeApiError | NodeOperationError | undefined;
}

/**
 * Notes how an item came out; once all have, the errors among them say which runs the others have
 * started. n8n throws one error for all items and drops the results of the others, but it waits for all
 * of them first, so what is added here is seen.
 * @see docs/n8n-engine.md, "All items are sent in parallel"
 */
export function reportOutcome(outcome: Outcome): void {
	const { key, itemIndex, items, runId, unconfirmed, failure } = outcome;
	const known = tallies.get(key);
	// An item that comes a second time belongs to the next try.
	const tally = known === undefined || known.done.has(itemIndex) ? newTally() : known;
	tallies.set(key, tally);
	tally.done.add(itemIndex);
	if (failure !== undefined) tally.failures.push(failure);
	if (runId !== undefined) tally.runIds.set(itemIndex, runId);
	if (unconfirmed !== undefined) tally.unconfirmed.set(itemIndex, unconfirmed);
	if (tally.done.size < items) return;

	tallies.delete(key);
	for (const error of tally.failures) {
		listOthers(error, tally);
	}
}

/** Adds to the error of an item which runs the others have. */
function listOthers(
	error: NodeApiError | NodeOperationError,
	{ runIds, unconfirmed }: Pick<Tally, 'runIds' | 'unconfirmed'>,
): void {
	const { itemIndex } = error.context;
	const all = [
		...runIds,
		...[...unconfirmed].map(([index, reference]) => [index, notKnown(reference)] as const),
	];
	const others = all.filter(([index]) => index !== itemIndex).sort(([a], [b]) => a - b);
	if (others.length === 0) return;
	const listed = others.slice(0, LISTED).map(([index, runId]) => `• item ${index}: ${runId}`);
	const more = others.length - listed.length;
	const lines = [
		error.description ?? '',
		'Runs of the other items, which are not started again when this execution is retried and they ask for the same:',
		...listed,
		...(more > 0 ? [`• and ${more} more, listed under Runs in Runflow`] : []),
	];
	error.description = lines.join('\n');
	error.context.startedRuns = Object.fromEntries(runIds);
}

function notKnown(reference: string): string {
	return `not known whether it was started, look for the Client Reference ${reference} under Runs in Runflow`;
}

function newTally(): Tally {
	return { done: new Set(), failures: [], runIds: new Map(), unconfirmed: new Map() };
}
