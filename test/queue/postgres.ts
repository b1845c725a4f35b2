import { chown } from 'node:fs/promises';
import path from 'node:path';

import { runCommand } from '../n8n/command';
import { freePort, LOOPBACK } from '../n8n/freePort';
import { makeTemporaryFolder } from '../n8n/temporaryFolder';
import { startService, type Service } from './service';

/** A PostgreSQL of our own, empty at first. */
export interface Postgres extends Service {
	/** The settings by which n8n finds it. */
	env: Record<string, string>;
}

/** The user that Debian's package makes: PostgreSQL refuses to run as root. */
const SYSTEM_USER = 'postgres';

/** The owner of the database. No password: it listens on 127.0.0.1 and lives as long as a test. */
const OWNER = 'n8n';

async function idOf(kind: '-u' | '-g'): Promise<number> {
	return Number(await runCommand('id', [kind, SYSTEM_USER], { cwd: '/' }));
}

/** Starts a PostgreSQL with its data in a temporary folder, on a free port; `stop` removes the folder. */
export async function startPostgres(bin: string): Promise<Postgres> {
	const { folder, remove } = await makeTemporaryFolder('postgres');
	try {
		const user = process.getuid?.() === 0 ? SYSTEM_USER : undefined;
		const data = path.join(folder, 'data');
		const port = await freePort();
		// --no-sync only concerns the making of the cluster; what n8n writes is synced as anywhere.
		const initdb = [path.join(bin, 'initdb'), '-D', data, '-U', OWNER, '-A', 'trust', '--no-sync'];
		const locale = ['--encoding', 'UTF8', '--locale', 'C'];
		if (user !== undefined) await chown(folder, await idOf('-u'), await idOf('-g'));
		const asUser =
			user === undefined ? [] : ['--reuid', user, '--regid', user, '--clear-groups', '--'];
		await runCommand('setpriv', [...asUser, ...initdb, ...locale], { cwd: folder });
		const service = await startService({
			name: 'PostgreSQL',
			command: [
				...[path.join(bin, 'postgres'), '-D', data, '-p', String(port), '-k', folder],
				...['-c', `listen_addresses=${LOOPBACK}`],
			],
			cwd: folder,
			logFile: path.join(folder, 'postgres.log'),
			...(user !== undefined && { user }),
			isReady: async () =>
				await runCommand(path.join(bin, 'pg_isready'), ['-h', LOOPBACK, '-p', String(port)], {
					cwd: folder,
				}).then(
					() => true,
					() => false,
				),
		});
		return {
			env: {
				DB_TYPE: 'postgresdb',
				DB_POSTGRESDB_HOST: LOOPBACK,
				DB_POSTGRESDB_PORT: String(port),
				DB_POSTGRESDB_DATABASE: 'postgres',
				DB_POSTGRESDB_USER: OWNER,
			},
			stop: async () => {
				await service.stop();
				await remove();
			},
		};
	} catch (error) {
		await remove();
		throw error;
	}
}
