import { declarative } from '../engine/package';
import { createEngine, type Outcome, type WorkflowJson } from '../engine/engine';
import { startWaitingHost } from '../engine/waiting';
import { AFTER, images, wanWorkflow, WAN } from '../engine/workflows';
import { kept, median, shown } from './figures';
import { watchLoop, type Blocked } from './loopProbe';
import { MINIMAL, minimalNode } from './minimalNode';
import type { Measured, Row } from './part';
import { startSandboxProcess } from './sandboxProcess';

export type Completion = 'immediately' | 'polling' | 'callback';

const SIZES = [10, 100, 1000] as const;
type Size = (typeof SIZES)[number];

const IMAGE = 'https://example.com/1.png';
const SECRET = 'whsec_bench';
/**
 * How long the runs last, in milliseconds. On callback many images are waited for awake for 15 s after the last start:
 * these outlast that, so that every execution is suspended, and each run reports back to it.
 */
const LAST_MS = {
	immediately: [4500, 5500],
	polling: [4500, 5500],
	callback: [30_000, 35_000],
} as const;
/**
 * How long code of ours may block the event loop, in milliseconds: with 1,000 items, n8n itself blocks it for 1.2 s or
 * more.
 */
const LONGEST_BLOCK = 300;
/** How much more an item may cost among ten times as many, and still count as the same: machines are not quiet. */
const LINEAR = 1.2;

/** One execution. */
interface Round extends Blocked {
	/** CPU time for each item, in milliseconds. */
	cpu: number;
	/** Requests for each run. */
	requests: number;
	/** From the last run's end until the execution has ended, in milliseconds; 0 where nothing was waited for. */
	late: number;
	/** Calls of the execution's address for each run, answered before it ended; those that n8n refused too. */
	calls: number;
}

type Figure = 'cpu' | 'requests' | 'late' | 'calls';

type Contender = Completion | 'minimal';

/**
 * How the cost of an execution grows from 10 to 1,000 items, in n8n's engine: its event loop can be watched from
 * within. The minimal declarative node beside it shows what n8n's own engine does with as many items.
 */
export async function growthOf(completion: Completion, rounds: number): Promise<Measured> {
	const found: Record<string, Partial<Record<Size, Round[]>>> = { minimal: {}, [completion]: {} };
	const profiled: Round[] = [];
	for (let index = -1; index < rounds; index++) {
		for (const contender of ['minimal', completion] as const) {
			for (const size of SIZES) {
				const one = await round(completion, contender, size, false);
				// The first one of each size warms up.
				if (index >= 0) ((found[contender] ??= {})[size] ??= []).push(one);
			}
		}
		if (index >= 0) profiled.push(await round(completion, completion, 1000, true));
	}
	return result(completion, rounds, found, profiled);
}

async function round(
	completion: Completion,
	contender: Contender,
	size: Size,
	profiled: boolean,
): Promise<Round> {
	const sandbox = await startSandboxProcess({
		lastMs: LAST_MS[completion],
		callbackSecrets: [{ secret: SECRET, isCurrent: true }],
	});
	const credentials = {
		runflowApi: {
			apiKey: sandbox.apiKey,
			baseUrl: sandbox.url,
			organizationId: '',
			callbackSecrets: SECRET,
		},
	};
	const host = await startWaitingHost(credentials);
	const plain = await createEngine(credentials, {}, { [MINIMAL]: declarative(minimalNode()) });
	try {
		let outcome: Outcome | undefined;
		let suspendedAt: number | undefined;
		globalThis.gc?.();
		const before = process.cpuUsage();
		const blocked = await watchLoop(async () => {
			if (contender === 'minimal') {
				outcome = await plain.run(minimalWorkflow(size));
				return;
			}
			const held = host.start(ownWorkflow(size, contender));
			if ((await held.settled).status === 'waiting') suspendedAt = Date.now();
			outcome = await held.ended;
		}, profiled);
		const endedAt = Date.now();
		const { user, system } = process.cpuUsage(before);
		const { requests, runs, firstEnd, lastEnd } = await sandbox.report();
		const items = outcome?.items(AFTER).length;
		if (items !== size || runs !== size) {
			throw new Error(
				`${contender}: ${runs} runs, ${items ?? 0} items: ${outcome?.error?.message ?? ''}`,
			);
		}
		if (contender === 'callback' && !(suspendedAt !== undefined && suspendedAt < firstEnd)) {
			throw new Error(`With ${size} items the execution was not suspended before a run had ended`);
		}
		const all = Object.values(requests).reduce((sum, count) => sum + count, 0);
		return {
			...blocked,
			cpu: (user + system) / 1000 / size,
			requests: all / size,
			late: lastEnd === 0 ? 0 : endedAt - lastEnd,
			calls: host.answers.length / size,
		};
	} finally {
		await Promise.all([host.close(), sandbox.close()]);
	}
}

