import { randomUUID } from 'node:crypto';

import { signCallback } from '../../sandbox';
import { saveCredential } from '../../n8n/credentials';
import type { Demo } from '../../n8n/demo';
import { activateWorkflow, createWorkflow, type WorkflowNode } from '../../n8n/workflows';
import { withApp } from '../app';
import { isBusy } from '../appFlow';
import { rotated, kept, median, shown } from '../figures';
import { MINIMAL_TRIGGER } from '../minimalNode';
import type { Measured, Row } from '../part';

const CALLBACKS = 96;
const CLIENTS = 16;
const SECRET = 'whsec_BenchmarkOnly';
const HEADER_KEY = 'BenchmarkOnly';

interface Contender {
	key: 'runflow' | 'header' | 'bare' | 'minimal';
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

/** Has n8n make the sandbox for expressions of a webhook only once there is an expression. Off by default. */
const LAZY = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' };

/** How n8n is set: for all workflows, and for these. */
interface Setup {
	name: string;
	isLazy: boolean;
	isSaved: boolean;
}

const SETUPS: readonly Setup[] = [
	{ name: 'executions saved', isLazy: false, isSaved: true },
	{ name: 'executions not saved', isLazy: false, isSaved: false },
	{ name: 'executions saved, lazy', isLazy: true, isSaved: true },
	{ name: 'executions not saved, lazy', isLazy: true, isSaved: false },
];

/** How much of the minimal trigger's rate ours must reach. */
const OF_MINIMAL = 0.95;

/**
 * Callbacks per second that one n8n takes: the Runflow Trigger beside a minimal trigger, which reads its credential and
 * checks nothing, and beside n8n's own Webhook node, with a header-auth credential and bare. With executions saved, as
 * by default, and not; with n8n's default, and with `N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true` ("lazy").
 */
export async function measure(rounds = 5): Promise<Measured> {
	const found = new Map<Setup, Contender[]>();
	for (const isLazy of [false, true]) {
		await withApp(
			{},
			async (app) => {
				for (const setup of SETUPS.filter((one) => one.isLazy === isLazy)) {
					found.set(setup, await race(app, rounds, setup));
				}
			},
			isLazy ? LAZY : {},
		);
	}
	return {
		ranOn: 'n8n',
		rounds,
		rows: [...found].flatMap(([setup, all]) => [
			row(setup, all, 'minimal', { goal: { atLeast: OF_MINIMAL } }),
			row(setup, all, 'header', {}),
			row(setup, all, 'bare', {}),
		]),
		raw: Object.fromEntries(
			[...found].map(([setup, all]) => [
				setup.name,
				Object.fromEntries(all.map(({ name, rates }) => [name, { perSecond: rates.map(kept) }])),
			]),
		),
	};
}

async function race(app: Demo, rounds: number, setup: Setup): Promise<Contender[]> {
	const all = await contenders(app);
	const urls = new Map<Contender, string>();
	for (const contender of all) urls.set(contender, await goLive(app, contender, setup));
	for (const contender of all) await round(urls.get(contender) ?? '', contender, CLIENTS * 2);
	for (let index = 0; index < rounds; index++) {
		for (const contender of rotated(all, index)) {
			await drained(app);
			contender.rates.push(await round(urls.get(contender) ?? '', contender, CALLBACKS));
		}
	}
	return all;
}

function row(
	setup: Setup,
	all: Contender[],
	other: Contender['key'],
	more: Pick<Row, 'goal'> | object,
): Row {
	const rate = (key: Contender['key']): number =>
		median(all.find((one) => one.key === key)?.rates ?? []);
	const name = all.find(({ key }) => key === other)?.name ?? '';
	return {
		what: `${setup.name}: callbacks per second, Runflow Trigger / ${name}`,
		value: kept(rate('runflow') / rate(other)),
		unit: '×',
		from: `${shown(rate('runflow'))}/s / ${shown(rate(other))}/s, ${CLIENTS} clients, ${CALLBACKS} callbacks a round`,
		...more,
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
async function drained(app: Demo): Promise<void> {
	while (await isBusy(app)) await new Promise((resolve) => setTimeout(resolve, 200));
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
	const [own, minimal, withHeader, bare] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
	return [
		{
			key: 'runflow',
			name: 'Runflow Trigger',
			node: {
				type: 'n8n-nodes-runflow.runflowTrigger',
				typeVersion: 1.1,
				parameters: {},
				credentials: { runflowApi: { id: runflow.id, name: runflow.name } },
			},
			path: `${own}/webhook`,
			headers: (body) => ({ 'Runflow-Signature': signCallback(body, SECRET) }),
			rates: [],
		},
		{
			key: 'header',
			name: 'Webhook with header auth',
			node: webhook(withHeader, 'headerAuth', {
				httpHeaderAuth: { id: header.id, name: header.name },
			}),
			path: withHeader,
			headers: () => ({ 'X-Key': HEADER_KEY }),
			rates: [],
		},
		{
			key: 'bare',
			name: 'bare Webhook',
			node: webhook(bare, 'none'),
			path: bare,
			headers: () => ({}),
			rates: [],
		},
		{
			key: 'minimal',
			name: 'minimal trigger',
			node: {
				type: MINIMAL_TRIGGER,
				typeVersion: 1.1,
				parameters: {},
				credentials: { runflowApi: { id: runflow.id, name: runflow.name } },
			},
			path: `${minimal}/webhook`,
			headers: () => ({}),
			rates: [],
		},
	];
}

async function goLive(demo: Demo, contender: Contender, { isSaved }: Setup): Promise<string> {
	const webhookId = contender.path.split('/')[0] ?? '';
	const stored = await createWorkflow(demo.session, {
		name: contender.name,
		nodes: [{ ...contender.node, id: webhookId, name: 'Start', position: [0, 0], webhookId }],
		connections: {},
		settings: { executionOrder: 'v1', saveDataSuccessExecution: isSaved ? 'all' : 'none' },
	});
	await activateWorkflow(demo.session, stored);
	const url = `${demo.n8n.url}/webhook/${contender.path}`;
	while ((await send(url, contender)) !== 200) {
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	return url;
}
