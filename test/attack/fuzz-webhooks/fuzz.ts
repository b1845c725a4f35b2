import { watchProcess } from './crashes';
import type { Findings } from './findings';
import type { Plan, Stretch } from './plan';
import { fuzzResume } from './resume';
import { fuzzTrigger } from './trigger';

/** What fuzzing both endpoints has found. */
export interface FuzzReport {
	/** By endpoint and setup, such as "Runflow Trigger, with secrets". */
	found: Record<string, Findings>;
	crashes: string[];
	/** What every object has got by it. */
	polluted: string[];
	/** How much the heap has grown over the requests behind the first fifth, in MiB; none where gc is not exposed. */
	grownMiB: Record<string, number>;
}

/** Both endpoints, by their names. */
export const ENDPOINTS = { 'Runflow Trigger': fuzzTrigger, 'suspended executions': fuzzResume };

/**
 * Sends half of the requests to each endpoint, one after the other.
 * @param progress called now and then with what was sent so far
 */
export async function fuzz(
	plan: Plan,
	progress: (done: string) => void = () => undefined,
): Promise<FuzzReport> {
	const watch = watchProcess();
	const found: FuzzReport['found'] = {};
	const grownMiB: FuzzReport['grownMiB'] = {};
	const half = Math.floor(plan.requests / 2);
	const stretches: Stretch[] = [
		{ from: 0, to: half },
		{ from: half, to: plan.requests },
	];
	try {
		for (const [number, [endpoint, attack]] of Object.entries(ENDPOINTS).entries()) {
			const stretch = stretches[number] ?? { from: 0, to: 0 };
			const heap = watchHeap(stretch);
			const setups = await attack(plan, stretch, (done) => {
				heap.sample(done);
				if (done % 10_000 === 0) progress(`${endpoint}: ${done - stretch.from} requests`);
			});
			for (const [name, findings] of Object.entries(setups))
				found[`${endpoint}, ${name}`] = findings;
			const grown = heap.grown();
			if (grown !== undefined) grownMiB[endpoint] = grown;
		}
		// What was thrown late is thrown now.
		await new Promise((resolve) => setImmediate(resolve));
		return { found, crashes: watch.crashes, polluted: watch.polluted(), grownMiB };
	} finally {
		watch.end();
	}
}

const MIB = 1024 * 1024;

/** Compares the heap of later on with that when a fifth was sent: until then everything is made for the first time. */
function watchHeap({ from, to }: Stretch) {
	let first: number | undefined;
	let last: number | undefined;
	return {
		sample(done: number): void {
			const share = (done - from) / (to - from);
			if (globalThis.gc === undefined || (share < 1 && (share < 0.2 || first !== undefined)))
				return;
			globalThis.gc();
			last = process.memoryUsage().heapUsed / MIB;
			first ??= last;
		},
		grown: (): number | undefined =>
			first === undefined || last === undefined ? undefined : last - first,
	};
}

/** Everything that must not happen, as one list. */
export function problemsOf({ found, crashes, polluted }: FuzzReport): string[] {
	return [
		...Object.entries(found).flatMap(([name, findings]) =>
			(['acceptedWrongly', 'refusedWrongly', 'faults', 'hung', 'strayed'] as const).flatMap(
				(problem) => findings[problem].map((line) => `${name}: ${problem}: ${line}`),
			),
		),
		...crashes.map((crash) => `crash: ${crash}`),
		...polluted.map((name) => `every object has got: ${name}`),
	];
}
