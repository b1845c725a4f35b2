import { createServer } from 'node:net';

/** The only address that anything here listens on. */
export const LOOPBACK = '127.0.0.1';

async function listenOnce(port: number): Promise<number | undefined> {
	return await new Promise((resolve, reject) => {
		const server = createServer();
		server.on('error', (error: NodeJS.ErrnoException) => {
			if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
			else reject(error);
		});
		server.listen(port, LOOPBACK, () => {
			const address = server.address();
			server.close(() => {
				resolve(typeof address === 'object' && address ? address.port : undefined);
			});
		});
	});
}

/** A free port: the first of the preferred ones that is free, otherwise any. */
export async function freePort(...preferred: number[]): Promise<number> {
	for (const port of [...preferred, 0]) {
		const found = await listenOnce(port);
		if (found !== undefined) return found;
	}
	throw new Error('There is no free port.');
}
