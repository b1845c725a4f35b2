import { generate, type Case } from './cases';
import { carryOutAll } from './carryOut';
import { isHuge } from './faults';

/** What an answer of megabytes takes, alone in the process. */
export interface Taken {
	id: string;
	/** The most above what the process took before, in MiB; the sandbox, which makes the answer, is in it. */
	peakMiB: number;
	/** What is left of it afterwards. */
	leftMiB: number;
}

const SAMPLE_EVERY = 10;

/** Measures every request with answers of 10 MB as long as it is tried, one case after the other. */
export async function measureMemory(): Promise<Taken[]> {
	if (global.gc === undefined) throw new Error('Start with --expose-gc');
	const cases = generate().cases.filter(
		({ fault, completion, onError, times, request }) =>
			isHuge(fault) &&
			times === (request.isRepeated ? 'for good' : 'once') &&
			(completion === undefined ||
				(completion === request.completions.at(-1) && onError === 'stop')),
	);
	const taken: Taken[] = [];
	for (const one of cases) taken.push(await takenBy(one));
	return taken;
}

async function takenBy(one: Case): Promise<Taken> {
	const before = settled();
	let peak = before;
	const timer = setInterval(() => {
		peak = Math.max(peak, used());
	}, SAMPLE_EVERY);
	const [result] = await carryOutAll([one], { slow: 1, heavy: 1, others: 1 });
	clearInterval(timer);
	if (result?.failed !== undefined) throw new Error(`${one.id}: ${result.failed}`);
	const left = settled();
	return { id: one.id, peakMiB: inMiB(peak - before), leftMiB: inMiB(left - before) };
}

function used(): number {
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

function settled(): number {
	global.gc?.();
	return used();
}

function inMiB(bytes: number): number {
	return Math.max(0, bytes) / 2 ** 20;
}
