import { makeAppFlow, single, type AppFlow } from '../../bench/appFlow';
import type { Demo } from '../../n8n/demo';
import { node, withCredential, type WorkflowNode } from '../../n8n/workflows';
import type { Mode, Task } from './tasks';

/** The live workflows that take the tasks. */
export interface LiveWorkflows {
	/** Those that were asked for so far. */
	readonly flows: ReadonlyMap<string, AppFlow>;
	/** Has n8n start an execution for the task; rejects where n8n does not answer. */
	send(task: Task): Promise<void>;
}

const EDIT = 'Edit';

/** Makes a workflow for each mode: Webhook → Wan 2.7 → After. */
export async function publishWorkflows(demo: Demo, modes: readonly Mode[]): Promise<LiveWorkflows> {
	const flows = new Map<string, AppFlow>();
	for (const mode of modes) {
		flows.set(mode, await makeAppFlow(demo, mode, 'onReceived', single(editNode(demo, mode))));
	}
	return {
		flows,
		send: async (task) => {
			const flow = flows.get(task.mode);
			if (flow === undefined) throw new Error(`There is no workflow for ${task.name}`);
			await flow.post([task.name]);
		},
	};
}

function editNode({ sandbox, credential }: Demo, completion: Mode): WorkflowNode {
	const value = sandbox.sampleUrl('sneaker.png');
	const edit = node(EDIT, 'n8n-nodes-runflow.wan27', {
		parameters: {
			operation: 'proEdit',
			completion,
			prompt: '={{ $json.prompt }}',
			images: { image: [{ source: { __rl: true, mode: 'url', value } }] },
			...(completion === 'immediately' ? {} : { downloadOutputs: true }),
			options: completion === 'polling' ? { pollingInterval: 1 } : {},
		},
	});
	const [filled = edit] = withCredential(
		{ name: '', nodes: [edit], connections: {} },
		credential,
	).nodes;
	return filled;
}
