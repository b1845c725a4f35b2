import { isReached, type Measured } from '../bench/part';
import { store, type ResultFiles } from '../bench/store';
import { table } from '../bench/table';

/** Where the figures of the attacks are kept. */
const RESULTS: ResultFiles = {
	json: 'attacks.json',
	page: 'attacks.md',
	title: 'What the attacks found',
	about:
		'Written by `npm run attack:faults`, `attack:crashes`, `attack:fuzz`, `attack:properties` and `attack:mutation`, each for itself.',
};

/**
 * Carries an attack out, prints its figures and keeps them in docs/measured, unless it was only a part of one. The
 * process fails where a goal is not reached.
 */
export async function attack(
	name: string,
	carryOut: () => Promise<Measured>,
	{ isPart = false } = {},
): Promise<void> {
	try {
		const measured = await carryOut();
		if (!isPart) store(RESULTS, name, measured);
		console.log(table({ [name]: measured.rows }));
		if (measured.rows.some((row) => isReached(row) === false)) process.exitCode = 1;
	} catch (error) {
		console.error(error);
		process.exitCode = 1;
	}
}
