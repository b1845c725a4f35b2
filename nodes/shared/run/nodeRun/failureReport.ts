import type { NodeApiError, NodeOperationError } from 'n8n-workflow';

/** Ids that an error lists at most. Runflow lists the others under Runs. */
const MAX_LISTED = 50;

/** The result of one item, as far as the errors of other items mention it. */
export interface Outcome {
	runId: string | undefined;
	/** The Client Reference of a run when it is not known whether it was started. */
	unconfirmed: string | undefined;
	failure: NodeApiError | NodeOperationError | undefined;
}

/**
 * Adds to an error that ends the node which runs the other items have started. n8n throws one error for all items and
 * drops the results of the others, but waits for all of them first, so the addition is still shown.
 * @see docs/n8n-engine.md, "All items are sent in parallel"
 */
export class FailureReport {
	private readonly outcomes = new Map<number, Outcome>();

	/** @param items how many items there are */
	constructor(private readonly items: number) {}

	/** Notes the outcome of an item. With the last one, all errors get their list. */
	add(itemIndex: number, outcome: Outcome): void {
		this.outcomes.set(itemIndex, outcome);
		if (this.outcomes.size < this.items) return;
		const lines = this.lines();
		for (const { failure } of this.outcomes.values()) {
			if (failure !== undefined) this.listOthers(failure, lines);
		}
	}

	private listOthers(error: NodeApiError | NodeOperationError, lines: readonly Line[]): void {
		const { itemIndex } = error.context;
		const others = lines.filter(([index]) => index !== itemIndex);
		if (others.length === 0) return;
		const listed = others.slice(0, MAX_LISTED).map(([index, text]) => `• item ${index}: ${text}`);
		const more = others.length - listed.length;
		error.description = [
			`${error.description ?? ''}.`.replace(/([.:?!…])\.$|^\.$/, '$1'),
			'Runs of the other items. If you retry this execution, they are not started again, unless their input changes:',
			...listed,
			...(more > 0 ? [`• and ${more} more, listed under Runs in Runflow`] : []),
		].join('\n');
		error.context.startedRuns = Object.fromEntries(
			[...this.outcomes].flatMap(([index, { runId }]) =>
				runId === undefined ? [] : [[index, runId]],
			),
		);
	}

	/** The state of each item that has, or may have, a run, in the order of the items. */
	private lines(): Line[] {
		return [...this.outcomes]
			.flatMap(([index, { runId, unconfirmed }]): Line[] => [
				...(runId === undefined ? [] : [[index, runId] as const]),
				...(unconfirmed === undefined ? [] : [[index, unknown(unconfirmed)] as const]),
			])
			.sort(([a], [b]) => a - b);
	}
}

type Line = readonly [itemIndex: number, text: string];

function unknown(reference: string): string {
	return `not known whether it was started, look for the Client Reference ${reference} under Runs in Runflow`;
}
