import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { APP, REPOSITORY } from '../n8n/folders';
import { findNode } from '../n8n/node24';
import { page } from './page';
import type { Measured, RanOn } from './part';

/** What a part found, and when, with which commit, on what. */
export interface Stored extends Omit<Measured, 'ranOn'> {
	date: string;
	/** The commit, with `+` where files differ from it. */
	commit: string;
	machine: Machine;
}

interface Machine {
	cpu: string;
	cores: number;
	memoryGiB: number;
	/** Which Node.js the benchmark ran on, and n8n's engine with it. */
	node: string;
	/** What of n8n it ran on, with its version; the app has its own Node.js. */
	n8n: string;
}

/** Where figures are kept: raw, and as a page for people. */
export interface ResultFiles {
	/** Files under docs/measured. */
	json: string;
	page: string;
	title: string;
	/** What the page says first. */
	about: string;
}

const FOLDER = path.join(REPOSITORY, 'docs/measured');

/** What was found when, by the name of the part. */
export function readStored(files: ResultFiles): Record<string, Stored> {
	const file = path.join(FOLDER, files.json);
	return existsSync(file)
		? (JSON.parse(readFileSync(file, 'utf8')) as { parts: Record<string, Stored> }).parts
		: {};
}

/** Puts what a part found in the place of what it found before. */
export function store(files: ResultFiles, name: string, { ranOn, ...found }: Measured): void {
	const stored: Stored = {
		date: new Date().toISOString().slice(0, 16) + 'Z',
		commit: commit(),
		machine: machine(ranOn),
		...found,
	};
	const parts = { ...readStored(files), [name]: stored };
	mkdirSync(FOLDER, { recursive: true });
	writeFileSync(path.join(FOLDER, files.json), `${JSON.stringify({ parts }, null, '\t')}\n`);
	writeFileSync(path.join(FOLDER, files.page), page(files, parts));
}

/** The commit that is measured, with `+` where files differ from it. */
export function commit(): string {
	const git = (...args: string[]): string =>
		execFileSync('git', args, { cwd: REPOSITORY, encoding: 'utf8' }).trim();
	const shipped = ['nodes', 'credentials', 'package.json', 'README.md', 'test'];
	const changed = git('status', '--porcelain', '--', ...shipped) !== '';
	return git('rev-parse', '--short', 'HEAD') + (changed ? '+' : '');
}

function machine(ranOn: RanOn): Machine {
	return {
		cpu: os.cpus()[0]?.model ?? '',
		cores: os.cpus().length,
		memoryGiB: Math.round(os.totalmem() / 2 ** 30),
		node: process.versions.node,
		n8n: versionOf(ranOn),
	};
}

/** What of n8n that is, with its version. */
function versionOf(ranOn: RanOn): string {
	if (ranOn === 'no n8n') return ranOn;
	if (ranOn === 'n8n') return `n8n ${wanted(APP).n8n ?? ''} on ${findNode().name}`;
	return `${ranOn} ${wanted(REPOSITORY)[ranOn] ?? ''}`;
}

/** The versions that the package.json of a folder asks for: exact ones. */
function wanted(folder: string): Record<string, string> {
	const text = readFileSync(path.join(folder, 'package.json'), 'utf8');
	const { dependencies, devDependencies } = JSON.parse(text) as {
		dependencies?: Record<string, string>;
		devDependencies?: Record<string, string>;
	};
	return { ...dependencies, ...devDependencies };
}
