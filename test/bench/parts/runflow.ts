import type { INodeParameters } from 'n8n-workflow';

import { editorCalls } from '../../engine/editorCalls';
import { createEngine, type Engine } from '../../engine/engine';
import { AFTER, images, wanWorkflow, WAN } from '../../engine/workflows';
import { kept, median, shown } from '../figures';
import type { Measured, Row } from '../part';
import { startSandboxProcess, type RemoteSandbox } from '../sandboxProcess';

const NODE = 'n8n-nodes-runflow.runflow';
const MODELS = 1000;
const RUNS = 10_000;
const STARTED = 100;
const MIB = 1024 * 1024;
/** How long the list of models may take, in milliseconds: the user waits for it. */
const LONGEST_LIST = 2000;
/** How much more Model → Run may take than Wan 2.7, which sends the same. */
const AS_WAN = 1.1;
const INPUT = { prompt: 'Make it blue', image_urls: ['https://example.com/1.png'] };

interface Listed {
	ms: number;
	requests: number;
	/** How much more memory the process holds at the end, in MiB; not for the list of the editor. */
	heap: number;
}

/** The node Runflow in n8n's engine: its lists, and Model → Run beside Wan 2.7. */
export async function measure(rounds = 5): Promise<Measured> {
	const models: Listed[] = [];
	const runs: Listed[] = [];
	const started: Record<'wan' | 'model', number[]> = { wan: [], model: [] };
	await withSandbox({ catalogueSize: MODELS, addedRuns: RUNS }, async (engine, sandbox) => {
		for (let index = -1; index < rounds; index++) {
			const list = await listed(sandbox, async () => await searchModels(engine));
			const many = await listed(sandbox, async () => await getManyRuns(engine));
			// The first one warms up.
			if (index >= 0) models.push(list);
			if (index >= 0) runs.push(many);
		}
	});
	await withSandbox({}, async (engine) => {
		for (let index = -1; index < rounds; index++) {
			for (const name of ['wan', 'model'] as const) {
				const ms = await start(engine, name);
				if (index >= 0) started[name].push(ms);
			}
		}
	});
	return {
		ranOn: 'n8n-core',
		rounds,
		rows: rowsOf(models, runs, started),
		raw: { models, runs, started },
	};
}

async function withSandbox(
	options: { catalogueSize?: number; addedRuns?: number },
	use: (engine: Engine, sandbox: RemoteSandbox) => Promise<void>,
): Promise<void> {
	const sandbox = await startSandboxProcess({ runDurationMs: 0, ...options });
	const runflowApi = {
		apiKey: sandbox.apiKey,
		baseUrl: sandbox.url,
		organizationId: '',
		callbackSecrets: '',
	};
	try {
		await use(await createEngine({ runflowApi }), sandbox);
	} finally {
		await sandbox.close();
	}
}

async function listed(sandbox: RemoteSandbox, list: () => Promise<unknown>): Promise<Listed> {
	const before = (await sandbox.report()).requests.GET ?? 0;
	globalThis.gc?.();
	const heap = process.memoryUsage().heapUsed;
	const began = performance.now();
	// Held until the memory is measured.
	const result = await list();
	const ms = performance.now() - began;
	globalThis.gc?.();
	const held = (process.memoryUsage().heapUsed - heap) / MIB;
	const requests = ((await sandbox.report()).requests.GET ?? 0) - before;
	if (result === undefined) throw new Error('Nothing came');
	return { ms, requests, heap: held };
}

/** Page by page, as the editor does while the user scrolls. */
async function searchModels(engine: Engine): Promise<unknown> {
	const parameters = { resource: 'model', operation: 'run' };
	const editor = editorCalls(engine, NODE, parameters, { search: 'searchModels' });
	const all: unknown[] = [];
	let cursor: string | undefined = '';
	while (cursor !== undefined) {
		const page = await editor.search('', cursor);
		all.push(...page.results);
		cursor = page.paginationToken;
	}
	// One of them is retired.
	if (all.length !== MODELS - 1) throw new Error(`${all.length} models were listed`);
	return all;
}

async function getManyRuns(engine: Engine): Promise<unknown> {
	const parameters = { resource: 'run', operation: 'getAll', returnAll: true };
	const outcome = await engine.run(wanWorkflow(parameters, [{}], { type: NODE }));
	const items = outcome.items(WAN);
	if (items.length !== RUNS)
		throw new Error(`${items.length} runs: ${outcome.error?.message ?? ''}`);
	return items;
}

/** @returns how long 100 items took, in milliseconds */
async function start(engine: Engine, name: 'wan' | 'model'): Promise<number> {
	const shared = { completion: 'immediately' };
	const parameters: INodeParameters =
		name === 'wan'
			? {
					...shared,
					operation: 'proEdit',
					prompt: INPUT.prompt,
					images: images(...INPUT.image_urls),
				}
			: {
					...shared,
					resource: 'model',
					operation: 'run',
					model: { __rl: true, mode: 'id', value: 'alibaba/wan/v2.7/pro/edit' },
					inputMode: 'json',
					inputJson: JSON.stringify(INPUT),
				};
	const items = Array.from({ length: STARTED }, () => ({}));
	const settings = name === 'wan' ? {} : { type: NODE };
	const began = performance.now();
	const outcome = await engine.run(wanWorkflow(parameters, items, settings));
	const ms = performance.now() - began;
	const came = outcome.items(AFTER).length;
	if (came !== STARTED) throw new Error(`${name}: ${came} items: ${outcome.error?.message ?? ''}`);
	return ms;
}

function rowsOf(
	models: Listed[],
	runs: Listed[],
	{ wan, model }: Record<'wan' | 'model', number[]>,
): Row[] {
	const of = (list: Listed[], figure: keyof Listed): number =>
		median(list.map((one) => one[figure]));
	return [
		{
			what: 'the list of 1,000 models in the editor, time',
			value: kept(of(models, 'ms')),
			unit: 'ms',
			goal: { atMost: LONGEST_LIST },
			from: `${shown(of(models, 'requests'))} requests`,
		},
		{
			what: 'Run → Get Many, 10,000 runs, requests',
			value: of(runs, 'requests'),
			unit: 'requests',
			goal: { atMost: RUNS / 500 + 1 },
			from: `pages of 500; ${shown(of(runs, 'ms'))} ms`,
		},
		{
			what: 'Run → Get Many, 10,000 runs, memory held at the end',
			value: kept(of(runs, 'heap')),
			unit: 'MiB',
			from: 'the items, simplified, with what n8n keeps of the execution',
		},
		{
			what: '100 × Model → Run, JSON / Wan 2.7, both created',
			value: kept(median(model) / median(wan)),
			unit: '×',
			goal: { atMost: AS_WAN },
			from: `${shown(median(model))} ms / ${shown(median(wan))} ms`,
		},
	];
}
