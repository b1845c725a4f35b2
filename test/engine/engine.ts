import './environment';

import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import {
	Workflow,
	type ExecutionError,
	type ICredentialDataDecryptedObject,
	type IConnections,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type IRun,
	type IRunExecutionData,
	type ITaskData,
	type IWorkflowExecuteAdditionalData,
	type IWorkflowSettings,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import type { Wan27 } from '../../nodes/Wan27/Wan27.node';
import { sawInPlace } from '../secrets/watch';
import { MemoryCredentials } from './credentials';
import { watchLogs } from './logs';
import { loadPackage, nodeTypes, type LoadedPackage } from './package';
import { startExecution } from './startExecution';

/** A workflow as n8n exports it. */
export interface WorkflowJson {
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

/** One execution, as the app would store it. */
export interface Outcome {
	status: IRun['status'];
	/** The error that ended the execution, if one did. */
	error: ExecutionError | undefined;
	/** What a node output: by its name and its output (0: main, 1: the error output). */
	items(nodeName: string, output?: number): INodeExecutionData[];
	/** How often a node ran. */
	runs(nodeName: string): number;
	/** When a suspended execution resumes without a call. */
	waitTill: Date | undefined;
	/** What the app's database would hold of it. */
	stored: { workflow: WorkflowJson; data: string };
}

/** An execution under way. */
export interface Running {
	outcome: Promise<Outcome>;
	/** What the Stop button does. */
	stop(): void;
}

/** Settings of one execution. */
export interface ExecutionSettings {
	executionId?: string;
	/** Which item of which node starts it; the first node of the workflow by default. */
	startNode?: string;
	/** By whom it is started: `integrated` as a sub-workflow of another one. By hand by default. */
	mode?: WorkflowExecuteMode;
}

/** n8n's engine with the built package in it. */
export interface Engine {
	loaded: LoadedPackage;
	/** What `$vars` gives in an expression, also while an execution runs. */
	variables: Record<string, string>;
	/** What the app builds from a stored workflow. */
	workflowOf(workflow: WorkflowJson): Workflow;
	/** What the app passes to nodes about an execution and itself. */
	additionalDataOf(workflow: WorkflowJson, executionId: string): IWorkflowExecuteAdditionalData;
	/** Resumes a stored execution. */
	resume(
		workflow: WorkflowJson,
		data: IRunExecutionData,
		executionId: string,
		mode?: WorkflowExecuteMode,
	): Promise<Outcome>;
	start(workflow: WorkflowJson, settings?: ExecutionSettings): Running;
	run(workflow: WorkflowJson, settings?: ExecutionSettings): Promise<Outcome>;
	/** What Retry in the list of executions does with one that failed. */
	retry(failed: Outcome, executionId?: string): Promise<Outcome>;
	/**
	 * What Retry does with one that n8n was stopped or killed in the middle of: it starts again, under the same token.
	 * @param startedNodes nodes for which n8n's recovery has added a run
	 */
	retryLost(lost: Outcome, startedNodes?: string[]): Promise<Outcome>;
}

/** Sets other limits than the node's own, until the end of the file of tests. In milliseconds. */
export function setLimits(
	{ loaded }: Pick<Engine, 'loaded'>,
	limits: Partial<typeof Wan27.limits>,
): void {
	const { constructor } = loaded.nodes['n8n-nodes-runflow.wan27'] ?? {};
	Object.assign((constructor as typeof Wan27).limits, limits);
}

let executions = 0;

/**
 * In: the data of the credentials that the workflows' nodes use, by credential type; and the addresses
 * that nodes get, where something answers there; and node types beside the package's. Out: n8n-core's
 * WorkflowExecute around the built nodes, as the app sets it up, but with nothing stored.
 * @see docs/n8n-engine.md, "The engine in a test"
 */
export async function createEngine(
	credentials: Record<string, ICredentialDataDecryptedObject>,
	addresses: Partial<typeof ADDRESSES> = {},
	more: LoadedPackage['nodes'] = {},
): Promise<Engine> {
	watchLogs();
	const loaded = await loadPackage();
	// An n8n that has been running for long: what an earlier process has sent is no longer on its way.
	setLimits({ loaded }, { loadedAt: 0 });
	const types = nodeTypes({ ...loaded.nodes, ...more });

	const variables: Engine['variables'] = {};
	const workflowOf = (json: WorkflowJson): Workflow => {
		const workflow = new Workflow({
			id: 'workflow-1',
			name: 'Test',
			nodes: structuredClone(json.nodes),
			connections: structuredClone(json.connections),
			active: false,
			nodeTypes: types,
			settings: { executionOrder: 'v1', ...json.settings },
		});
		sawInPlace('the static data of a workflow', workflow.staticData);
		return workflow;
	};

	const additionalDataOf = (json: WorkflowJson, executionId: string) =>
		({
			credentialsHelper: new MemoryCredentials(loaded.credentials, credentials),
			executionId,
			currentNodeExecutionIndex: 0,
			...ADDRESSES,
			...addresses,
			variables,
			hooks: new ExecutionLifecycleHooks('manual', executionId, {
				id: 'workflow-1',
				name: 'Test',
				active: false,
				activeVersionId: null,
				isArchived: false,
				nodes: json.nodes,
				connections: json.connections,
				createdAt: new Date(),
				updatedAt: new Date(),
			}),
		}) as unknown as IWorkflowExecuteAdditionalData;

	const start = (json: WorkflowJson, settings: ExecutionSettings = {}): Running => {
		const executionId = settings.executionId ?? `execution-${++executions}`;
		const workflow = workflowOf(json);
		const startNode = workflow.getNode(settings.startNode ?? json.nodes[0]?.name ?? '');
		if (startNode === null) throw new Error('The workflow has no such start node');
		const additionalData = additionalDataOf(json, executionId);
		const execute = new WorkflowExecute(additionalData, settings.mode ?? 'manual');
		const execution = startExecution(execute, workflow, startNode);
		return {
			outcome: execution.then((run) => outcomeOf(run, json)),
			stop: () => {
				execution.cancel();
			},
		};
	};

	const resume = async (
		json: WorkflowJson,
		data: IRunExecutionData,
		executionId: string,
		mode: WorkflowExecuteMode = 'manual',
	): Promise<Outcome> => {
		const execute = new WorkflowExecute(additionalDataOf(json, executionId), mode, data);
		return outcomeOf(await execute.processRunExecutionData(workflowOf(json)), json);
	};

	const retry = async (
		failed: Outcome,
		executionId = `execution-${++executions}`,
	): Promise<Outcome> =>
		await resume(failed.stored.workflow, dataToRetry(failed), executionId, 'retry');

	const retryLost = async (lost: Outcome, startedNodes: string[] = []): Promise<Outcome> =>
		await resume(
			lost.stored.workflow,
			dataOfLost(lost, startedNodes),
			`execution-${++executions}`,
			'retry',
		);

	return {
		loaded,
		variables,
		workflowOf,
		additionalDataOf,
		resume,
		retryLost,
		start,
		run: async (json, settings) => await start(json, settings).outcome,
		retry,
	};
}

/** What the app's "Retry" makes of a failed execution that it reads from its database. */
function dataToRetry({ stored }: Outcome): IRunExecutionData {
	const data = JSON.parse(stored.data) as IRunExecutionData;
	const { lastNodeExecuted, runData } = data.resultData;
	delete data.resultData.error;
	const last = lastNodeExecuted === undefined ? undefined : runData[lastNodeExecuted];
	if (last?.at(-1)?.error !== undefined) last.pop();
	return data;
}

/**
 * What the app has kept of an execution that it has lost: what it stored at its start.
 * @see docs/n8n-engine.md, "What is kept of a crashed execution"
 */
function dataOfLost({ stored }: Outcome, startedNodes: string[]): IRunExecutionData {
	const data = JSON.parse(stored.data) as IRunExecutionData;
	const [node] = stored.workflow.nodes;
	if (node === undefined || data.executionData === undefined) throw new Error('Nothing was run');
	data.resultData = { runData: {} };
	for (const name of startedNodes) {
		const artificial = {
			executionIndex: 0,
			executionStatus: 'crashed',
			startTime: 0,
			executionTime: 0,
			source: [],
		};
		data.resultData.runData[name] = [artificial as unknown as ITaskData];
	}
	data.executionData = {
		...data.executionData,
		contextData: {},
		nodeExecutionStack: [{ node, data: { main: [[{ json: {} }]] }, source: null }],
	};
	return data;
}

/** What the app would pass to nodes about its own addresses. */
const ADDRESSES = {
	restApiUrl: 'http://localhost:5678/rest',
	instanceBaseUrl: 'http://localhost:5678/',
	formBaseUrl: 'http://localhost:5678/form',
	formWaitingBaseUrl: 'http://localhost:5678/form-waiting',
	formTestBaseUrl: 'http://localhost:5678/form-test',
	webhookBaseUrl: 'http://localhost:5678/webhook',
	webhookWaitingBaseUrl: 'http://localhost:5678/webhook-waiting',
	webhookTestBaseUrl: 'http://localhost:5678/webhook-test',
};

/** How the app stores an execution that is over or suspended. @see docs/n8n-engine.md, "The engine in a test" */
function statusOf(run: IRun): IRun['status'] {
	if (run.waitTill) return 'waiting';
	if (run.status === 'canceled' || run.status === 'crashed') return run.status;
	return run.status === 'error' || run.data.resultData.error ? 'error' : 'success';
}

function outcomeOf(run: IRun, workflow: WorkflowJson): Outcome {
	const { runData, error } = run.data.resultData;
	const data = JSON.stringify(run.data);
	// As it is, since JSON leaves much of an error out; and as it is stored.
	sawInPlace('an execution', run.data);
	sawInPlace('a stored execution', data);
	return {
		status: statusOf(run),
		error,
		items: (nodeName, output = 0) =>
			(runData[nodeName] ?? []).flatMap(({ data }) => data?.main?.[output] ?? []),
		runs: (nodeName) => runData[nodeName]?.length ?? 0,
		waitTill: run.waitTill ?? undefined,
		stored: { workflow, data },
	};
}

/** The JSON of items, to compare them without their links. */
export function jsonOf(items: INodeExecutionData[]): IDataObject[] {
	return items.map(({ json }) => json);
}
