import './environment';

import { ExecutionLifecycleHooks, HookContext, WebhookContext, WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	Workflow,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IHookFunctions,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type IWebhookData,
	type IWebhookFunctions,
	type IWebhookResponseData,
	type IWorkflowExecuteAdditionalData,
	type WorkflowActivateMode,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';

import { sawInPlace } from '../secrets/watch';
import { MemoryCredentials } from './credentials';
import { readLog } from './logs';
import { loadPackage, nodeTypes, SINK } from './package';
import { parseBody } from './requestBody';

/** An execution that a request has started: what the trigger passed to the next node. */
export interface StartedExecution {
	mode: WorkflowExecuteMode;
	items: INodeExecutionData[];
}

/** What came back. */
export interface WebhookAnswer {
	status: number;
	text: string;
	json: unknown;
}

/** A workflow that starts with a trigger, behind n8n's way of taking requests. */
export interface WebhookHost {
	url: string;
	testUrl: string;
	/** Those since the start, or since the list was emptied. */
	executions: StartedExecution[];
	/** What the trigger has written into n8n's log, as warnings or errors. */
	logs: string[];
	/** What it has written there at debug level. */
	debugLogs: string[];
	/** The workflow's row in the database: the only thing that outlives a process. */
	database: { staticData: string };
	/** Changed by tests: how the node is set up, and what the credential holds (undefined: there is none). */
	parameters: INodeParameters;
	credential: ICredentialDataDecryptedObject | undefined;
	/** How often n8n decrypted the credential. */
	decryptions(): number;
	/** Set by tests: does something to a request before the node sees it. */
	before: (request: IncomingMessage) => void;
	/** Set by tests: how long it takes to decrypt the credential. */
	decrypting: () => Promise<void>;
	/** Set by tests: what n8n does to make an execution with that item: takes its time, throws where it fails. */
	creating: (item: IDataObject) => Promise<void>;
	/**
	 * What n8n calls when the workflow goes live (or, in manual mode, when the user listens), and afterwards: at the
	 * end of both in mode "internal".
	 */
	hook(
		name: 'checkExists' | 'create' | 'delete',
		mode?: WorkflowExecuteMode,
		activation?: WorkflowActivateMode,
	): Promise<boolean>;
	/** As if n8n were started again: what the process remembers of the workflow is gone, its row stays. */
	restart(): void;
	/** Puts everything back, after a restart. */
	reset(): void;
	close(): Promise<void>;
}

/** The node under test in this workflow. */
export const TRIGGER = 'Runflow Trigger';

/**
 * In: the node's parameters and its credential. Out: a server that takes requests as n8n's live and test
 * webhooks do: body parser, static data from the row, WebhookContext, the execution, the row again, the answer.
 * @see docs/n8n-engine.md, "Webhooks and triggers"
 */
export async function startWebhookHost(
	parameters: INodeParameters,
	credential: ICredentialDataDecryptedObject,
): Promise<WebhookHost> {
	const loaded = await loadPackage();
	const types = nodeTypes(loaded.nodes);
	let decryptions = 0;
	let made = 0;
	const own = new Set<string>();
	const nextWorkflowId = (): string => {
		// Not a number: n8n's log and the nodes' memory outlast a file of tests, whose last callbacks may still be handled.
		const id = `workflow-${randomUUID()}`;
		own.add(id);
		return id;
	};
	let workflowId = nextWorkflowId();

	const host = {} as WebhookHost;
	const initial = { parameters, credential };
	const blank = (): Partial<WebhookHost> => ({
		...initial,
		database: { staticData: 'null' },
		before: () => undefined,
		decrypting: async () => {
			await Promise.resolve();
		},
		creating: async () => {
			await Promise.resolve();
		},
	});
	Object.assign(host, blank(), {
		executions: [],
		logs: [],
		debugLogs: [],
		decryptions: () => decryptions,
	});

	const stopReading = readLog((message, { workflowId: of } = {}, level) => {
		const isLoud = level === 'warn' || level === 'error';
		if (isLoud && (of === undefined || own.has(of))) host.logs.push(message);
		if (level === 'debug' && of !== undefined && own.has(of)) host.debugLogs.push(message);
	});

	class CountingCredentials extends MemoryCredentials {
		override async getDecrypted(
			...args: Parameters<MemoryCredentials['getDecrypted']>
		): Promise<ICredentialDataDecryptedObject> {
			decryptions += 1;
			await host.decrypting();
			return await super.getDecrypted(...args);
		}
	}

	const nodes = (): INode[] => [
		{
			id: 'trigger-node',
			name: TRIGGER,
			type: 'n8n-nodes-runflow.runflowTrigger',
			typeVersion: 1.1,
			position: [0, 0],
			parameters: structuredClone(host.parameters),
			webhookId: 'hook',
			credentials: { runflowApi: { id: '1', name: 'Runflow' } },
		},
		{ id: 'after', name: 'After', type: SINK, typeVersion: 1, position: [0, 0], parameters: {} },
	];

	const workflowOf = (): Workflow =>
		new Workflow({
			id: workflowId,
			name: 'Test',
			nodes: nodes(),
			connections: { [TRIGGER]: { main: [[{ node: 'After', type: 'main', index: 0 }]] } },
			active: true,
			nodeTypes: types,
			staticData: JSON.parse(host.database.staticData) as IDataObject,
			settings: { executionOrder: 'v1' },
		});

	const additionalDataOf = (more: object): IWorkflowExecuteAdditionalData =>
		({
			credentialsHelper: new CountingCredentials(
				loaded.credentials,
				host.credential === undefined ? {} : { runflowApi: host.credential },
			),
			currentNodeExecutionIndex: 0,
			webhookBaseUrl: 'http://localhost:5678/webhook',
			webhookTestBaseUrl: 'http://localhost:5678/webhook-test',
			webhookWaitingBaseUrl: 'http://localhost:5678/webhook-waiting',
			formWaitingBaseUrl: 'http://localhost:5678/form-waiting',
			restApiUrl: 'http://localhost:5678/rest',
			instanceBaseUrl: 'http://localhost:5678/',
			variables: {},
			...more,
		}) as unknown as IWorkflowExecuteAdditionalData;

	const triggerOf = (workflow: Workflow) => {
		const node = workflow.getNode(TRIGGER);
		if (node === null) throw new Error('The workflow has no trigger');
		const type = loaded.nodes[node.type];
		const [webhookDescription] = type?.description.webhooks ?? [];
		if (type === undefined || webhookDescription === undefined)
			throw new Error('The trigger has no webhook');
		// In any other mode n8n answers at another time and by other rules.
		if (webhookDescription.responseMode !== 'onReceived')
			throw new Error(`This host does not answer in the mode ${webhookDescription.responseMode}`);
		return { node, type, webhookDescription };
	};

	const execute = async (
		workflow: Workflow,
		mode: WorkflowExecuteMode,
		started: INodeExecutionData[][],
	): Promise<void> => {
		await host.creating(started[0]?.[0]?.json ?? {});
		const { node } = triggerOf(workflow);
		const data = createRunExecutionData({
			executionData: {
				nodeExecutionStack: [{ node, data: { main: started }, source: null }],
			},
		});
		const executionId = `execution-${++made}`;
		const execution: StartedExecution = { mode, items: [] };
		host.executions.push(execution);
		const run = await new WorkflowExecute(
			additionalDataOf({
				executionId,
				hooks: new ExecutionLifecycleHooks(mode, executionId, {
					id: workflowId,
					name: 'Test',
					active: true,
					activeVersionId: null,
					isArchived: false,
					nodes: nodes(),
					connections: {},
					createdAt: new Date(),
					updatedAt: new Date(),
				}),
			}),
			mode,
			data,
		).processRunExecutionData(workflow);
		sawInPlace('an execution', run.data);
		sawInPlace('a stored execution', JSON.stringify(run.data));
		execution.items = (run.data.resultData.runData.After ?? []).flatMap(
			({ data: output }) => output?.main?.[0] ?? [],
		);
	};

	/** What live-webhooks and webhook-helpers do with a request whose body is parsed. */
	const handle = async (request: IncomingMessage, response: ExpressLike): Promise<void> => {
		const mode: WorkflowExecuteMode = request.url?.startsWith('/webhook-test/')
			? 'manual'
			: 'webhook';
		const workflow = workflowOf();
		const { node, type, webhookDescription } = triggerOf(workflow);
		const additionalData = additionalDataOf({ httpRequest: request, httpResponse: response });
		const webhookData = { webhookDescription } as IWebhookData;
		const context = new WebhookContext(workflow, node, additionalData, mode, webhookData, [], null);
		let result: IWebhookResponseData;
		try {
			result = (await type.webhook?.call(context as unknown as IWebhookFunctions)) ?? {};
		} catch {
			// n8n answers 500 and starts the workflow with an empty item.
			response.status(500).json({ message: 'Workflow Webhook Error' });
			await execute(workflow, mode, [[{ json: {} }]]);
			return;
		}
		if (result.workflowData !== undefined) {
			// WorkflowRunner builds a workflow around the same static data, which takes its mark away.
			new Workflow({
				nodes: [],
				connections: {},
				active: true,
				nodeTypes: types,
				staticData: workflow.staticData,
			});
			await execute(workflow, mode, result.workflowData);
		}
		// extractWebhookOnReceivedResponse, which is called before the static data is saved.
		const words = webhookDescription.responseData ?? 'firstEntryJson';
		const own: unknown = words === '' ? result.webhookResponse : words;
		if (mode !== 'manual' && (workflow.staticData as unknown as Marked).__dataChanged === true) {
			host.database.staticData = JSON.stringify(workflow.staticData);
			sawInPlace('the static data of a workflow', host.database.staticData);
		}
		if (result.noWebhookResponse === true) return;
		const body =
			result.workflowData === undefined
				? (result.webhookResponse as unknown)
				: (own ?? { message: 'Workflow was started' });
		response.status(200).json(body);
	};

	const server = createServer((request, plain) => {
		const response = expressLike(plain);
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			if (request.method !== 'POST') {
				response.status(404).json({ message: 'This webhook is not registered for requests' });
				return;
			}
			const problem = parseBody(request, Buffer.concat(chunks));
			if (problem !== undefined) {
				response.status(problem).json({ message: 'Failed to parse request body' });
				return;
			}
			host.before(request);
			handle(request, response).catch((error: unknown) => {
				response.status(500).json({ message: error instanceof Error ? error.message : '' });
			});
		});
	});
	const url = await listen(server);

	host.url = `${url}/webhook/hook`;
	host.testUrl = `${url}/webhook-test/hook`;
	host.hook = async (
		name,
		mode = 'internal',
		activation = mode === 'manual' ? 'manual' : 'activate',
	) => {
		const workflow = workflowOf();
		const { node, type, webhookDescription } = triggerOf(workflow);
		const context = new HookContext(workflow, node, additionalDataOf({}), mode, activation, {
			webhookDescription,
			isTest: mode === 'manual',
		} as IWebhookData);
		const method = type.webhookMethods?.default?.[name];
		return (await method?.call(context as unknown as IHookFunctions)) ?? false;
	};
	// The process remembers by the workflow's id, so that another one is as good as another process.
	host.restart = () => {
		workflowId = nextWorkflowId();
	};
	host.reset = () => {
		host.restart();
		Object.assign(host, blank());
		host.executions.length = 0;
		host.logs.length = 0;
		host.debugLogs.length = 0;
		decryptions = 0;
	};
	host.close = async () => {
		stopReading();
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};
	return host;
}

