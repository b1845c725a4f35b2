import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { planFault, takeFault, type FaultPlan } from '../faults';
import { parseJson } from '../json';
import { LOGGED_BODY_LIMIT_BYTES, type HostName, type OpenEntry } from '../requestLog';
import { later, type SandboxState } from '../state';
import { errorAnswer, type Answer, type Call } from './answer';
import { resetConnection, sendCut, sendDripping, sendWhole } from './wire';

/** One of the two servers, before it listens. */
export interface HostPlan {
	readonly name: HostName;
	/** 0 for any free one. */
	readonly port: number;
	readonly bodyLimitBytes: (state: SandboxState) => number;
	readonly handle: (state: SandboxState, call: Call) => Promise<Answer>;
	readonly onAnswered: ((entry: OpenEntry) => void) | null;
}

export interface Host {
	readonly url: string;
	/** Closes it: connections are refused. Requests under way are still answered. */
	refuse(): void;
	/** Listens again, at the same port. */
	listenAgain(): Promise<void>;
	close(): Promise<void>;
}

const PLAIN: FaultPlan = {
	acts: true,
	answer: (truth) => truth,
	wire: 'whole',
	overMs: 0,
	drips: 1,
};

/**
 * In: the sandbox's memory and what to serve. Out: a server on 127.0.0.1 that logs every request, lets it meet
 * its fault, and stops with all its connections when closed.
 */
export async function startHost(state: SandboxState, plan: HostPlan): Promise<Host> {
	const server = createServer((request, response) => {
		// Once the host is closed, a connection that was open before must not be used again.
		response.once('finish', () => {
			if (!server.listening) server.closeIdleConnections();
		});
		// A request line that is not a URL, or a client that has disconnected.
		serve(state, plan, request, response).catch(() => {
			resetConnection(response);
		});
	});
	// A client must not send on a connection that is being closed because a busy machine was slow.
	server.keepAliveTimeout = 0;
	await listen(server, plan.port);
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		refuse: () => {
			server.close();
			server.closeIdleConnections();
		},
		listenAgain: async () => {
			if (!server.listening) await listen(server, port);
		},
		close: async () => {
			await closeServer(server);
		},
	};
}

async function serve(
	state: SandboxState,
	plan: HostPlan,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const url = new URL(request.url ?? '/', 'http://sandbox');
	const entry = openEntry(plan.name, request, url);
	state.requests.push(entry);
	const body = await readBody(request, plan.bodyLimitBytes(state));
	if (body === 'broken-off') return;
	entry.bodyBytes = body.length;
	entry.rawBody = Buffer.from(body.buffer.subarray(0, LOGGED_BODY_LIMIT_BYTES));
	// Not on storage, where tens of megabytes of media come in.
	entry.json = plan.name === 'api' ? parseJson(body.buffer.toString()) : undefined;

	const fault = takeFault(state.faults, entry);
	entry.fault = fault?.kind ?? null;
	const { acts, answer: replace, wire, ...drip } = fault === null ? PLAIN : planFault(fault);
	const call: Call = {
		method: entry.method,
		path: entry.path,
		query: url.searchParams,
		headers: entry.headers,
		body: body.buffer,
		bodyTooLarge: body.buffer.length < body.length,
		requestId: entry.requestId,
	};
	const truth = acts ? await act(state, plan, call) : null;
	entry.runId = truth?.runId ?? null;
	const answer = replace(truth);

	if (wire === 'hold' || wire === 'drip') {
		state.held.add(response);
		response.once('close', () => state.held.delete(response));
	}
	if (wire === 'hold') return;
	if (wire === 'reset' || answer === null) {
		resetConnection(response);
		return;
	}
	entry.status = answer.status;
	plan.onAnswered?.(entry);
	if (plan.name === 'api') response.setHeader('Runflow-Request-Id', entry.requestId);
	if (wire === 'drip') sendDripping(response, answer, drip, later.bind(null, state));
	else if (wire === 'cut') await sendCut(response, answer);
	else await sendWhole(response, answer, entry.method === 'HEAD');
}

async function act(state: SandboxState, plan: HostPlan, call: Call): Promise<Answer> {
	try {
		return await plan.handle(state, call);
	} catch (error) {
		// A mistake in the sandbox itself: said out loud in the test that met it, and the process lives on.
		return errorAnswer(
			500,
			'SANDBOX_BUG',
			error instanceof Error ? (error.stack ?? error.message) : String(error),
		);
	}
}

function openEntry(host: HostName, request: IncomingMessage, url: URL): OpenEntry {
	return {
		host,
		method: request.method ?? 'GET',
		path: url.pathname,
		query: Object.fromEntries(url.searchParams),
		headers: Object.fromEntries(
			Object.entries(request.headers).map(([name, value]) => [
				name,
				Array.isArray(value) ? value.join(', ') : (value ?? ''),
			]),
		),
		requestId: randomUUID(),
		at: Date.now(),
		rawBody: Buffer.alloc(0),
		bodyBytes: 0,
		json: undefined,
		status: null,
		runId: null,
		fault: null,
	};
}

/** Reads the whole body, and keeps it only up to the limit. */
async function readBody(
	request: IncomingMessage,
	limit: number,
): Promise<{ readonly buffer: Buffer; readonly length: number } | 'broken-off'> {
	const chunks: Buffer[] = [];
	let length = 0;
	try {
		for await (const chunk of request as AsyncIterable<Buffer>) {
			length += chunk.length;
			if (length <= limit) chunks.push(chunk);
			else chunks.length = 0;
		}
	} catch {
		return 'broken-off';
	}
	return { buffer: length <= limit ? Buffer.concat(chunks) : Buffer.alloc(0), length };
}

async function listen(server: Server, port: number): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
}

async function closeServer(server: Server): Promise<void> {
	const closed = new Promise<void>((resolve) => {
		server.close(() => {
			resolve();
		});
	});
	server.closeAllConnections();
	await closed;
}
