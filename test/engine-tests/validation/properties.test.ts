import fc from 'fast-check';

import {
	ENTRIES,
	isPlain,
	type Entry,
	type OperationName,
} from '../../attack/property-based/entry';
import { openMapping, type Mapping, type Tried } from '../../attack/property-based/mapping';

/** The share of `npm run attack:properties` that CI tries, for each operation. */
const PLAN = { seed: 20261122, numRuns: 250 };

let mapping: Mapping;
beforeAll(async () => {
	mapping = await openMapping();
});
afterAll(async () => {
	await mapping.close();
});

describe.each(Object.keys(ENTRIES) as OperationName[])('%s', (operation) => {
	it('makes a body in order of anything that is entered, or refuses it by its name', async () => {
		const came: Tried['came'][] = [];
		await fc.assert(
			fc.asyncProperty(ENTRIES[operation].filter(isPlain), async (entry: Entry) => {
				const tried = await mapping.tryOne(entry);
				came.push(tried.came);
				if (tried.problem !== undefined) throw new Error(tried.problem);
			}),
			{ ...PLAN, interruptAfterTimeLimit: 100_000, markInterruptAsFailure: true },
		);
		// Neither half of the property is empty.
		expect(came.filter((one) => one === 'a run').length).toBeGreaterThan(PLAN.numRuns / 10);
		expect(came.filter((one) => one === 'a refusal').length).toBeGreaterThan(PLAN.numRuns / 10);
	}, 120_000);
});
