import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The files under a folder whose bytes contain a text. */
export async function filesWith(root: string, text: string): Promise<string[]> {
	const entries = await readdir(root, { recursive: true, withFileTypes: true });
	const found: string[] = [];
	for (const entry of entries) {
		if (!entry.isFile()) continue;
		const file = path.join(entry.parentPath, entry.name);
		if ((await readFile(file)).includes(text)) found.push(path.relative(root, file));
	}
	return found;
}

/** The lines of a text that contain another one. */
export function linesWith(text: string, part: string): string[] {
	return text.split('\n').filter((line) => line.includes(part));
}
