import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { runCommand } from '../../n8n/command';
import { REPOSITORY } from '../../n8n/folders';
import { hashTree, installTree } from '../../n8n/packageTree';
import type { Measured } from '../../bench/part';
import { attack } from '../attack';
import { scoreOf, type Report } from './score';

const TOOL = path.join(__dirname, 'tool');
/** What node_modules was made from. It lies inside it, so that it goes when node_modules goes. */
const STAMP = path.join(TOOL, 'node_modules', '.tree');
const STRYKER = path.join(TOOL, 'node_modules/@stryker-mutator/core/bin/stryker.js');
const REPORT = path.join(REPOSITORY, '.stryker/report.json');

async function install(): Promise<void> {
	const tree = await hashTree(TOOL);
	if ((await readFile(STAMP, 'utf8').catch(() => '')) === tree) return;
	await installTree(TOOL);
	await writeFile(STAMP, tree);
}

/**
 * Usage: npm run attack:mutation [-- FILE…]
 *
 * Changes the code of the files in every way that Stryker knows, one at a time, and runs the tests of decisions alone.
 */
async function carryOut(files: string[]): Promise<Measured> {
	await install();
	const mutate = files.length === 0 ? [] : ['--mutate', files.join(',')];
	const config = path.join(__dirname, 'stryker.config.mjs');
	const said = await runCommand(process.execPath, [STRYKER, 'run', config, ...mutate], {
		cwd: REPOSITORY,
	});
	console.log(said);
	return scoreOf(JSON.parse(await readFile(REPORT, 'utf8')) as Report);
}

void attack('mutation', async () => await carryOut(process.argv.slice(2)));
