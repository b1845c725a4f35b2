import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { APP, REPOSITORY } from '../n8n/folders';
import { page } from './page';
import type { Measured } from './part';

/** What a part found, and when, with which commit, on what. */
export interface Stored extends Measured {
	date: string;
	/** The commit, with `+` where files differ from it. */
	commit: string;
	machine: Machine;
}

interface Machine {
	cpu: string;
	cores: number;
	memoryGiB: number;
	node: string;
	n8n: string;
}

const FILE = path.join(REPOSITORY, 'docs/measured/bench.json');
const PAGE = path.join(REPOSITORY, 'docs/measured/README.md');

/** What was found when, by the name of the part. */
export function readStored(): Record<string, Stored> {
	return existsSync(FILE)
		? (JSON.parse(readFileSync(FILE, 'utf8')) as { parts: Record<string, Stored> }).parts
		: {};
}

/** Puts what a part found in the place of what it found before. */
export function store(name: string, measured: Measured): void {
	const stored: Stored = {
		date: new Date().toISOString().slice(0, 16) + 'Z',
		commit: commit(),
		machine: machine(),
		...measured,
	};
	const parts = { ...readStored(), [name]: stored };
	mkdirSync(path.dirname(FILE), { recursive: true });
	writeFileSync(FILE, `${JSON.stringify({ command: 'npm run bench', parts }, null, '\t')}\n`);
	writeFileSync(PAGE, page(parts));
}

function commit(): string {
	const git = (...args: string[]): string =>
		execFileSync('git', args, { cwd: REPOSITORY, encoding: 'utf8' }).trim();
	const shipped = ['nodes', 'credentials', 'package.json', 'README.md', 'test'];
	const changed = git('status', '--porcelain', '--', ...shipped) !== '';
	return git('rev-parse', '--short', 'HEAD') + (changed ? '+' : '');
}

function machine(): Machine {
	const app = readFileSync(path.join(APP, 'package.json'), 'utf8');
	const { dependencies } = JSON.parse(app) as { dependencies: { n8n: string } };
	return {
		cpu: os.cpus()[0]?.model ?? '',
		cores: os.cpus().length,
		memoryGiB: Math.round(os.totalmem() / 2 ** 30),
		node: process.versions.node,
		n8n: dependencies.n8n,
	};
}
