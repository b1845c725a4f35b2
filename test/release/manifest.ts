import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a release needs to know of package.json. */
export interface Manifest {
	name: string;
	version: string;
	n8n: { nodes: string[]; credentials: string[] };
	scripts: Record<string, string>;
}

/**
 * In: the folder of a package. Out: its package.json.
 */
export function readManifest(root: string): Manifest {
	return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
}
