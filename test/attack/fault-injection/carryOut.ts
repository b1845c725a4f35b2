import type { Case } from './cases';
import { isHuge, isTimeout } from './faults';
import { startForeignHost } from './foreignHost';
import { Closing } from './closing';
import { inLanes } from './lanes';
import { carryOutOnNode } from './nodeScene';
import type { Surroundings } from './surroundings';
import { carryOutOnTrigger } from './triggerScene';
import { verdictOfNode, verdictOfTrigger, type Verdict } from './verdict';

/** So long an execution that was suspended looks after its runs, in milliseconds. */
const LATE_LOOKS = 65_000;

/** How many cases are under way at a time. */
export interface Lanes {
	/** Those that only wait for a time-out. */
	patient: number;
	/** Those with answers of megabytes. */
	heavy: number;
	others: number;
}

/**
 * Carries cases out beside each other, each with a sandbox and an n8n of its own, all in this process.
 * @param progress told of each verdict as it comes
 */
export async function carryOutAll(
	cases: readonly Case[],
	lanes: Lanes,
	progress: (verdict: Verdict) => void = () => undefined,
): Promise<Verdict[]> {
	const surroundings: Surroundings = {
		foreign: await startForeignHost(),
		closing: new Closing(LATE_LOOKS),
	};
	const carryOut = async (one: Case): Promise<Verdict> => await carryOutOne(one, surroundings);
	const isHeavy = (one: Case): boolean => isHuge(one.fault);
	const isPatient = (one: Case): boolean =>
		isTimeout(one.fault) && one.request.timeout !== 'set by the user';
	const patient = cases.filter(isPatient);
	const heavy = cases.filter(isHeavy);
	const others = cases.filter((one) => !isPatient(one) && !isHeavy(one));
	const [waited, weighed, rest] = await Promise.all([
		inLanes(patient, lanes.patient, carryOut, progress),
		inLanes(heavy, lanes.heavy, carryOut, progress),
		inLanes(others, lanes.others, carryOut, progress),
	]);
	await surroundings.closing.now();
	await surroundings.foreign.close();
	const verdicts = new Map(
		[...waited, ...weighed, ...rest].map((verdict) => [verdict.case, verdict]),
	);
	return cases.flatMap((one) => verdicts.get(one) ?? []);
}

/** Carries one case out. A mistake of the matrix itself is told, and the others go on. */
async function carryOutOne(one: Case, surroundings: Surroundings): Promise<Verdict> {
	try {
		return one.request.by === 'Wan 2.7'
			? verdictOfNode(await carryOutOnNode(one, surroundings))
			: verdictOfTrigger(await carryOutOnTrigger(one, surroundings));
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
