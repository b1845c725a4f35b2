import type { IExecuteFunctions, INodeType } from 'n8n-workflow';

import { setLimits, type Outcome } from '../../engine/engine';
import { SOURCE } from '../../engine/package';
import { node, WAN } from '../../engine/workflows';
import { useBench } from '../context';
import { parameters } from './scene';

/** Hands over one item after the other, as n8n's Loop Over Items does. */
const loop = {
	description: {
		displayName: 'Loop',
		name: 'loop',
		group: [],
		version: 1,
		description: '',
		defaults: {},
		inputs: ['main'],
		outputs: ['main', 'main'],
		properties: [],
	},
	async execute(this: IExecuteFunctions) {
		const kept = this.getContext('node') as { left?: unknown[] };
		kept.left ??= this.getInputData().map(({ json }) => json);
		const next = kept.left.shift();
		return await Promise.resolve(
			next === undefined ? [[{ json: {} }], []] : [[], [{ json: next }]],
		);
	},
} as unknown as INodeType;

const bench = useBench({}, { 'test.loop': loop });

beforeAll(() => {
	setLimits(bench.engine, { startHandled: 1000 });
});

const to = (name: string) => ({ node: name, type: 'main' as const, index: 0 });
const items = [{ prompt: 'a' }, { prompt: 'a' }, { prompt: 'b' }];
const workflow = {
	nodes: [
		node('Before', SOURCE, { items, files: [] }),
		node('Loop', 'test.loop', {}),
		node(WAN, 'n8n-nodes-runflow.wan27', parameters, {
			credentials: { runflowApi: { id: '1', name: 'Runflow' } },
		}),
	],
	connections: {
		Before: { main: [[to('Loop')]] },
		Loop: { main: [[], [to(WAN)]] },
		[WAN]: { main: [[to('Loop')]] },
	},
};

it.each([[[]], [[WAN]], [['Loop', WAN]]])(
	'finds the run of each round of a loop that n8n has lost, with runs added of %j',
	async (startedNodes) => {
		const ids = (outcome: Outcome) => outcome.items(WAN).map(({ json }) => json.id);
		const lost = await bench.engine.run(workflow);
		expect(lost.error).toBeUndefined();
		const retried = await bench.engine.retryLost(lost, startedNodes);
		expect(retried.error).toBeUndefined();
		expect(new Set(ids(lost)).size).toBe(3);
		expect(ids(retried)).toEqual(ids(lost));
		expect(bench.sandbox.posts('/runs')).toHaveLength(3);
	},
);
