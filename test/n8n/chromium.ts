import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { runCommand } from './command';
import { REPOSITORY } from './folders';
import type { Progress } from './progress';

/** Where Debian's package puts it. */
const DEBIAN_CHROMIUM = '/usr/bin/chromium';

async function isDebian(): Promise<boolean> {
	try {
		return /^ID(_LIKE)?=.*debian/m.test(await readFile('/etc/os-release', 'utf8'));
	} catch {
		return false;
	}
}

/**
 * The path of a Chromium to drive: the one that CHROMIUM_PATH names, or Debian's, which is installed
 * if this is root on Debian.
 */
export async function findChromium(progress: Progress): Promise<string> {
	const given = process.env.CHROMIUM_PATH;
	if (given !== undefined && given !== '') return given;
	if (existsSync(DEBIAN_CHROMIUM)) return DEBIAN_CHROMIUM;
	if (process.getuid?.() !== 0 || !(await isDebian())) {
		throw new Error(
			'There is no Chromium. Install it (on Debian: apt-get install chromium), or name one in CHROMIUM_PATH.',
		);
	}
	await progress("Install Debian's Chromium", async () => {
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
		await runCommand('apt-get', ['update'], { cwd: REPOSITORY, env });
		const install = ['install', '-y', '--no-install-recommends', 'chromium'];
		await runCommand('apt-get', install, { cwd: REPOSITORY, env });
	});
	return DEBIAN_CHROMIUM;
}
