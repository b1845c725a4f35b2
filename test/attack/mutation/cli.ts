import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { REPOSITORY } from '../../n8n/folders';
import { hashTree, installTree } from '../../n8n/packageTree';
import type { Measured } from '../../bench/part';
import { numbersIn } from '../arguments';
import { attack } from '../attack';
import { nameOf, type Choice, type Job } from './choice';
import type { Coverage } from './coverage';
import { fingerprints } from './fingerprint';
import { keyOf } from './mutant';
import { linesOf, stillTrue, type Outcome, type Trial } from './outcomes';
import { CHOICE, COVERAGE, JOB, OUTCOMES, SURVIVORS, SURVIVORS_JSON, TRIALS } from './places';
import { readExplained, scoreOf, survivorsOf } from './score';
import { survivorsPage } from './survivors';

const TOOL = path.join(__dirname, 'tool');
/** What node_modules was made from. It lies inside it, so that it goes when node_modules goes. */
const STAMP = path.join(TOOL, 'node_modules', '.tree');
const STRYKER = path.join(TOOL, 'node_modules/@stryker-mutator/core/bin/stryker.js');

/** Arguments without a number. */
const SWITCHES: ReadonlySet<string> = new Set(['--decisions', '--share', '--known']);

/** A smaller sample says too little of everything for its figures to be kept. */
const SAMPLE = 200;

/** What CI tries. Each change there is found by a test, or explained. */
const SHARE = [
	'--decisions',
	'nodes/shared/webhook/signature.ts',
	'nodes/shared/webhook/callback.ts',
];

async function install(): Promise<void> {
	const tree = await hashTree(TOOL);
	if ((await readFile(STAMP, 'utf8').catch(() => '')) === tree) return;
	await installTree(TOOL);
	await writeFile(STAMP, tree);
}

/** Runs Stryker, which says itself how far it is. */
async function stryker(): Promise<void> {
	const config = path.join(__dirname, 'stryker.config.mjs');
	const args = ['--import', 'tsx', STRYKER, 'run', config];
	const child = spawn(process.execPath, args, { cwd: REPOSITORY, stdio: 'inherit' });
	const code = await new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	if (code !== 0) throw new Error(`Stryker ended with exit code ${String(code)}`);
}

/** In: the arguments of the command. Out: the job. */
function jobOf(args: string[]): Job {
	const isNumber = (arg: string) => arg.startsWith('--') && !SWITCHES.has(arg);
	const { sample, seed = 1 } = numbersIn(args.filter(isNumber), { sample: 1, seed: 0 });
	const tests = args.includes('--decisions') ? 'decisions' : 'all';
	return {
		...fingerprints(tests),
		tests,
		files: args.filter((arg) => !arg.startsWith('--')),
		...(sample === undefined ? {} : { sample }),
		seed,
	};
}

function read(file: string): unknown {
	return JSON.parse(readFileSync(file, 'utf8'));
}

/** Tries the selected changes that are not known yet. */
async function carryOut(job: Job): Promise<void> {
	await install();
	mkdirSync(path.dirname(JOB), { recursive: true });
	writeFileSync(JOB, JSON.stringify(job));
	await stryker();
}

/**
 * What is known of a job, printed and kept.
 * @param goal the score to reach, in percent
 */
function figuresOf(job: Job, goal: number): Measured {
	const choice = read(CHOICE) as Choice;
	const { selected } = choice;
	if (selected.length === 0) throw new Error(`Nothing to change in ${job.files.join(', ')}`);
	const known = stillTrue(linesOf(OUTCOMES) as Outcome[], job);
	const tested = selected.map((one) => ({ ...one, status: known.get(keyOf(one.mutant))?.status }));
	const explained = readExplained();
	const survivors = survivorsOf(tested, explained);
	const trials = (linesOf(TRIALS) as Trial[]).filter(({ all }) => all === job.all);
	const page = survivorsPage(survivors, new Map(trials.map(({ id, leftOut }) => [id, leftOut])));
	writeFileSync(SURVIVORS, page);
	const list = survivors.map(({ mutant }) => ({ ...mutant, why: '' }));
	writeFileSync(SURVIVORS_JSON, `${JSON.stringify(list, null, 2)}\n`);
	console.log(page);
	for (const test of (read(COVERAGE[job.tests]) as Coverage).red) {
		console.log(`Left out, since it is red without a change: ${test}`);
	}
	return scoreOf(tested, explained, { name: nameOf(job, choice), goal });
}

/**
 * Usage: npm run attack:mutation [-- [FILE…] [--sample=N] [--seed=N] [--decisions] | --share | --known]
 *
 * Changes the code in every way that Stryker knows, one at a time, and runs the tests that run the changed piece
 * until one is red. What is known of a change from an earlier time, also one that was broken off, is not tried again
 * while code and tests are the same. `--known` tries nothing: it prints what is known of the last job.
 */
async function main(args: string[]): Promise<void> {
	const [isShare, isKnown] = [args.includes('--share'), args.includes('--known')];
	const job = isKnown ? (read(JOB) as Job) : jobOf(isShare ? SHARE : args);
	const isSmall = (job.sample ?? SAMPLE) < SAMPLE;
	const isPart = isKnown || isSmall || job.files.length > 0 || job.tests === 'decisions';
	await attack(
		'mutation',
		async () => {
			if (!isKnown) await carryOut(job);
			return figuresOf(job, isShare ? 100 : 90);
		},
		{ isPart },
	);
}

void main(process.argv.slice(2));
