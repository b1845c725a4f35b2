import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { APP } from './folders';

/** A Node.js that can run n8n. */
export interface NodeRuntime {
	/** The executable. */
	binary: string;
	/** The folder whose include/node holds its headers, to compile native modules against; absent when it has none. */
	home?: string;
	/** Which one it is, for people. */
	name: string;
}

/** What n8n 2.36 and later ask for. */
const NEEDED_MAJOR = 24;

/** The npm packages that carry a Node.js 24 with its headers; npm installs the one for this machine, if there is one. */
const BUNDLED = `node-${process.platform}-${process.arch}`;

function withHeaders(runtime: NodeRuntime, home: string): NodeRuntime {
	return existsSync(path.join(home, 'include/node/node.h')) ? { ...runtime, home } : runtime;
}

function runningNode(): NodeRuntime {
	const runtime = { binary: process.execPath, name: `Node.js ${process.versions.node}` };
	return withHeaders(runtime, path.resolve(path.dirname(process.execPath), '..'));
}

function isNewEnough(): boolean {
	return Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR;
}

function missingNode(): Error {
	return new Error(
		`n8n needs Node.js ${NEEDED_MAJOR} or newer. This is Node.js ${process.versions.node}, and there is no packaged one for ${process.platform} on ${process.arch}: install Node.js ${NEEDED_MAJOR} and run this again.`,
	);
}

/** Throws when this machine has no Node.js that can run n8n and would not get one with the app's packages. */
export async function expectNode(): Promise<void> {
	const manifest = JSON.parse(await readFile(path.join(APP, 'package.json'), 'utf8')) as {
		optionalDependencies: Record<string, string>;
	};
	if (!isNewEnough() && !(BUNDLED in manifest.optionalDependencies)) throw missingNode();
}

/**
 * The Node.js that runs n8n: the one this script runs on when it is new enough, otherwise the one that came
 * with the app's packages.
 */
export function findNode(): NodeRuntime {
	if (isNewEnough()) return runningNode();
	const home = path.join(APP, 'node_modules', BUNDLED);
	const binary = path.join(home, 'bin/node');
	if (!existsSync(binary)) throw missingNode();
	return withHeaders({ binary, name: `Node.js ${NEEDED_MAJOR} from ${BUNDLED}` }, home);
}

/** PATH with that Node.js first: npm and n8n start further processes as plain `node`. */
export function pathWithNode(node: NodeRuntime): string {
	return [path.dirname(node.binary), process.env.PATH ?? ''].join(path.delimiter);
}
