import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Outcome } from '../../engine/engine';
import { WAN, wanWorkflow, type NodeSettings } from '../../engine/workflows';
import type { SandboxOptions } from '../../sandbox';
import { useBench, type Bench } from '../context';

/** The name of the node under test: all workflows of these tests have the same one. */
export const NODE = WAN;
/** The node Runflow in place of Wan 2.7. */
export const RUNFLOW: NodeSettings = { type: 'n8n-nodes-runflow.runflow' };
/** The same as an agent's tool. */
export const RUNFLOW_TOOL: NodeSettings = { type: 'n8n-nodes-runflow.runflowTool' };
/** The same with its errors on the error output. */
export const WITH_ERROR_OUTPUT: NodeSettings = { ...RUNFLOW, onError: 'continueErrorOutput' };

/** A bench whose `run` runs the node Runflow. */
export function useRunflow(options: SandboxOptions = {}): Bench {
	const bench = useBench(options);
	const run: Bench['run'] = async (parameters, items, settings, files) =>
		await bench.engine.run(wanWorkflow(parameters, items, { ...RUNFLOW, ...settings }, files));
	return Object.assign(bench, { run });
}

/** A resource locator that names its resource by its id. */
export function byId(value: unknown): INodeParameters {
	return { __rl: true, mode: 'id', value } as unknown as INodeParameters;
}

/** The message and advice of the only item on the error output. */
export function onlyError(outcome: Outcome): IDataObject {
	const [item, ...others] = outcome.items(NODE, 1);
	expect(others).toEqual([]);
	return item?.json.error as IDataObject;
}
