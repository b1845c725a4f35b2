import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A new folder under the system's temporary one, and what removes it. */
export async function makeTemporaryFolder(
	name: string,
): Promise<{ folder: string; remove: () => Promise<void> }> {
	const folder = await mkdtemp(path.join(tmpdir(), `n8n-nodes-runflow-${name}-`));
	return {
		folder,
		remove: async () => {
			await rm(folder, { recursive: true, force: true });
		},
	};
}
