import { randomUUID } from 'node:crypto';

import { node, type StoredWorkflow, type WorkflowNode } from '../n8n/workflows';
import type { Cluster } from './cluster';
import { editNode, makeFlow, through, triggerFlow, untilRegistered } from './flow';

/** A live workflow that is measured. */
export interface BenchFlow {
	workflow: StoredWorkflow;
	/** Starts one execution. */
	send: (label: string) => Promise<void>;
	/** The last node, and the field of its items that holds a run's id. */
	last: { name: string; field: string };
	/** How many runs an execution pays for. */
	runsEach: 0 | 1;
	/** The ids that the last node must have output, each in one item. */
	expected: () => string[];
}

/** Wan 2.7, Pro Edit. */
export async function wan(
	cluster: Cluster,
	completion: 'immediately' | 'polling' | 'callback',
): Promise<BenchFlow> {
	return await startingRuns(cluster, editNode(cluster, { completion }));
}

/** n8n's own HTTP Request node, which starts the run and waits for nothing. */
export async function httpRequest(cluster: Cluster): Promise<BenchFlow> {
	const { sandbox } = cluster;
	const image = sandbox.sampleUrl('sneaker.png');
	const request = node('Edit', 'n8n-nodes-base.httpRequest', {
		typeVersion: 4.2,
		parameters: {
			method: 'POST',
			url: `${sandbox.url}/v1/models/alibaba/wan/v2.7/pro/edit/runs`,
			sendHeaders: true,
			headerParameters: {
				parameters: [{ name: 'Authorization', value: `Bearer ${sandbox.apiKey}` }],
			},
			sendBody: true,
			specifyBody: 'json',
			jsonBody: `={{ JSON.stringify({ input: { prompt: $json.prompt, image_urls: ['${image}'] } }) }}`,
		},
	});
	return await startingRuns(cluster, request);
}

/** Runflow Trigger, which is sent a callback for each execution. */
export async function trigger(cluster: Cluster): Promise<BenchFlow> {
	const { workflow, deliver } = await triggerFlow(cluster);
	const runs: string[] = [];
	return {
		workflow,
		send: async () => {
			const run = randomUUID();
			runs.push(run);
			const status = await deliver(cluster.webhook.url, run);
			if (status !== 200) throw new Error(`The trigger answered ${status}`);
		},
		last: { name: 'Next', field: 'run_id' },
		runsEach: 0,
		expected: () => runs,
	};
}

async function startingRuns(cluster: Cluster, start: WorkflowNode): Promise<BenchFlow> {
	const flow = await makeFlow(cluster, start, through('After'));
	await untilRegistered(flow.url);
	return {
		workflow: flow.workflow,
		send: async (label) => {
			await flow.post([label]);
		},
		last: { name: 'After', field: 'id' },
		runsEach: 1,
		expected: () => cluster.sandbox.acceptedRuns().map(({ id }) => id),
	};
}
