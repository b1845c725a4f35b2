import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';

import { LOOPBACK } from '../freePort';
import { makeCertificate } from './certificate';
import type { Service, ServiceRequest, UploadedFile } from './service';

/** The stand-ins of other services, and the proxy that leads n8n to them. */
export interface StandIns {
	/** What n8n has to be started with, so that it goes there. */
	env: Record<string, string>;
	/** Requests of n8n to hosts without a stand-in, one line each: `CONNECT host:port`. */
	refused: string[];
	close: () => Promise<void>;
}

/**
 * Stands in for services at the network: n8n calls the true addresses, by HTTPS, through this proxy, which
 * answers for the services given and refuses everything else.
 * @param folder where the certificate is put that n8n must trust
 */
export async function startStandIns(services: Service[], folder: string): Promise<StandIns> {
	const byHost = new Map(services.map((service) => [service.host, service]));
	const refused: string[] = [];
	const sockets = new Set<Socket>();

	const certificate = makeCertificate([...byHost.keys()]);
	const tls = createTlsServer(certificate, (request, response) => {
		void answer(request, response, byHost, refused);
	});
	// A request that comes without CONNECT is one by plain HTTP: none of the services is called so.
	const proxy = createServer((request, response) => {
		refused.push(`${request.method ?? ''} ${request.url ?? ''}`);
		response.writeHead(403).end();
	});
	proxy.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	proxy.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
		// A client that goes away in the middle ends its request, not the test.
		socket.on('error', () => socket.destroy());
		const target = request.url ?? '';
		const [host = '', port] = target.split(':');
		if (!byHost.has(host) || port !== '443') {
			refused.push(`CONNECT ${target}`);
			socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
			return;
		}
		socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
		if (head.length > 0) socket.unshift(head);
		tls.emit('connection', socket);
	});
	await new Promise<void>((resolve) => proxy.listen(0, LOOPBACK, resolve));
	const { port } = proxy.address() as AddressInfo;
	const url = `http://${LOOPBACK}:${port}`;

	const file = path.join(folder, 'stand-ins.pem');
	await writeFile(file, certificate.cert);
	return {
		env: {
			HTTP_PROXY: url,
			HTTPS_PROXY: url,
			// n8n itself, the sandbox, and n8n's task runner.
			NO_PROXY: `${LOOPBACK},localhost`,
			NODE_EXTRA_CA_CERTS: file,
		},
		refused,
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise<void>((resolve) =>
				proxy.close(() => {
					resolve();
				}),
			);
		},
	};
}

async function answer(
	request: IncomingMessage,
	response: ServerResponse,
	services: Map<string, Service>,
	refused: string[],
): Promise<void> {
	const seen = await read(request);
	const answered = services.get(seen.host)?.answer(seen);
	if (answered === undefined) refused.push(`${seen.method} https://${seen.host}${seen.path}`);
	const { status = 200, body } = answered ?? { status: 501, body: { error: 'not stood in for' } };
	response.writeHead(status, { 'content-type': 'application/json' });
	response.end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<ServiceRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const bytes = Buffer.concat(chunks);
	const text = bytes.toString('utf8');
	const host = request.headers.host ?? '';
	const { pathname, searchParams } = new URL(request.url ?? '/', `https://${host}`);
	const type = request.headers['content-type'] ?? '';
	const isJson = type.includes('json') && text !== '';
	return {
		host,
		method: request.method ?? '',
		path: decodeURIComponent(pathname),
		query: searchParams,
		headers: request.headers,
		body: isJson ? JSON.parse(text) : text,
		form: type.startsWith('multipart/form-data') ? await readForm(bytes, type) : undefined,
	};
}

async function readForm(bytes: Buffer, type: string): Promise<ServiceRequest['form']> {
	const body = new Uint8Array(bytes);
	const form = await new Response(body, { headers: { 'content-type': type } }).formData();
	const fields: Record<string, string | UploadedFile> = {};
	for (const [name, value] of form.entries()) {
		fields[name] =
			typeof value === 'string'
				? value
				: {
						fileName: value.name,
						type: value.type,
						bytes: Buffer.from(await value.arrayBuffer()),
					};
	}
	return fields;
}
