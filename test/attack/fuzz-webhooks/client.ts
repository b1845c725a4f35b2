import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';

import type { FuzzCase } from './fuzzCase';

/** What came of a request. */
export type Met =
	| { kind: 'answered'; status: number; text: string; ms: number }
	/** The connection was closed without an answer, as a server does with data that is not HTTP. */
	| { kind: 'closed'; ms: number }
	/** Neither within {@link ANSWER_TIMEOUT_MS}. */
	| { kind: 'hung'; ms: number };

/** How long an answer may take, in milliseconds: longer than Runflow would wait. */
export const ANSWER_TIMEOUT_MS = 20_000;

/** Sends requests to one server over connections that are kept. */
export interface Client {
	send(fuzzCase: FuzzCase): Promise<Met>;
	close(): void;
}

/** In: a server's address. Out: a client of it. */
export function openClient(url: string): Client {
	const { hostname, port } = new URL(url);
	const agent = new Agent({ keepAlive: true, maxSockets: 64 });
	return {
		send: async (fuzzCase) =>
			fuzzCase.raw === undefined
				? await sendHttp(fuzzCase, { agent, hostname, port })
				: await sendRaw(fuzzCase.raw, Number(port)),
		close: () => {
			agent.destroy();
		},
	};
}

interface Target {
	agent: Agent;
	hostname: string;
	port: string;
}

async function sendHttp(fuzzCase: FuzzCase, target: Target): Promise<Met> {
	const began = performance.now();
	return await new Promise((resolve) => {
		const ms = (): number => performance.now() - began;
		const request = httpRequest({
			...target,
			method: fuzzCase.method,
			path: fuzzCase.path,
			// As a list they go out as they are, so what Node would add has to be there.
			headers: [
				['Host', target.hostname],
				['Content-Length', String(fuzzCase.body.length)],
				...fuzzCase.headers,
			].flat(),
		});
		const timer = setTimeout(() => {
			resolve({ kind: 'hung', ms: ms() });
			request.destroy();
		}, ANSWER_TIMEOUT_MS);
		request.on('error', () => {
			clearTimeout(timer);
			// The server has closed an idle connection just then: nothing of the request was read.
			if (request.reusedSocket) resolve(sendHttp(fuzzCase, target));
			else resolve({ kind: 'closed', ms: ms() });
		});
		request.on('response', (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('close', () => {
				clearTimeout(timer);
				const text = Buffer.concat(chunks).toString();
				resolve({ kind: 'answered', status: response.statusCode ?? 0, text, ms: ms() });
			});
		});
		request.end(fuzzCase.body);
	});
}

/** Writes what it is given and ends its half of the connection, so that no server has to wait for more. */
async function sendRaw(bytes: Buffer, port: number): Promise<Met> {
	const began = performance.now();
	return await new Promise((resolve) => {
		const ms = (): number => performance.now() - began;
		const chunks: Buffer[] = [];
		const socket = connect({ port, host: '127.0.0.1' });
		const timer = setTimeout(() => {
			resolve({ kind: 'hung', ms: ms() });
			socket.destroy();
		}, ANSWER_TIMEOUT_MS);
		socket.on('data', (chunk) => chunks.push(chunk));
		socket.on('error', () => undefined);
		socket.on('close', () => {
			clearTimeout(timer);
			const text = Buffer.concat(chunks).toString('latin1');
			const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? NaN);
			resolve(
				Number.isNaN(status)
					? { kind: 'closed', ms: ms() }
					: { kind: 'answered', status, text: text.split('\r\n\r\n')[1] ?? '', ms: ms() },
			);
		});
		socket.end(bytes);
	});
}

/** Sends several requests, so many at a time, and gives what came of each in their order. */
export async function sendAll(
	client: Client,
	fuzzCases: readonly FuzzCase[],
	atOnce = 16,
): Promise<Met[]> {
	const met: Met[] = [];
	let next = 0;
	const one = async (): Promise<void> => {
		for (;;) {
			const index = next++;
			const fuzzCase = fuzzCases[index];
			if (fuzzCase === undefined) return;
			met[index] = await client.send(fuzzCase);
		}
	};
	await Promise.all(Array.from({ length: atOnce }, one));
	return met;
}
