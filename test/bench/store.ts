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

/** Where figures are kept: raw, and as a page for people. */
export interface Book {
	/** Files under docs/measured. */
	json: string;
	page: string;
	title: string;
	/** What the page says first. */
	about: string;
}

const FOLDER = path.join(REPOSITORY, 'docs/measured');

/** What was found when, by the name of the part. */
export function readStored(book: Book): Record<string, Stored> {
	const file = path.join(FOLDER, book.json);
	return existsSync(file)
		? (JSON.parse(readFileSync(file, 'utf8')) as { parts: Record<string, Stored> }).parts
		: {};
}

/** Puts what a part found in the place of what it found before. */
export function store(book: Book, name: string, measured: Measured): void {
	const stored: Stored = {
		date: new Date().toISOString().slice(0, 16) + 'Z',
		commit: commit(),
		machine: machine(),
		...measured,
	};
	const parts = { ...readStored(book), [name]: stored };
	mkdirSync(FOLDER, { recursive: true });
	writeFileSync(path.join(FOLDER, book.json), `${JSON.stringify({ parts }, null, '\t')}\n`);
	writeFileSync(path.join(FOLDER, book.page), page(book, parts));
}

/** The commit that is measured, with `+` where files differ from it. */
export function commit(): string {
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