interface Marked {
	__dataChanged?: boolean;
}

/** What of Express's response n8n and nodes use here. */
type ExpressLike = ReturnType<typeof expressLike>;

function expressLike(response: import('node:http').ServerResponse) {
	const express = Object.assign(response, {
		status(code: number) {
			response.statusCode = code;
			return express;
		},
		json(body: unknown) {
			response.setHeader('content-type', 'application/json; charset=utf-8');
			sawInPlace('an answer to a caller', [response.getHeaders(), body]);
			response.end(JSON.stringify(body));
			return express;
		},
	});
	return express;
}

async function listen(server: Server): Promise<string> {
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const { port } = server.address() as AddressInfo;
	return `http://127.0.0.1:${port}`;
}

/** Sends a body as it is, with headers that may occur twice. */
export async function post(
	url: string,
	body: string | Buffer,
	headers: Record<string, string | string[]> = {},
	method = 'POST',
): Promise<WebhookAnswer> {
	return await new Promise((resolve, reject) => {
		const request = httpRequest(url, {
			method,
			agent: false,
			headers: {
				'content-type': 'application/json',
				'content-length': String(Buffer.byteLength(body)),
				...headers,
			},
		});
		request.on('error', reject);
		request.on('response', (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('end', () => {
				const text = Buffer.concat(chunks).toString();
				resolve({ status: response.statusCode ?? 0, text, json: readJson(text) });
			});
		});
		request.end(body);
	});
}

/** Sends a body and leaves once that resolves, before an answer has come. */
export async function postAndLeave(
	url: string,
	body: string,
	headers: Record<string, string>,
	leave: Promise<void>,
): Promise<void> {
	await new Promise<void>((resolve) => {
		const request = httpRequest(url, {
			method: 'POST',
			agent: false,
			headers: {
				'content-type': 'application/json',
				'content-length': String(Buffer.byteLength(body)),
				...headers,
			},
		});
		request.on('error', () => {
			resolve();
		});
		request.end(body);
		void leave.finally(() => request.destroy());
	});
}

function readJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
