import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';

import { isKeyAllowedAt, wasKeyAllowedAt } from './homes';
import { isBearerOfKey, sawInPlace } from './watch';

/** So much of a body is searched, in bytes: more is media. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** What can be seen of a request, where it is sent to. */
interface SeenRequest {
	line: string;
	headers: unknown;
	/** The whole of it, since a secret may lie across two pieces. */
	readonly body: Buffer;
	add(chunk: unknown): void;
}

function seenRequest(line: string, headers: unknown): SeenRequest {
	const chunks: Buffer[] = [];
	let bytes = 0;
	return {
		line,
		headers,
		get body() {
			return Buffer.concat(chunks);
		},
		add(chunk) {
			if (!Buffer.isBuffer(chunk) || bytes > MAX_BODY_BYTES) return;
			chunks.push(chunk);
			bytes += chunk.length;
		},
	};
}

/** What a request says in its headers; the key where it belongs, in the form in which it belongs there, aside. */
function headersToSearch(
	headers: readonly (readonly [string, unknown])[],
	address: string,
): unknown {
	return headers.filter(
		([name, value]) =>
			!(name.toLowerCase() === 'authorization' && isBearerOfKey(value) && isKeyAllowedAt(address)),
	);
}

/** Notes a request, by the host that it is for. */
function sawRequest(address: string, request: SeenRequest): void {
	const where = isKeyAllowedAt(address) ? 'a request to the API' : 'a request to another host';
	sawInPlace(where, { [new URL(address).host]: request });
}

/** A request that any server of the test gets, from this process or another one. */
function onServerRequest(message: unknown): void {
	const { request, server } = message as { request: IncomingMessage; server: Server };
	const { port = 0 } = (server.address() ?? {}) as Partial<AddressInfo>;
	const scheme = (request.socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http';
	const path = request.url ?? '';
	// A proxy gets the whole address.
	const address = URL.canParse(path) ? path : `${scheme}://127.0.0.1:${port}${path}`;
	const { rawHeaders } = request;
	const headers = rawHeaders.flatMap((name, index) =>
		index % 2 === 0 ? [[name, rawHeaders[index + 1]] as const] : [],
	);
	const seen = seenRequest(`${request.method ?? ''} ${path}`, headersToSearch(headers, address));
	// Unlike `on`, this does not set the body flowing before its reader is there.
	request.prependListener('data', (chunk: unknown) => {
		seen.add(chunk);
	});
	sawRequest(address, seen);
}

/** A request that this process sends by Node's own client, as n8n does, even where no server gets it. */
function onClientRequest(message: unknown): void {
	const { request } = message as { request: ClientRequest };
	const { protocol, path } = request;
	const host = request.getHeader('host');
	const address = URL.canParse(path) ? path : `${protocol}//${String(host)}${path}`;
	// What an execution of an earlier file sends to its own API was searched there. Should a server of this file
	// have its port by now, it sees the request.
	if (!URL.canParse(address) || wasKeyAllowedAt(address)) return;
	const headers = Object.entries(request.getHeaders());
	sawRequest(
		address,
		seenRequest(`${request.method} ${address}`, headersToSearch(headers, address)),
	);
}

/** Sees every request of this process, sent or received. Out: ends that. */
export function watchRequests(): () => void {
	subscribe('http.server.request.start', onServerRequest);
	subscribe('http.client.request.start', onClientRequest);
	return () => {
		unsubscribe('http.server.request.start', onServerRequest);
		unsubscribe('http.client.request.start', onClientRequest);
	};
}
