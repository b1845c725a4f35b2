import {
	createServer,
	request as send,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';

import { freePort, LOOPBACK } from '../n8n/freePort';

/** The reverse proxy before the processes of n8n: one address for all. */
export interface Front {
	url: string;
	close: () => Promise<void>;
}

/** Where a request goes, by its path: the base URL of a process. */
export type Route = (path: string) => string;

/** Paths that n8n's pages on queue mode send to webhook processes; test webhooks are none of them. */
const PRODUCTION_WEBHOOKS = /^\/(?:webhook|webhook-waiting|form|form-waiting)(?:[/?]|$)/;

/** Whether n8n's pages on queue mode would send a path to a webhook process. */
export function isProductionWebhook(path: string): boolean {
	return PRODUCTION_WEBHOOKS.test(path);
}

/** Passes on one request as it came. A process that is not there is a broken gateway, as at any proxy. */
function pass(from: IncomingMessage, to: ServerResponse, base: string): void {
	const { hostname, port } = new URL(base);
	const headers = {
		...from.headers,
		'x-forwarded-for': LOOPBACK,
		'x-forwarded-proto': 'http',
		'x-forwarded-host': from.headers.host,
	};
	const { method, url: path } = from;
	// A separate connection: one that n8n is just closing would appear as a broken gateway.
	const passed = send({ hostname, port, method, path, headers, agent: false }, (answer) => {
		to.writeHead(answer.statusCode ?? 502, answer.headers);
		answer.pipe(to);
	});
	passed.on('error', () => {
		if (to.headersSent) to.destroy();
		else to.writeHead(502).end();
	});
	from.pipe(passed);
}

/** Starts the proxy on its own port. `route` is called for each request. */
export async function startFront(route: Route): Promise<Front> {
	const port = await freePort();
	const server = createServer((from, to) => {
		pass(from, to, route(from.url ?? '/'));
	});
	await new Promise<void>((resolve) => {
		server.listen(port, LOOPBACK, resolve);
	});
	return {
		url: `http://${LOOPBACK}:${port}`,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
