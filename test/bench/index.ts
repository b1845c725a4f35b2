import { fork } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';

import type { Measured, Row } from './part';
import { PARTS } from './parts';
import { store, type ResultFiles } from './store';
import { table } from './table';

const RESULTS: ResultFiles = {
	json: 'bench.json',
	page: 'README.md',
	title: 'What was measured',
	about:
		'Written by `npm run bench -- --save`; each part anew by its name, as `npm run bench -- created --save`.',
};

/**
 * Usage: npm run bench [-- [part…] [--rounds=N] [--save]]
 *
 * Measures the parts named, or those whose names start so, or all of them, and prints the table. With `--save` it
 * keeps what each part found in docs/measured as soon as it has found it. A part that fails finds nothing; the others continue.
 */
async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { rounds: { type: 'string' }, save: { type: 'boolean', default: false } },
	});
	if (values.rounds !== undefined && !/^[1-9]\d*$/.test(values.rounds)) {
		throw new Error('--rounds takes a whole number, from 1 on.');
	}
	const names = Object.keys(PARTS).filter(
		(name) => positionals.length === 0 || positionals.some((start) => name.startsWith(start)),
	);
	if (names.length === 0) throw new Error(`The parts are: ${Object.keys(PARTS).join(', ')}.`);
	const found: Record<string, Row[]> = {};
	for (const name of names) {
		process.stderr.write(`${name} …\n`);
		try {
			const measured = await inOwnProcess(name, values.rounds);
			if (values.save) store(RESULTS, name, measured);
			found[name] = measured.rows;
		} catch (error) {
			// All of it takes most of an hour: what the other parts find is not lost for this one.
			console.error(error);
			process.exitCode = 1;
		}
	}
	console.log(table(found));
}

/** So that the memory and the CPU that one part takes are not another one's. */
async function inOwnProcess(name: string, rounds: string | undefined): Promise<Measured> {
	const child = fork(
		path.join(__dirname, 'runPart.ts'),
		[name, ...(rounds === undefined ? [] : [rounds])],
		{ execArgv: ['--expose-gc', '--import', 'tsx'] },
	);
	return await new Promise((resolve, reject) => {
		child.once('message', (measured) => {
			resolve(measured as Measured);
		});
		child.once('exit', (code) => {
			reject(new Error(`${name} has ended with ${code} and found nothing`));
		});
	});
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
