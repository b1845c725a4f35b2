import fc from 'fast-check';

import { numbersIn } from '../arguments';
import { attack } from '../attack';
import type { Row } from '../../bench/part';
import { ENTRIES, isPlain, storedOf } from './entry';
import { openMapping, type Tried } from './mapping';

const SHOWN = 20;
const LONGEST = 2000;
const RUNS = 5000;

/**
 * Usage: npm run attack:properties [-- [--runs=N] [--seed=N]]
 *
 * Enters anything that a user can enter into each operation, so many times (5000): every entry has to give a
 * run whose body is in order, or a refusal that names the parameter. What gives anything else is printed. Figures of
 * fewer entries are not kept.
 */
async function main(args: string[]): Promise<void> {
	const { runs = RUNS, seed = 1 } = numbersIn(args, { runs: 1, seed: 0 });
	const isPart = runs < RUNS;
	const carryOut = async () => {
		const mapping = await openMapping();
		const rows: Row[] = [];
		for (const [operation, entries] of Object.entries(ENTRIES)) {
			const came: Partial<Record<Tried['came'], number>> = {};
			const problems: string[] = [];
			for (const entry of fc.sample(entries.filter(isPlain), { seed, numRuns: runs })) {
				const tried = await mapping.tryOne(entry);
				came[tried.came] = (came[tried.came] ?? 0) + 1;
				if (tried.problem === undefined) continue;
				const stored = JSON.stringify(storedOf(entry)).slice(0, LONGEST);
				problems.push(`${operation}: ${tried.problem}\n${stored}`);
			}
			for (const problem of problems.slice(0, SHOWN)) console.log(problem);
			rows.push({
				what: `${operation}: entries that give neither a body in order nor a refusal with the parameter's name`,
				value: problems.length,
				unit: '',
				goal: { atMost: 0 },
				from: `seed ${seed}, ${runs} entries: ${Object.entries(came)
					.map(([what, times]) => `${times} × ${what}`)
					.join(', ')}`,
			});
		}
		await mapping.close();
		return { ranOn: 'n8n-core' as const, rounds: 1, rows, raw: {} };
	};
	await attack('properties', carryOut, { isPart });
	process.exit();
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
