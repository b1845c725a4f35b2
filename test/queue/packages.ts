import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { runCommand } from '../n8n/command';
import type { Progress } from '../n8n/progress';

/** Where Debian's packages put what is needed here. */
export interface Programs {
	redisServer: string;
	/** The folder of `initdb` and `postgres`. */
	postgresBin: string;
}

const REDIS_SERVER = '/usr/bin/redis-server';

/** One folder for each PostgreSQL that is installed, named by its major version. */
const POSTGRES_VERSIONS = '/usr/lib/postgresql';

async function findPostgres(): Promise<string | undefined> {
	const versions = existsSync(POSTGRES_VERSIONS) ? await readdir(POSTGRES_VERSIONS) : [];
	return versions
		.sort((a, b) => Number(b) - Number(a))
		.map((version) => path.join(POSTGRES_VERSIONS, version, 'bin'))
		.find((bin) => existsSync(path.join(bin, 'initdb')));
}

async function missingPackages(): Promise<string[]> {
	return [
		...(existsSync(REDIS_SERVER) ? [] : ['redis-server']),
		...((await findPostgres()) === undefined ? ['postgresql'] : []),
	];
}

/**
 * Finds Redis and PostgreSQL, and installs Debian's packages of them where they are missing. What the packages
 * would start by themselves is not used, nor touched.
 * @throws where they are missing and this is not Debian, or not root
 */
export async function findPrograms(progress: Progress): Promise<Programs> {
	const missing = await missingPackages();
	if (missing.length > 0) {
		const names = missing.join(' and ');
		if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
			throw new Error(
				`Queue mode needs ${names}. Install Debian's packages (as root: apt-get install ${missing.join(' ')}), or run this as root on Debian, which installs them.`,
			);
		}
		await progress(`Install ${names}`, async () => {
			const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
			await runCommand('apt-get', ['update'], { cwd: '/', env });
			const install = ['install', '--yes', '--no-install-recommends', ...missing];
			await runCommand('apt-get', install, { cwd: '/', env });
		});
	}
	const postgresBin = await findPostgres();
	if (postgresBin === undefined || !existsSync(REDIS_SERVER)) {
		throw new Error(`Redis or PostgreSQL is not where Debian's packages put it.`);
	}
	return { redisServer: REDIS_SERVER, postgresBin };
}
