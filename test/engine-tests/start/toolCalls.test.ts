import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

import { jsonOf, type Outcome, type WorkflowJson } from '../../engine/engine';
import { SOURCE } from '../../engine/package';
import { images, MADE_REFERENCE, node, type NodeSettings } from '../../engine/workflows';
import type { LoggedRequest } from '../../sandbox';
import { useBench } from '../context';

const AGENT = 'test.agent';
/** The same of an older n8n: it calls the tool itself, and gives no ids. */
const OLDER_AGENT = 'test.olderAgent';

/** An agent that has n8n call its tool twice in one turn, with the same words, and passes on what comes back. */
const agent = agentThat(async (response?: Response) => await Promise.resolve(turn(response)));

/** The same in an older n8n, for as many calls as its item says. */
const olderAgent = agentThat(async function (this: IExecuteFunctions) {
	const [tool] = (await this.getInputConnectionData('ai_tool', 0)) as Tool[];
	const { calls } = this.getInputData()[0]?.json ?? {};
	const results = await Promise.allSettled(
		Array.from({ length: Number(calls) }, async () => await tool?.invoke({ prompt: 'a' })),
	);
	return [results.map((result) => ({ json: { ...result } }))] as INodeExecutionData[][];
});

function agentThat(execute: (...args: never[]) => unknown): INodeType {
	const description = {
		displayName: 'Agent',
		name: 'agent',
		group: [],
		version: 1,
		description: '',
		defaults: {},
		inputs: ['main', { type: 'ai_tool', displayName: 'Tool' }],
		outputs: ['main'],
		properties: [],
	};
	return { description, execute } as unknown as INodeType;
}

interface Tool {
	invoke(words: object): Promise<string>;
}

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

const bench = useBench({}, { [AGENT]: agent, [OLDER_AGENT]: olderAgent });

/** A workflow with an agent whose tool is the node. */
function agentWorkflow(
	type: string,
	{ calls = 2, settings = {} }: { calls?: number; settings?: NodeSettings } = {},
): WorkflowJson {
	const parameters = {
		operation: 'proEdit',
		prompt: type === AGENT ? '={{ $json.prompt }}' : `={{ $fromAI('prompt', '', 'string') }}`,
		toolDescription: 'Edits an image',
		descriptionType: 'manual',
		images: images('https://example.com/1.png'),
		options: { pollingInterval: 0.02 },
	};
	return {
		nodes: [
			node('Before', SOURCE, { items: [{ calls }], files: [] }),
			node('Agent', type, {}),
			node('Tool', 'n8n-nodes-runflow.wan27Tool', parameters, {
				typeVersion: 1.1,
				credentials: { runflowApi: { id: '1', name: 'Runflow' } },
				...settings,
			}),
		],
		connections: {
			Before: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
			Tool: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		},
	};
}

/** The names of the runs that were started: each is one that the node has made, and differs from the others. */
function expectOwnNames(): void {
	const names = bench.sandbox.acceptedRuns().map(({ clientRef }) => clientRef);
	for (const name of names) expect(name).toMatch(MADE_REFERENCE);
	expect(new Set(names).size).toBe(names.length);
}

it('starts a run for each of two identical calls that an agent makes in one turn', async () => {
	const outcome = await bench.engine.run(agentWorkflow(AGENT));
	expect(outcome.error).toBeUndefined();
	const runs = bench.sandbox.acceptedRuns();
	expect(runs).toHaveLength(2);
	// Nothing is downloaded, although that is the default: an agent drops files.
	expect(bench.sandbox.requests.filter(({ host }) => host === 'storage')).toEqual([]);
	expectOwnNames();
	// An older n8n makes both calls at once.
	expect(
		jsonOf(outcome.items('Agent'))
			.map(({ id, status }) => [id, status])
			.sort(),
	).toEqual(runs.map(({ id }) => [id, 'succeeded']).sort());
});

describe('identical calls at the same moment, where n8n gives calls no id', () => {
	/** The results of the calls, sorted: the id of each run; nothing for a call that failed. */
	function resultsOf(outcome: Outcome): unknown[] {
		return jsonOf(outcome.items('Agent'))
			.map(({ value }) => typeof value === 'string' && (JSON.parse(value) as IDataObject[])[0]?.id)
			.sort();
	}

	it('start a run each', async () => {
		const outcome = await bench.engine.run(agentWorkflow(OLDER_AGENT, { calls: 3 }));
		expect(bench.sandbox.acceptedRuns()).toHaveLength(3);
		expectOwnNames();
		expect(resultsOf(outcome)).toEqual(
			bench.sandbox
				.acceptedRuns()
				.map(({ id }) => id)
				.sort(),
		);
	});

	it('keep their runs when each is tried again', async () => {
		const refused = new Set<string>();
		const isFirstRead = ({ path }: LoggedRequest) =>
			!refused.has(path) && refused.add(path).size > 0;
		bench.sandbox.addFault({
			kind: 'status',
			status: 403,
			body: { code: 'FORBIDDEN', message: 'Not allowed', errors: null },
			match: { method: 'GET', path: /^\/v1\/runs\/./, where: isFirstRead },
			times: 2,
		});
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
		const outcome = await bench.engine.run(agentWorkflow(OLDER_AGENT, { settings }));
		expect(bench.sandbox.posts('/runs')).toHaveLength(2);
		expectOwnNames();
		expect(resultsOf(outcome)).toEqual(
			bench.sandbox
				.acceptedRuns()
				.map(({ id }) => id)
				.sort(),
		);
	});
});
