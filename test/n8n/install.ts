import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { runCommand } from './command';
import { APP } from './folders';
import { expectNode, findNode, pathWithNode, type NodeRuntime } from './node24';
import { hash, hashTree, installTree } from './packageTree';
import type { Progress } from './progress';

/** What node_modules was made from. It lies inside it, so that it goes when node_modules goes. */
interface Stamp {
	/** Hash of the files that decide which packages are installed. */
	tree: string;
	/** Hash of what the native modules were built for; absent until they load. */
	native?: string;
}

const STAMP = path.join(APP, 'node_modules', '.n8n-app.json');

/** The only packages of n8n's tree whose install scripts must run. */
const NATIVE_MODULES = ['sqlite3', 'isolated-vm'];

async function readStamp(): Promise<Partial<Stamp>> {
	try {
		return JSON.parse(await readFile(STAMP, 'utf8')) as Partial<Stamp>;
	} catch {
		return {};
	}
}

async function writeStamp(stamp: Stamp): Promise<void> {
	await writeFile(STAMP, JSON.stringify(stamp));
}

async function buildNativeModules(node: NodeRuntime): Promise<void> {
	const env = {
		...process.env,
		PATH: pathWithNode(node),
		JOBS: 'max', // node-gyp compiles on one core otherwise
		...(node.home && { npm_config_nodedir: node.home }),
	};
	const args = ['rebuild', '--foreground-scripts', '--ignore-scripts=false', ...NATIVE_MODULES];
	await runCommand('npm', args, { cwd: APP, env });
	const load = NATIVE_MODULES.map((name) => `require('${name}');`).join('');
	await runCommand(node.binary, ['-e', load], { cwd: APP });
}

/**
 * Installs the n8n app from its lock file, native modules included, unless that was done before.
 * Needs Node.js and npm only; where no prebuilt sqlite3 can be had, also a C++ compiler and Python.
 */
export async function installApp(progress: Progress): Promise<void> {
	await expectNode(); // before gigabytes are installed in vain
	const tree = await hashTree(APP);
	let stamp = await readStamp();
	if (stamp.tree !== tree) {
		await progress('Install n8n and its packages (3 GB, some minutes)', async () => {
			await installTree(APP);
		});
		stamp = { tree };
		await writeStamp({ tree });
	}
	const node = findNode();
	const native = hash(await identifyNode(node), ...NATIVE_MODULES);
	if (stamp.native === native) return;
	await progress(`Build ${NATIVE_MODULES.join(' and ')} for ${node.name}`, async () => {
		await buildNativeModules(node);
	});
	await writeStamp({ tree, native });
}

async function identifyNode(node: NodeRuntime): Promise<string> {
	return await runCommand(node.binary, ['-p', 'process.version + process.arch'], { cwd: APP });
}
