import { signCallback } from '../../sandbox';
import { saveCredential } from '../../n8n/credentials';
import type { Demo } from '../../n8n/demo';
import { activateWorkflow, createWorkflow, type WorkflowNode } from '../../n8n/workflows';
import { withApp } from '../app';
import { kept, median, shown } from '../figures';
import type { Measured } from '../part';

const CALLBACKS = 160;
const CLIENTS = 16;
const SECRET = 'whsec_BenchmarkOnly';
const HEADER_KEY = 'BenchmarkOnly';

interface Contender {
	name: string;
	node: Pick<WorkflowNode, 'type' | 'typeVersion' | 'parameters' | 'credentials'>;
	path: string;
	headers(body: string): Record<string, string>;
	/** Callbacks per second, by round. */
	rates: number[];
}

let serial = 0;

function callback(): string {
	serial += 1;
	return JSON.stringify({
		event: 'run.completed',
		run_id: `0199a1b2-0000-7000-8000-${String(serial).padStart(12, '0')}`,
		status: 'succeeded',
		output: {
			outputs: [
				{ url: 'https://storage.example.com/1.png', type: 'image', width: 1024, height: 1024 },
			],
			seed: serial,
			nsfw_detected: false,
			timing: { inference_ms: 8000 },
		},
		duration_ms: 8123,
		created_at: '2026-04-08T10:00:00+00:00',
		completed_at: '2026-04-08T10:00:08+00:00',
		metadata: { order: String(serial) },
	});
}

/**
 * Callbacks per second that one n8n takes, of the Runflow Trigger beside n8n's own Webhook node: with a header-auth
 * credential, which it is compared with, and bare.
 */
export async function measure(rounds = 7): Promise<Measured> {
	return await withApp({}, async (app) => {
		const all = await contenders(app);
		const urls = new Map<Contender, string>();
		for (const contender of all) urls.set(contender, await goLive(app, contender));
		for (const contender of all) await round(urls.get(contender) ?? '', contender, CLIENTS * 2);
		for (let index = 0; index < rounds; index++) {
			// Each goes first in its turn.
			for (let turn = 0; turn < all.length; turn++) {
				const contender = all[(index + turn) % all.length];
				if (contender === undefined) continue;
				await drained(app);
				contender.rates.push(await round(urls.get(contender) ?? '', contender, CALLBACKS));
			}
		}
		return result(rounds, all);
	});
}

function result(rounds: number, all: Contender[]): Measured {
	const [trigger, header, bare] = all.map(({ rates }) => median(rates));
	if (!trigger || !header || !bare) throw new Error('A contender is missing');
	const from = (other: number): string =>
		`${shown(trigger)}/s / ${shown(other)}/s, ${CLIENTS} clients, ${CALLBACKS} callbacks a round`;
	return {
		rounds,
		rows: [
			{
				what: 'callbacks per second, Runflow Trigger / Webhook with header auth',
				value: kept(trigger / header),
				unit: '×',
				goal: { atLeast: 1 },
				from: from(header),
			},
			{
				what: 'callbacks per second, Runflow Trigger / bare Webhook',
				value: kept(trigger / bare),
				unit: '×',
				from: from(bare),
			},
		],
		raw: Object.fromEntries(all.map(({ name, rates }) => [name, { perSecond: rates.map(kept) }])),
	};
}

async function send(url: string, contender: Contender): Promise<number> {
	const body = callback();
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...contender.headers(body) },
		body,
	});
	await response.text();
	return response.status;
}

async function round(url: string, contender: Contender, callbacks: number): Promise<number> {
	let left = callbacks;
	const began = performance.now();
	const client = async (): Promise<void> => {
		while (left > 0) {
			left -= 1;
			const status = await send(url, contender);
			if (status !== 200) throw new Error(`${contender.name} answered ${status}`);
		}
	};
	await Promise.all(Array.from({ length: CLIENTS }, client));
	return callbacks / ((performance.now() - began) / 1000);
}

/** Resolves when no execution is under way any more. */
async function drained({ session }: Demo): Promise<void> {
	for (;;) {
		const filter = encodeURIComponent(JSON.stringify({ status: ['new', 'running'] }));
		const { results } = await session.rest<{ results: unknown[] }>(
			'GET',
			`/rest/executions?filter=${filter}&limit=1`,
		);
		if (results.length === 0) return;
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
}

async function contenders(demo: Demo): Promise<Contender[]> {
	const { session, sandbox } = demo;
	const runflow = await saveCredential(session, 'Benchmark', {
		apiKey: sandbox.apiKey,
		baseUrl: sandbox.url,
		callbackSecrets: SECRET,
	});
	const header = await session.rest<{ id: string; name: string }>('POST', '/rest/credentials', {
		name: 'Benchmark header',
		type: 'httpHeaderAuth',
		data: { name: 'X-Key', value: HEADER_KEY },
	});
	const webhook = (path: string, authentication: string, credentials = {}): Contender['node'] => ({
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2.1,
		parameters: { path, httpMethod: 'POST', authentication, options: {} },
		credentials,
	});
	return [
		{
			name: 'Runflow Trigger',
			node: {
				type: 'n8n-nodes-runflow.runflowTrigger',
				typeVersion: 1.1,
				parameters: {},
				credentials: { runflowApi: { id: runflow.id, name: runflow.name } },
			},
			path: '6a1d2c3b-0000-4000-8000-000000000000/webhook',
			headers: (body) => ({ 'Runflow-Signature': signCallback(body, SECRET) }),
			rates: [],
		},
		{
			name: 'Webhook, header auth',
			node: webhook('bench-header', 'headerAuth', {
				httpHeaderAuth: { id: header.id, name: header.name },
			}),
			path: 'bench-header',
			headers: () => ({ 'X-Key': HEADER_KEY }),
			rates: [],
		},
		{
			name: 'Webhook, bare',
			node: webhook('bench-bare', 'none'),
			path: 'bench-bare',
			headers: () => ({}),
			rates: [],
		},
	];
}

async function goLive(demo: Demo, contender: Contender): Promise<string> {
	const webhookId = contender.path.split('/')[0] ?? '';
	const stored = await createWorkflow(demo.session, {
		name: contender.name,
		nodes: [{ ...contender.node, id: webhookId, name: 'Start', position: [0, 0], webhookId }],
		connections: {},
		settings: { executionOrder: 'v1' },
	});
	await activateWorkflow(demo.session, stored);
	const url = `${demo.n8n.url}/webhook/${contender.path}`;
	while ((await send(url, contender)) !== 200) {
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	return url;
}
