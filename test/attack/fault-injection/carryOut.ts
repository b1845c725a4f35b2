import type { Case } from './cases';
import { isHuge, isTimeout } from './faults';
import { startForeignHost } from './foreignHost';
import { Closing } from './closing';
import { mapWhenCalm } from './mapWhenCalm';
import { carryOutOnNode } from './nodeScene';
import type { Surroundings } from './surroundings';
import { carryOutOnTrigger } from './triggerScene';
import { resultOfNode, resultOfTrigger, type CaseResult } from './caseResult';

/** How long a suspended execution reads its runs, in milliseconds. */
const LATE_READS = 65_000;

/** How many cases are under way at a time. */
export interface Concurrency {
	/** Those that only wait for a time-out. */
	slow: number;
	/** Those with answers of megabytes. */
	heavy: number;
	others: number;
}

/**
 * Carries cases out beside each other, each with its own sandbox and n8n, all in this process.
 * @param progress called with each result as it comes
 */
export async function carryOutAll(
	cases: readonly Case[],
	concurrency: Concurrency,
	progress: (result: CaseResult) => void = () => undefined,
): Promise<CaseResult[]> {
	const surroundings: Surroundings = {
		foreign: await startForeignHost(),
		closing: new Closing(LATE_READS),
	};
	const carryOut = async (one: Case): Promise<CaseResult> => await carryOutOne(one, surroundings);
	const isHeavy = (one: Case): boolean => isHuge(one.fault);
	const isSlow = (one: Case): boolean =>
		isTimeout(one.fault) && one.request.timeout !== 'set by the user';
	const slow = cases.filter(isSlow);
	const heavy = cases.filter(isHeavy);
	const others = cases.filter((one) => !isSlow(one) && !isHeavy(one));
	const [waited, weighed, rest] = await Promise.all([
		mapWhenCalm(slow, concurrency.slow, carryOut, progress),
		mapWhenCalm(heavy, concurrency.heavy, carryOut, progress),
		mapWhenCalm(others, concurrency.others, carryOut, progress),
	]);
	await surroundings.closing.now();
	await surroundings.foreign.close();
	const results = new Map([...waited, ...weighed, ...rest].map((result) => [result.case, result]));
	return cases.flatMap((one) => results.get(one) ?? []);
}

/** Carries one case out. A mistake in the matrix itself is reported, and the other cases continue. */
async function carryOutOne(one: Case, surroundings: Surroundings): Promise<CaseResult> {
	try {
		return one.request.by === 'Wan 2.7'
			? resultOfNode(await carryOutOnNode(one, surroundings))
			: resultOfTrigger(await carryOutOnTrigger(one, surroundings));
	} catch (error) {
		const line = error instanceof Error ? (error.stack ?? error.message) : String(error);
		return {
			case: one,
			outcome: 'could not be carried out',
			message: undefined,
			broken: [],
			failed: line,
			seconds: 0,
			accepted: 0,
			storedLength: 0,
		};
	}
}
