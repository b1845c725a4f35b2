import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { parseJson, type Json } from './json';

/** A callback as it arrived. */
export interface ReceivedCallback {
	readonly headers: Readonly<Record<string, string | undefined>>;
	readonly body: Buffer;
	readonly json: Json | undefined;
}

/** How a receiver answers its nth callback (from 0): a status, a broken connection, or never. */
export type ReceiverAnswer = number | 'reset' | 'silent';

export interface CallbackReceiver {
	readonly url: string;
	readonly received: readonly ReceivedCallback[];
	close(): Promise<void>;
}

/**
 * In: how to answer each callback. Out: a server on 127.0.0.1 that keeps what it is sent.
 */
export async function startReceiver(
	answer: (index: number) => ReceiverAnswer = () => 200,
): Promise<CallbackReceiver> {
	const received: ReceivedCallback[] = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const body = Buffer.concat(chunks);
			const reply = answer(received.length);
			const headers = Object.entries(request.headers).map(([name, value]) => [
				name,
				value?.toString(),
			]);
			received.push({
				headers: Object.fromEntries(headers) as Record<string, string | undefined>,
				body,
				json: parseJson(body.toString()),
			});
			if (reply === 'reset') request.socket.resetAndDestroy();
			else if (reply !== 'silent') response.writeHead(reply).end('noted');
		});
	});
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/hook`,
		received,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
