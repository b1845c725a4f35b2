import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** What answers for a host. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** A proxy that stands for the internet: every request comes here, with its whole address. */
export interface Internet {
	/** Where the proxy listens. */
	url: string;
	/** The requests, in order: method and address; CONNECT and the host where it is encrypted. */
	requested: string[];
	/** Hosts by their names; any other is answered 502. */
	hosts: Map<string, Answering>;
	/** Where an encrypted connection leads, for any host: a port of this machine. */
	encrypted: number | undefined;
	close(): Promise<void>;
}

export async function startInternet(): Promise<Internet> {
	const hosts = new Map<string, Answering>();
	const requested: string[] = [];
	const server = createServer((incoming, response) => {
		const address = incoming.url ?? '';
		requested.push(`${incoming.method ?? ''} ${address}`);
		const answer = URL.canParse(address) ? hosts.get(new URL(address).hostname) : undefined;
		if (answer === undefined) response.writeHead(502).end();
		else answer(incoming, response);
	});
	server.on('connect', (incoming, socket) => {
		requested.push(`CONNECT ${incoming.url ?? ''}`);
		if (internet.encrypted === undefined) {
			socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
			return;
		}
		const there = connect(internet.encrypted, '127.0.0.1', () => {
			socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			there.pipe(socket).pipe(there);
		});
		for (const end of [there, socket]) {
			end.on('error', () => {
				there.destroy();
				socket.destroy();
			});
		}
	});
	const sockets = new Set<Socket>();
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const internet: Internet = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requested,
		hosts,
		encrypted: undefined,
		close: async () => {
			// Encrypted connections are no longer the server's own.
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	return internet;
}

/** Answers with what a server of this machine answers to the same request. */
export function forwardTo(origin: string): Answering {
	return (incoming, response) => {
		const { pathname, search, host } = new URL(incoming.url ?? '');
		const { method, headers } = incoming;
		const onward = request(
			new URL(pathname + search, origin),
			{ method, headers: { ...headers, host } },
			(answer) => {
				response.writeHead(answer.statusCode ?? 502, answer.headers);
				answer.pipe(response);
			},
		);
		onward.on('error', () => response.destroy());
		incoming.pipe(onward);
	};
}
