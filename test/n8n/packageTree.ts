import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { runCommand } from './command';

const TREE_FILES = ['package.json', 'package-lock.json', '.npmrc'];

/** One hash of all parts, in their order. */
export function hash(...parts: (string | Buffer)[]): string {
	const sum = createHash('sha256');
	for (const part of parts) sum.update(part).update('\0');
	return sum.digest('hex');
}

/** Hash of the files in a folder that decide which packages are installed there on this machine. */
export async function hashTree(folder: string): Promise<string> {
	const files = TREE_FILES.map(async (name) => await readFile(path.join(folder, name)));
	return hash(process.platform, process.arch, ...(await Promise.all(files)));
}

/** Installs a folder's packages from its lock file. */
export async function installTree(folder: string): Promise<void> {
	await runCommand('npm', ['ci', '--no-progress', '--loglevel=error'], { cwd: folder });
}