function items(size: Size): { prompt: string }[] {
	return Array.from({ length: size }, (_, index) => ({ prompt: `image ${index}` }));
}

function ownWorkflow(size: Size, completion: Completion): WorkflowJson {
	const prompt = '={{ $json.prompt }}';
	return wanWorkflow(
		{ operation: 'proEdit', completion, prompt, images: images(IMAGE) },
		items(size),
	);
}

function minimalWorkflow(size: Size): WorkflowJson {
	const parameters = { operation: 'proEdit', prompt: '={{ $json.prompt }}', image: IMAGE };
	const workflow = wanWorkflow(parameters, items(size));
	const nodes = workflow.nodes.map((node) =>
		node.name === WAN ? { ...node, type: MINIMAL } : node,
	);
	return { ...workflow, nodes };
}

function result(
	completion: Completion,
	rounds: number,
	found: Record<string, Partial<Record<Size, Round[]>>>,
	profiled: Round[],
): Measured {
	const plain = (name: string, size: Size, figure: Figure | 'longest') =>
		median((found[name]?.[size] ?? []).map((one) => one[figure]));
	const cpu = (name: string, size: Size) => plain(name, size, 'cpu');
	const blocks = profiled.flatMap(({ own }) => own ?? []).sort((a, b) => a.own - b.own);
	const own = blocks[Math.floor(blocks.length / 2)];
	if (own === undefined) throw new Error('No profile was taken');
	const each = (figure: Figure, unit: string): string =>
		`${SIZES.map((size) => shown(plain(completion, size, figure))).join(', ')} ${unit} at ${SIZES.join(', ')}`;
	const grown = (name: string): number => kept(cpu(name, 1000) / cpu(name, 100));
	const rows: Row[] = [
		{
			what: `${completion}: CPU for each item, among 1,000 / among 100`,
			value: grown(completion),
			unit: '×',
			goal: { atMost: LINEAR },
			from: each('cpu', 'ms'),
		},
		{
			what: 'the same, minimal declarative node',
			value: grown('minimal'),
			unit: '×',
			from: SIZES.map((size) => `${shown(cpu('minimal', size))} ms`).join(', '),
		},
		{
			what: `${completion}: requests for each run, among 1,000 / among 10`,
			value: kept(plain(completion, 1000, 'requests') / plain(completion, 10, 'requests')),
			unit: '×',
			goal: { atMost: LINEAR },
			from: each('requests', 'requests'),
		},
		{
			what: `${completion}: longest block of the event loop by code of ours, 1,000 items`,
			value: kept(own.own),
			unit: 'ms',
			goal: { atMost: LONGEST_BLOCK },
			from: `${blocks.map((one) => shown(one.own)).join(', ')} ms; longest block of all: ${shown(plain(completion, 1000, 'longest'))} ms; minimal declarative node: ${shown(plain('minimal', 1000, 'longest'))} ms`,
		},
	];
	if (completion !== 'immediately') {
		rows.push({
			what: `${completion}: from the last run's end to the items, 1,000 items`,
			value: kept(plain(completion, 1000, 'late')),
			unit: 'ms',
			from: each('late', 'ms'),
		});
	}
	if (completion === 'callback') {
		rows.push({
			what: `${completion}: callbacks that came to the suspended execution before it ended, for each run, 1,000 items`,
			value: kept(plain(completion, 1000, 'calls')),
			unit: '',
			from: `${each('calls', 'calls')}; runs of ${LAST_MS.callback.map((ms) => ms / 1000).join(' to ')} s, all longer than the execution stays awake`,
		});
	}
	const profile = {
		about: `The functions that took the most of these ${shown(own.own)} ms`,
		functions: own.functions,
	};
	return { ranOn: 'n8n-core', rounds, rows, profile, raw: { ...found, blocks } };
}
