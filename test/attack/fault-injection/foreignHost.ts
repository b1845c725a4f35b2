import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Some other server, which a redirect leads to and which keeps what it is sent. */
export interface ForeignHost {
	url: string;
	/** What came for an address below that path. */
	requestsFor(path: string): { method: string; headers: IncomingHttpHeaders; body: string }[];
	close(): Promise<void>;
}

/** Starts it. It answers everything with a web page. */
export async function startForeignHost(): Promise<ForeignHost> {
	const seen: { path: string; method: string; headers: IncomingHttpHeaders; body: string }[] = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const { url: path = '', method = '', headers } = request;
			seen.push({ path, method, headers, body: Buffer.concat(chunks).toString('latin1') });
			response
				.writeHead(200, { 'content-type': 'text/html' })
				.end('<!DOCTYPE html><html><body>Log in</body></html>');
		});
	});
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requestsFor: (path) => seen.filter((request) => request.path.startsWith(path)),
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
