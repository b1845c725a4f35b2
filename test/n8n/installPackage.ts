import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { runCommand } from './command';
import { REPOSITORY } from './folders';
import { findNode, pathWithNode } from './node24';
import { makeTemporaryFolder } from './temporaryFolder';

interface Manifest {
	name: string;
	version: string;
	dependencies?: Record<string, string>;
	devDependencies?: Record<string, string>;
	peerDependencies?: Record<string, string>;
	optionalDependencies?: Record<string, string>;
}

/** The options with which n8n installs a community package (its community-packages.service.ts). */
const N8N_INSTALL = [
	'install',
	'--audit=false',
	'--fund=false',
	'--bin-links=false',
	'--install-strategy=shallow',
	'--ignore-scripts=true',
	'--package-lock=false',
];

const PACKAGE = 'n8n-nodes-runflow';

/** Where n8n has this package, in its user folder. */
export function installedFolder(userFolder: string): string {
	return path.join(userFolder, '.n8n/nodes/node_modules', PACKAGE);
}

/** Remembers, beside n8n's own package.json, which tarball is installed. */
export function stampFile(userFolder: string): string {
	return path.join(userFolder, '.n8n/nodes/.tarball-hash');
}

async function readJson<T>(file: string): Promise<T> {
	return JSON.parse(await readFile(file, 'utf8')) as T;
}

async function writeJson(file: string, content: unknown): Promise<void> {
	await writeFile(file, JSON.stringify(content, null, 2));
}

async function pack(destination: string): Promise<string> {
	const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination];
	const output = await runCommand('npm', args, { cwd: REPOSITORY });
	const [packed] = JSON.parse(output) as { filename: string }[];
	if (!packed) throw new Error('npm pack made no tarball.');
	return path.join(destination, packed.filename);
}

async function unpack(tarball: string, folder: string): Promise<Manifest> {
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await runCommand('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], {
		cwd: folder,
	});
	const file = path.join(folder, 'package.json');
	const manifest = await readJson<Manifest>(file);
	delete manifest.devDependencies;
	delete manifest.peerDependencies;
	delete manifest.optionalDependencies;
	await writeJson(file, manifest);
	return manifest;
}

async function recordInPackageJson(nodes: string, { name, version }: Manifest): Promise<void> {
	const file = path.join(nodes, 'package.json');
	const empty = { name: 'installed-nodes', private: true, dependencies: {} };
	const manifest = existsSync(file) ? await readJson<typeof empty>(file) : empty;
	const dependencies = { ...manifest.dependencies, [name]: version };
	await writeJson(file, { ...manifest, dependencies });
}

/**
 * Packs this repository as it would be published and installs the tarball into an n8n user folder as n8n
 * does it, unless that very tarball is installed there already. What is packed is dist as last built.
 * n8n loads it at its next start. Returns whether anything was installed.
 */
export async function installPackage(userFolder: string): Promise<boolean> {
	const nodes = path.join(userFolder, '.n8n/nodes');
	const folder = installedFolder(userFolder);
	const stamp = stampFile(userFolder);
	const temporary = await makeTemporaryFolder('pack');
	try {
		const tarball = await pack(temporary.folder);
		const hash = createHash('sha256')
			.update(await readFile(tarball))
			.digest('hex');
		const installed = existsSync(stamp) ? await readFile(stamp, 'utf8') : '';
		if (installed === hash && existsSync(path.join(folder, 'package.json'))) return false;

		const manifest = await unpack(tarball, folder);
		const env = { ...process.env, PATH: pathWithNode(findNode()) };
		await runCommand('npm', N8N_INSTALL, { cwd: folder, env });
		await recordInPackageJson(nodes, manifest);
		await writeFile(stamp, hash);
		return true;
	} finally {
		await temporary.remove();
	}
}
