import { fork } from 'node:child_process';
import path from 'node:path';

import type { Measured } from './part';
import { PARTS } from './parts';
import { readStored, store, type Book } from './store';
import { table } from './table';

const BOOK: Book = {
	json: 'bench.json',
	page: 'README.md',
	title: 'What was measured',
	about: 'Written by `npm run bench`; each part anew by its name, as `npm run bench -- created`.',
};

/**
 * Usage: npm run bench [-- [part…] [--rounds=N]]
 *
 * Measures the parts named, or those whose names start so, or all of them; keeps what they found in
 * docs/measured/bench.json, and prints the table.
 */
async function main(args: string[]): Promise<void> {
	const rounds = args.find((arg) => arg.startsWith('--rounds='))?.split('=')[1];
	const wanted = args.filter((arg) => !arg.startsWith('--'));
	const names = Object.keys(PARTS).filter(
		(name) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)),
	);
	if (names.length === 0) throw new Error(`There is: ${Object.keys(PARTS).join(', ')}`);
	for (const name of names) {
		process.stderr.write(`${name} …\n`);
		store(BOOK, name, await inOwnProcess(name, rounds));
	}
	const stored = readStored(BOOK);
	console.log(table(Object.fromEntries(names.map((name) => [name, stored[name]?.rows ?? []]))));
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

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
