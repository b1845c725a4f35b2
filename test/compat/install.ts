import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { hashTree, installTree } from '../n8n/packageTree';
import { printProgress } from '../n8n/progress';

const FOLDER = path.resolve(__dirname, process.env.N8N_ENGINE ?? 'oldest');

/** What node_modules was made from. It lies inside it, so that it goes when node_modules goes. */
const STAMP = path.join(FOLDER, 'node_modules', '.engine-hash');

/** Installs the n8n engine that jest.config.js maps to, unless that was done before. */
async function main(): Promise<void> {
	const tree = await hashTree(FOLDER);
	if ((await readFile(STAMP, 'utf8').catch(() => '')) === tree) return;
	const progress = printProgress((line) => process.stderr.write(`${line}\n`));
	await progress(`Install the n8n engine of ${path.basename(FOLDER)} (0.2 GB)`, async () => {
		await installTree(FOLDER);
	});
	await writeFile(STAMP, tree);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
