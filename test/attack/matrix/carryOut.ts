import type { Case } from './cases';
import { isTimeout } from './faults';
import { startForeignHost, type ForeignHost } from './foreignHost';
import { inLanes } from './lanes';
import { carryOutOnNode } from './nodeScene';
import { carryOutOnTrigger } from './triggerScene';
import { verdictOfNode, verdictOfTrigger, type Verdict } from './verdict';

/** How many cases are under way at a time: those that only wait for a time-out, and the others. */
export interface Lanes {
	patient: number;
	others: number;
}

/**
 * Carries cases out beside each other, each with a sandbox and an n8n of its own, all in this process.
 * @param progress told how many of the others are done
 */
export async function carryOutAll(
	cases: readonly Case[],
	lanes: Lanes,
	progress: (done: number) => void = () => undefined,
): Promise<Verdict[]> {
	const foreign = await startForeignHost();
	const carryOut = async (one: Case): Promise<Verdict> => await carryOutOne(one, foreign);
	const isPatient = (one: Case): boolean =>
		isTimeout(one.fault) && one.request.timeout !== 'set by the user';
	const patient = cases.filter(isPatient);
	const others = cases.filter((one) => !isPatient(one));
	const [waited, rest] = await Promise.all([
		inLanes(patient, lanes.patient, carryOut),
		inLanes(others, lanes.others, carryOut, progress),
	]);
	await foreign.close();
	const verdicts = new Map([...waited, ...rest].map((verdict) => [verdict.case, verdict]));
	return cases.flatMap((one) => verdicts.get(one) ?? []);
}

/** Carries one case out. A mistake of the matrix itself becomes a broken promise, and the others go on. */
async function carryOutOne(one: Case, foreign: ForeignHost): Promise<Verdict> {
	try {
		return one.request.by === 'Wan 2.7'
			? verdictOfNode(await carryOutOnNode(one, foreign))
			: verdictOfTrigger(await carryOutOnTrigger(one, foreign));
	} catch (error) {
		const line = error instanceof Error ? (error.stack ?? error.message) : String(error);
		return {
			case: one,
			outcome: 'could not be carried out',
			message: undefined,
			broken: [{ promise: 'met', line }],
			seconds: 0,
			accepted: 0,
			storedLength: 0,
		};
	}
}
