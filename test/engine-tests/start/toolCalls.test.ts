import type { INodeType } from 'n8n-workflow';

import { jsonOf } from '../../engine/engine';
import { SOURCE } from '../../engine/package';
import { images, MADE_REFERENCE, node } from '../../engine/workflows';
import { useBench } from '../context';

const AGENT = 'test.agent';

/** An agent that has n8n call its tool twice in one turn, with the same words, and passes on what comes back. */
const agent = {
	description: {
		displayName: 'Agent',
		name: 'agent',
		group: [],
		version: 1,
		description: '',
		defaults: {},
		inputs: ['main', 'ai_tool'],
		outputs: ['main'],
		properties: [],
	},
	execute: async (response?: Response) => await Promise.resolve(turn(response)),
} as unknown as INodeType;

interface Response {
	actionResponses: { data: { data?: { ai_tool?: { json: unknown }[][] } } }[];
}

function turn({ actionResponses }: Response = { actionResponses: [] }): unknown {
	if (actionResponses.length > 0) {
		return [actionResponses.map(({ data }) => data.data?.ai_tool?.[0]?.[0] ?? { json: {} })];
	}
	const call = (id: string) => ({
		actionType: 'ExecutionNodeAction',
		nodeName: 'Tool',
		input: { prompt: 'a' },
		type: 'ai_tool',
		id,
		metadata: { itemIndex: 0 },
	});
	return { actions: [call('call_1'), call('call_2')], metadata: {} };
}

const bench = useBench({}, { [AGENT]: agent });

it('starts a run for each of two identical calls that an agent makes in one turn', async () => {
	const parameters = {
		operation: 'proEdit',
		prompt: '={{ $json.prompt }}',
		images: images('https://example.com/1.png'),
		options: { pollingInterval: 0.02 },
	};
	const tool = node('Tool', 'n8n-nodes-runflow.wan27Tool', parameters, {
		typeVersion: 1.1,
		credentials: { runflowApi: { id: '1', name: 'Runflow' } },
	});
	const outcome = await bench.engine.run({
		nodes: [node('Before', SOURCE, { items: [{}], files: [] }), node('Agent', AGENT, {}), tool],
		connections: {
			Before: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
			Tool: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		},
	});
	expect(outcome.error).toBeUndefined();
	const runs = bench.sandbox.acceptedRuns();
	const names = runs.map(({ clientRef }) => clientRef);
	expect(names).toEqual([
		expect.stringMatching(MADE_REFERENCE) as unknown,
		expect.stringMatching(MADE_REFERENCE) as unknown,
	]);
	expect(new Set(names).size).toBe(2);
	// An older n8n makes both calls at once.
	expect(
		jsonOf(outcome.items('Agent'))
			.map(({ id, status }) => [id, status])
			.sort(),
	).toEqual(runs.map(({ id }) => [id, 'succeeded']).sort());
});
