import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Connections that were refused in this process, by port: nothing listens there that could count them. */
const counts = new Map<number, number>();
let isWatching = false;

/** Begins to count refused connections; a second call changes nothing. */
export function watchRefusals(): void {
	if (isWatching) return;
	isWatching = true;
	subscribe('net.client.socket', (message) => {
		const { socket } = message as { socket: Socket };
		socket.once('error', (error: NodeJS.ErrnoException & { port?: number }) => {
			if (error.code !== 'ECONNREFUSED' || error.port === undefined) return;
			counts.set(error.port, (counts.get(error.port) ?? 0) + 1);
		});
	});
}

/** How many connections to that address were refused so far. */
export function refusalsAt(url: string): number {
	return counts.get(Number(new URL(url).port)) ?? 0;
}
