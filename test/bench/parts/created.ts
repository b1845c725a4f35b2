import { setTimeout as sleep } from 'node:timers/promises';

import { node, type WorkflowNode } from '../../n8n/workflows';
import type { Demo } from '../../n8n/demo';
import { withApp } from '../app';
import { makeAppFlow, newestExecution, nodeTimes, prompts, single, type AppFlow } from '../appFlow';
import { httpPost, httpPostWithHeader, minimal, ours } from '../contenders';
import { rotated, kept, median, shown } from '../figures';
import { MINIMAL_OPERATIONS } from '../minimalNode';
import type { Measured, Row } from '../part';
import { cpuOf } from '../processCpu';

const ITEMS = 100;
const WARM_UP = 2;
/** How much more than the minimal declarative node ours may take. */
const AS_MINIMAL = 1.1;
/** How long n8n gets to put away what it has done, in milliseconds: it stores executions after it has answered. */
const QUIET = 400;

interface Contender {
	name: string;
	node: WorkflowNode;
	/** How many runs an execution creates. */
	runs: number;
	/** By round: the node's own time, and the CPU time of all n8n for the whole execution, in milliseconds. */
	wall: number[];
	cpu: number[];
}

/**
 * 100 items created, in the n8n app and not in its engine alone: only there are credentials decrypted,
 * expressions evaluated and executions stored as users have it, and only there does the HTTP Request node run with
 * the n8n-core that it was made for. The wall time is the node's own, as n8n notes it. The CPU time is that of the
 * n8n process for the execution, less the same workflow with a No Operation node in the contender's place.
 *
 * The HTTP Request node runs twice: with the Runflow credential, whose `authenticate` n8n evaluates for each item, as it
 * does for Wan 2.7; and with n8n's header credential, which is cheaper. The minimal nodes show n8n's share: one with a
 * single operation, and one with as many as Wan 2.7.
 */
export async function measure(rounds = 9): Promise<Measured> {
	return await withApp({}, async (app) => {
		const all = await contenders(app);
		const flows = new Map<Contender, AppFlow>();
		for (const one of all) {
			flows.set(one, await makeAppFlow(app, one.name, 'lastNode', single(one.node)));
		}
		for (let index = -WARM_UP; index < rounds; index++) {
			for (const one of rotated(all, index + WARM_UP)) {
				const flow = flows.get(one);
				if (flow === undefined) continue;
				const { wall, cpu } = await execute(app, one, flow);
				if (index < 0) continue;
				one.wall.push(wall);
				one.cpu.push(cpu);
			}
		}
		return result(rounds, all);
	});
}

async function contenders(app: Demo): Promise<Contender[]> {
	const one = (name: string, what: WorkflowNode, runs = ITEMS): Contender => ({
		name,
		node: what,
		runs,
		wall: [],
		cpu: [],
	});
	return [
		one('Wan 2.7', ours(app, 'image', 'immediately')),
		one('HTTP Request', httpPost(app, 'image')),
		one('HTTP Request with a header credential', await httpPostWithHeader(app, 'image')),
		one('minimal declarative node', minimal(app)),
		one('minimal node with three operations', minimal(app, MINIMAL_OPERATIONS)),
		one('nothing', node('Nothing', 'n8n-nodes-base.noOp', {}), 0),
	];
}

async function execute(
	app: Demo,
	{ name, node: what, runs }: Contender,
	flow: AppFlow,
): Promise<{ wall: number; cpu: number }> {
	await sleep(QUIET);
	const before = cpuOf(app.n8n.pid);
	await flow.post(prompts(ITEMS, name));
	await sleep(QUIET);
	const cpu = cpuOf(app.n8n.pid) - before;
	const { id = '' } = (await newestExecution(app, flow)) ?? {};
	const [time] = (await nodeTimes(app, id))[what.name] ?? [];
	const bodies = new Set(app.sandbox.posts('/runs').map(({ json }) => JSON.stringify(json)));
	if (time?.items !== ITEMS || bodies.size !== runs || app.sandbox.acceptedRuns().length !== runs) {
		throw new Error(`${name} has created ${bodies.size} runs and handed on ${time?.items ?? 0}`);
	}
	app.sandbox.reset();
	return { wall: time.executionTime, cpu };
}

function result(rounds: number, all: Contender[]): Measured {
	const [own, http, header, least, operations, nothing] = all.map(({ wall, cpu }) => ({
		wall: median(wall),
		cpu: median(cpu),
	}));
	if (!own || !http || !header || !least || !operations || !nothing)
		throw new Error('A contender is missing');
	const row = (what: string, [a, b]: [number, number], more: Pick<Row, 'goal'> | object): Row => ({
		what,
		value: kept(a / b),
		unit: '×',
		from: `${shown(a)} ms / ${shown(b)} ms for ${ITEMS} items`,
		...more,
	});
	const cpu = (one: typeof own) => one.cpu - nothing.cpu;
	const rows = (names: string, a: typeof own, b: typeof own, more = {}): Row[] => [
		row(`wall of ${names}`, [a.wall, b.wall], more),
		row(`CPU of ${names}`, [cpu(a), cpu(b)], more),
	];
	const goal = { goal: { atMost: AS_MINIMAL } };
	return {
		ranOn: 'n8n',
		rounds,
		rows: [
			...rows('Wan 2.7 / minimal declarative node', own, least, goal),
			...rows('Wan 2.7 / minimal node with three operations', own, operations),
			...rows('Wan 2.7 / HTTP Request, both with the Runflow credential', own, http),
			...rows('Wan 2.7 / HTTP Request with a header credential', own, header),
			...rows('minimal declarative node / HTTP Request with a header credential', least, header),
		],
		raw: Object.fromEntries(all.map(({ name, wall, cpu: used }) => [name, { wall, cpu: used }])),
	};
}
