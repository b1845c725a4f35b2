import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import type { Measured } from '../../bench/part';
import { commit } from '../../bench/store';
import { REPOSITORY } from '../../n8n/folders';
import { misused } from '../arguments';
import { attack } from '../attack';
import { carryOutAll, type Concurrency } from './carryOut';
import { generate, type Case } from './cases';
import { figuresOf } from './figures';
import type { Taken } from './memory';
import { matrixPage } from './page';
import { watchUnhandled } from './unhandled';
import { isBroken, type CaseResult } from './caseResult';

/** Those that wait for time-outs hardly do anything else; of the others, as many as keep one core busy. */
const CONCURRENCY: Concurrency = { slow: 200, heavy: 2, others: 60 };

/**
 * Usage: npm run attack:faults [-- part…]
 *
 * Carries out the whole matrix, writes docs/faults.md, and keeps the figures; or, with parts of ids such as
 * `create/ polling /stop`, only the cases whose ids have them all, and prints these.
 */
async function main(parts: string[]): Promise<void> {
	if (parts.length === 0) await attack('faults', whole);
	else await some(parts);
	// Suspended executions read their runs for a minute.
	process.exit();
}

async function whole(): Promise<Measured> {
	const unhandled = watchUnhandled();
	const matrix = generate();
	const began = Date.now();
	const [results, memory] = await Promise.all([carryOut(matrix.cases), inOwnProcess()]);
	const heading = { date: new Date().toISOString().slice(0, 10), commit: commit() };
	const page = matrixPage(heading, results, matrix.none);
	writeFileSync(path.join(REPOSITORY, 'docs/faults.md'), page);
	print(results.filter(isBroken));
	return figuresOf({ matrix, results, unhandled, memory, seconds: (Date.now() - began) / 1000 });
}

async function some(parts: string[]): Promise<void> {
	const chosen = generate().cases.filter(({ id }) => parts.every((part) => id.includes(part)));
	if (chosen.length === 0) misused(`No case has ${parts.join(' and ')} in its id`);
	const results = await carryOut(chosen);
	print(results);
	const broken = results.filter(isBroken).length;
	console.log(`${results.length} cases, ${broken} of them not in order`);
	if (broken > 0) process.exitCode = 1;
}

async function carryOut(cases: readonly Case[]): Promise<CaseResult[]> {
	let done = 0;
	return await carryOutAll(cases, CONCURRENCY, () => {
		done += 1;
		if (done % 100 === 0) process.stderr.write(`${done} of ${cases.length} cases …\n`);
	});
}

function print(results: readonly CaseResult[]): void {
	for (const { case: one, outcome, message = '', broken, failed = '' } of results) {
		console.log([one.id, outcome, message, failed].filter((part) => part !== '').join(' | '));
		for (const { promise, line } of broken) console.log(`    ${promise}: ${line}`);
	}
}

/** Memory is measured beside, where nothing else takes any. */
async function inOwnProcess(): Promise<Taken[]> {
	const child = fork(path.join(__dirname, 'runMemory.ts'), [], {
		execArgv: ['--expose-gc', '--import', 'tsx'],
	});
	return await new Promise((resolve, reject) => {
		child.once('message', (taken) => {
			resolve(taken as Taken[]);
		});
		child.once('exit', (code) => {
			reject(new Error(`The measurement of memory has ended with ${code ?? 'a signal'}`));
		});
	});
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
