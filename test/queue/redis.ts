import { connect } from 'node:net';
import path from 'node:path';

import { freePort, LOOPBACK } from '../n8n/freePort';
import { makeTemporaryFolder } from '../n8n/temporaryFolder';
import { startService, type Service } from './service';

/** A Redis of our own that keeps nothing. */
export interface Redis extends Service {
	/** The settings by which n8n finds it. */
	env: Record<string, string>;
}

async function answersPing(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, LOOPBACK, () => socket.write('PING\r\n'));
		socket.on('data', (answer) => {
			resolve(String(answer).startsWith('+PONG'));
			socket.destroy();
		});
		socket.on('error', () => {
			resolve(false);
		});
	});
}

/** Starts a Redis on a free port. */
export async function startRedis(redisServer: string): Promise<Redis> {
	const { folder, remove } = await makeTemporaryFolder('redis');
	try {
		const port = await freePort();
		const service = await startService({
			name: 'Redis',
			command: [
				...[redisServer, '--port', String(port), '--bind', LOOPBACK],
				...['--save', '', '--appendonly', 'no', '--dir', folder],
			],
			cwd: folder,
			logFile: path.join(folder, 'redis.log'),
			isReady: async () => await answersPing(port),
		});
		return {
			env: { QUEUE_BULL_REDIS_HOST: LOOPBACK, QUEUE_BULL_REDIS_PORT: String(port) },
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
