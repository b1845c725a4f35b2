import { watchProcess } from './crashes';
import type { Findings } from './findings';
import type { Plan, Stretch } from './plan';
import { assailResume } from './resume';
import { assailTrigger } from './trigger';

/** What an attack on both doors has found. */
export interface Assault {
	/** By door and siege, such as "Runflow Trigger, with secrets". */
	found: Record<string, Findings>;
	crashes: string[];
	/** What every object has got by it. */
	polluted: string[];
	/** How much the heap has grown over the requests behind the first fifth, in MiB; none where gc is not exposed. */
	grownMiB: Record<string, number>;
}

/** Both doors, by their names. */
export const DOORS = { 'Runflow Trigger': assailTrigger, 'suspended executions': assailResume };

/**
 * Attacks both doors with half of the requests each, one after the other.
 * @param progress told what was sent so far, now and then
 */
export async function assail(
	plan: Plan,
	progress: (done: string) => void = () => undefined,
): Promise<Assault> {
	const watch = watchProcess();
	const found: Assault['found'] = {};
	const grownMiB: Assault['grownMiB'] = {};
	const half = Math.floor(plan.requests / 2);
	const stretches: Stretch[] = [
		{ from: 0, to: half },
		{ from: half, to: plan.requests },
	];
	try {
		for (const [number, [door, attack]] of Object.entries(DOORS).entries()) {
			const stretch = stretches[number] ?? { from: 0, to: 0 };
			const heap = watchHeap(stretch);
			const sieges = await attack(plan, stretch, (done) => {
				heap.look(done);
				if (done % 10_000 === 0) progress(`${door}: ${done - stretch.from} requests`);
			});
			for (const [name, findings] of Object.entries(sieges)) found[`${door}, ${name}`] = findings;
			const grown = heap.grown();
			if (grown !== undefined) grownMiB[door] = grown;
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
		look(done: number): void {
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

/** Everything in an attack that must not be, as one list. */
export function problemsOf({ found, crashes, polluted }: Assault): string[] {
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
