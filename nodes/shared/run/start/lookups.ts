import type { IDataObject, IExecutePaginationFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { fetchNewestRuns, LONGEST_PAGE } from '../../api/newestRuns';
import { coalesce, type Coalesced } from '../../async/coalesce';
import { digest } from '../../values/digest';
import { asText } from '../../values/json';
import { earliestOf, madeAt, readReference, type RunsPage, type SoughtStart } from './findStart';
import { HASH_DIGITS } from './startName';

/** The most pages of the list that one lookup reads: 10,000 runs. */
const MAX_PAGES = 20;

/** What a lookup gives: `refused` where Runflow refuses it, undefined where it failed this time. */
type Lookup = RunsPage | 'refused' | undefined;

/**
 * The lookups in Runflow's list that all items of a node run share: a thousand responses may be lost at the same moment,
 * and a lookup holds hundreds of runs. Where the credential has expressions, items may have different accounts, of which
 * each has its own lookups.
 *
 * Lifetime: made for the first item of a node run that looks for a run, and dropped with the data of the node run.
 */
export class Lookups {
	private static readonly known = new WeakMap<object, Map<string, Lookups>>();

	/** The lookups that an item shares; separate ones if its credential cannot be read. */
	static async of(context: IExecutePaginationFunctions): Promise<Lookups> {
		let account: string;
		try {
			const { apiKey, baseUrl, organizationId } = await context.getCredentials('runflowApi');
			account = digest(JSON.stringify([apiKey, baseUrl, organizationId]));
		} catch {
			// A run may be paid for, so the item looks for it anyway.
			return new Lookups();
		}
		const nodeRun = context.getExecuteData();
		const byAccount = Lookups.known.get(nodeRun) ?? new Map<string, Lookups>();
		Lookups.known.set(nodeRun, byAccount);
		const lookups = byAccount.get(account) ?? new Lookups();
		byAccount.set(account, lookups);
		return lookups;
	}

	/** The starts that are looked for at present. */
	private readonly wanted = new Set<SoughtStart>();
	private readonly calls: Coalesced<Lookup> = {};

	/** Reads the list for a start, together with other items that look at the same time. */
	async readFor(
		sought: SoughtStart,
		context: IExecutePaginationFunctions,
		request: IHttpRequestOptions,
	): Promise<Lookup> {
		this.wanted.add(sought);
		const lookup = await coalesce(this.calls, async () => await this.read(context, request));
		this.wanted.delete(sought);
		return lookup;
	}

	/**
	 * Reads the newest runs, and older ones while a wanted run is missing that may be among them: a thousand starts may
	 * have been lost at the same moment, or long ago.
	 */
	private async read(
		context: IExecutePaginationFunctions,
		request: IHttpRequestOptions,
	): Promise<Lookup> {
		const runs: IDataObject[] = [];
		/** The ends of the runs' references: the hashes, where the node has made the reference. */
		const shown = new Set<string>();
		let isWhole = true;
		let cursor = '';
		for (let pages = 1; ; pages++) {
			const seen = await fetchNewestRuns(context, { limit: LONGEST_PAGE, cursor }, request);
			// A key that may not read runs will not be able to in a second either. On a further page, the cursor may be
			// what is refused.
			if (!seen.ok) return seen.error.isTransient || pages > 1 ? undefined : 'refused';
			const { value: page, answer } = seen;
			runs.push(...page.runs);
			isWhole &&= page.isWhole;
			cursor = page.next;
			const clock = Date.parse(asText(answer.headers.date));
			const clockAhead = Number.isNaN(clock) ? undefined : clock - Date.now();
			for (const run of page.runs) shown.add(readReference(run).slice(-HASH_DIGITS));
			const oldest = madeAt(page.runs.at(-1) ?? {});
			const isMissing = this.mayBeOlder({ oldest, clockAhead }, shown);
			if (isMissing && !page.isLast && cursor !== '' && pages < MAX_PAGES) continue;
			return { runs, isWhole, more: !page.isLast, clockAhead };
		}
	}

	/** Whether the run of a wanted start may be older than the oldest one that was read. */
	private mayBeOlder(
		{ oldest, clockAhead }: { oldest: number } & Pick<RunsPage, 'clockAhead'>,
		shown: ReadonlySet<string>,
	): boolean {
		return [...this.wanted].some((sought) => {
			// The user's own reference may be that of several runs.
			const isShown = sought.hash !== undefined && shown.has(sought.hash);
			const isOlder = sought.since !== undefined && !(oldest < earliestOf({ clockAhead }, sought));
			return isOlder && !isShown;
		});
	}
}
