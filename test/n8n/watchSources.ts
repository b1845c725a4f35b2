import { spawn } from 'node:child_process';
import { cpSync, rmSync, watch } from 'node:fs';
import path from 'node:path';

import { runCommand } from './command';
import { REPOSITORY } from './folders';
import { installedFolder, stampFile } from './installPackage';
import { formatDuration } from './progress';

/** The folders whose files end up in dist. */
const SOURCES = ['nodes', 'credentials', 'icons'];

/** Editors write a file in several steps: build once they are done, in milliseconds. */
const DEBOUNCE_MS = 100;

/** Makes n8n watch the files of its community packages, and reload the nodes when they change. */
export const HOT_RELOAD: Record<string, string> = {
	NODE_ENV: 'development',
	N8N_DEV_RELOAD: 'true',
};

/**
 * Builds the package again whenever a source file changes, and copies it into a running n8n that was started with
 * {@link HOT_RELOAD}. A type error is reported, and does not keep the new code from being tried.
 * @param userFolder n8n's, into which the package is installed
 */
export function watchSources(userFolder: string, say: (line: string) => void): void {
	const target = path.join(installedFolder(userFolder), 'dist');
	// What is installed is no longer that tarball: the next start installs the package again.
	rmSync(stampFile(userFolder), { force: true });
	let timer: NodeJS.Timeout | undefined;
	let work = Promise.resolve();

	const update = async (file: string): Promise<void> => {
		const started = Date.now();
		try {
			await runCommand('npx', ['gulp', 'build'], { cwd: REPOSITORY });
			cpSync(path.join(REPOSITORY, 'dist'), target, { recursive: true });
			say(`${file} changed: n8n has the new build after ${formatDuration(Date.now() - started)}`);
		} catch (error) {
			say(error instanceof Error ? error.message : String(error));
		}
	};

	for (const folder of SOURCES) {
		const options = { recursive: true, persistent: false };
		watch(path.join(REPOSITORY, folder), options, (_event, file) => {
			clearTimeout(timer);
			timer = setTimeout(() => {
				work = work.then(async () => {
					await update(path.join(folder, file ?? ''));
				});
			}, DEBOUNCE_MS);
		});
	}
	reportTypeErrors();
	say(`Watching ${SOURCES.join(', ')}. Reload a page of the editor that is open to see a change.`);
}

/** Checks the types beside the builds, which do not wait for it. */
function reportTypeErrors(): void {
	const args = ['tsc', '--watch', '--preserveWatchOutput'];
	const child = spawn('npx', args, { cwd: REPOSITORY, stdio: ['ignore', 'inherit', 'inherit'] });
	// Neither keeps the process from ending.
	child.unref();
	process.once('exit', () => {
		child.kill();
	});
}
