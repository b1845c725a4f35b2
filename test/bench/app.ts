import path from 'node:path';

import type { SandboxOptions } from '../sandbox';
import { startDemo, type Demo } from '../n8n/demo';
import { printProgress } from '../n8n/progress';
import { makeTemporaryFolder } from '../n8n/temporaryFolder';
import { writeMinimalNodes } from './minimalNode';

/**
 * Starts the n8n app with the package as it would be published, and with the minimal nodes, on its own folder, and
 * ends it afterwards. With the environment variable PROFILE set to a folder, n8n writes a CPU profile into it as it ends.
 * @param env further settings of n8n
 */
export async function withApp<T>(
	sandbox: SandboxOptions,
	use: (app: Demo) => Promise<T>,
	env: Record<string, string> = {},
): Promise<T> {
	const { folder, remove } = await makeTemporaryFolder('bench');
	const extensions = path.join(folder, 'extensions');
	const profiles = process.env.PROFILE;
	let demo: Demo | undefined;
	try {
		await writeMinimalNodes(extensions);
		demo = await startDemo({
			userFolder: folder,
			progress: printProgress((line) => process.stderr.write(`${line}\n`)),
			sandbox,
			env: {
				...env,
				N8N_LOG_LEVEL: 'error',
				N8N_CUSTOM_EXTENSIONS: extensions,
				...(profiles && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${path.resolve(profiles)}` }),
			},
		});
		return await use(demo);
	} finally {
		await demo?.stop();
		await remove();
	}
}
