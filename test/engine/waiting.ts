import { WebhookContext } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	INodeExecutionData,
	IRunExecutionData,
	IWebhookData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { CALLBACK_PATH } from '../../nodes/shared/webhook/callbackAddress';
import { sawInPlace } from '../secrets/watch';
import { createEngine, type Engine, type Outcome, type WorkflowJson } from './engine';
import { parseBody } from './requestBody';

/** An execution that may be suspended. */
export interface Held {
	executionId: string;
	/** As the app's list of executions shows it. */
	status(): string;
	/** When it resumes without a call, while it is suspended. */
	waitTill(): Date | undefined;
	/** Resolves once it is suspended or has ended. */
	settled: Promise<Outcome>;
	/** Resolves once it has ended. */
	ended: Promise<Outcome>;
	/** What n8n does when the wait runs out. */
	runOut(): Promise<void>;
}

/** What a callback was answered with. */
export interface CallbackAnswer {
	executionId: string;
	status: number;
	body: string;
}

/** n8n's engine with the part of the app that suspended executions need: their address, and a database. */
export interface WaitingHost {
	engine: Engine;
	/** Every call of an execution's address, in the order of the answers. */
	answers: readonly CallbackAnswer[];
	start(workflow: WorkflowJson): Held;
	/** What Retry in the list of executions does with one that failed: another execution, which may wait as well. */
	retry(failed: Outcome): Held;
	/** The address of a suspended execution, with the signature where this n8n asks for one. */
	resumeUrl(held: Held): string;
	/** Set by tests: how long n8n takes to store an execution that is suspended or has ended. */
	storing: () => Promise<void>;
	/** Set by tests: what another process of n8n answers to a call with this body; undefined if this process is called. */
	answerOfOtherProcess: (body: string) => { status: number; message: string } | undefined;
	/** Makes n8n refuse nothing and answer nothing: what a sender meets while it is down. */
	close(): Promise<void>;
}

interface Kept {
	status: string;
	workflow: WorkflowJson;
	/** What the database holds, once the execution is suspended or over. */
	data: string | undefined;
	waitTill: Date | undefined;
	resumed: (outcome: Outcome | Promise<Outcome>) => void;
}

let hosts = 0;

/**
 * In: credentials, as for {@link createEngine}; and a key with its certificate if its address is one of HTTPS. Out: a host
 * whose executions can be suspended and called back over HTTP, with the answers that the app gives.
 * @see docs/n8n-engine.md, "Suspended executions" and "The engine in a test"
 */
export async function startWaitingHost(
	credentials: Record<string, ICredentialDataDecryptedObject>,
	tls?: { key: string; cert: string },
): Promise<WaitingHost> {
	const kept = new Map<string, Kept>();
	const answers: CallbackAnswer[] = [];
	const host = ++hosts;
	const listener = (request: IncomingMessage, response: ServerResponse): void => {
		// A sender that has left before its body was whole gets no answer, and any other one n8n's own.
		answer(request, response).catch(() => {
			if (!response.headersSent) response.writeHead(500).end();
		});
	};
	const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const engine = await createEngine(credentials, {
		webhookWaitingBaseUrl: `${url}/webhook-waiting`,
	});

	const store = (one: Kept, outcome: Outcome): Outcome => {
		one.status = outcome.status;
		one.data = outcome.stored.data;
		one.waitTill = outcome.waitTill;
		return outcome;
	};
	/** Resumes an execution, unless that was just done. */
	const resume = (executionId: string, one: Kept, data: IRunExecutionData): boolean => {
		if (one.status !== 'waiting') return false;
		one.status = 'running';
		engine.resume(one.workflow, data, executionId).then(
			(outcome) => {
				store(one, outcome);
				// It may be suspended again.
				if (outcome.status !== 'waiting') one.resumed(outcome);
			},
			(error: unknown) => {
				one.resumed(Promise.reject(error instanceof Error ? error : new Error(String(error))));
			},
		);
		return true;
	};

	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const { pathname, searchParams } = new URL(request.url ?? '', url);
		const [executionId = '', suffix = ''] = pathname.replace('/webhook-waiting/', '').split('/');
		const say = (status: number, body: object): void => {
			if (response.headersSent) return;
			const text = JSON.stringify(body);
			sawInPlace('an answer to a caller', text);
			answers.push({ executionId, status, body: text });
			response.writeHead(status, { 'content-type': 'application/json' }).end(text);
		};
		const rawBody = await bytesOf(request);
		const other = waitingHost.answerOfOtherProcess(rawBody.toString());
		if (other !== undefined) {
			say(other.status, { message: other.message });
			return;
		}
		const one = kept.get(executionId);
		if (one === undefined) {
			say(404, { message: 'The execution does not exist.' });
			return;
		}
		if (one.status === 'running' || one.data === undefined) {
			say(409, { message: 'The execution is running already.' });
			return;
		}
		const data = JSON.parse(one.data) as IRunExecutionData;
		// Older n8n makes no token, and asks for none.
		if (searchParams.get('signature') !== (data.resumeToken ?? null)) {
			say(401, { error: 'Invalid token' });
			return;
		}
		if (one.status !== 'waiting') {
			say(409, { message: 'The execution has finished already.' });
			return;
		}
		if (suffix !== CALLBACK_PATH) {
			say(404, {
				message: 'The workflow does not contain a waiting webhook with a matching path.',
			});
			return;
		}
		const result = await callWebhook(engine, { one, executionId, data, request, rawBody, say });
		if (result.workflowData === undefined) {
			say(200, { message: 'Webhook call received' });
			return;
		}
		resumeWith(data, result.workflowData);
		if (resume(executionId, one, data)) say(200, { message: 'Workflow was started' });
		else say(500, { message: 'There was a problem executing the workflow' });
	};

	const hold = (workflow: WorkflowJson, begin: (executionId: string) => Promise<Outcome>): Held => {
		const executionId = `${host}${kept.size + 1}`;
		let resumed: Kept['resumed'] = () => undefined;
		const resumption = new Promise<Outcome>((resolve) => {
			resumed = resolve;
		});
		const one: Kept = {
			status: 'running',
			workflow,
			data: undefined,
			waitTill: undefined,
			resumed,
		};
		kept.set(executionId, one);
		const settled = begin(executionId).then(async (outcome) => {
			await waitingHost.storing();
			return store(one, outcome);
		});
		return {
			executionId,
			status: () => one.status,
			waitTill: () => one.waitTill,
			settled,
			ended: settled.then(async (outcome) =>
				outcome.status === 'waiting' ? await resumption : outcome,
			),
			runOut: async () => {
				await settled;
				if (!resume(executionId, one, JSON.parse(one.data ?? '') as IRunExecutionData)) {
					throw new Error(`The execution is not suspended but ${one.status}`);
				}
			},
		};
	};

	const waitingHost: WaitingHost = {
		engine,
		answers,
		storing: async () => {
			await Promise.resolve();
		},
		answerOfOtherProcess: () => undefined,
		start: (workflow) =>
			hold(workflow, async (executionId) => await engine.run(workflow, { executionId })),
		retry: (failed) =>
			hold(failed.stored.workflow, async (executionId) => await engine.retry(failed, executionId)),
		resumeUrl: ({ executionId }) => {
			const { resumeToken } = JSON.parse(kept.get(executionId)?.data ?? '{}') as IRunExecutionData;
			const address = `${url}/webhook-waiting/${executionId}/${CALLBACK_PATH}`;
			return resumeToken === undefined ? address : `${address}?signature=${resumeToken}`;
		},
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	return waitingHost;
}

/** A call of an execution's address, as far as it has come. */
interface Call {
	one: Kept;
	executionId: string;
	/** Read from the database for this call, and changed by no other call. */
	data: IRunExecutionData;
	request: IncomingMessage;
	rawBody: Buffer;
	say: (status: number, body: object) => void;
}

async function callWebhook(engine: Engine, call: Call): Promise<IWebhookResponseData> {
	const { one, executionId, data, request, rawBody, say } = call;
	const [entry] = data.executionData?.nodeExecutionStack ?? [];
	const name = data.resultData.lastNodeExecuted ?? '';
	if (entry === undefined) throw new Error('Nothing is suspended');
	entry.node.disabled = true;
	delete data.waitTill;
	data.resultData.runData[name]?.pop();

	const workflow = engine.workflowOf(one.workflow);
	const node = workflow.getNode(name);
	if (node === null) throw new Error(`The workflow has no node ${name}`);
	const type = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const description = type.description.webhooks?.find(
		({ restartWebhook, httpMethod }) => restartWebhook === true && httpMethod === request.method,
	);
	if (description === undefined || type.webhook === undefined) {
		say(404, {
			message: 'The workflow does not contain a waiting webhook with a matching method.',
		});
		return {};
	}
	const problem = parseBody(request, rawBody);
	if (problem !== undefined) {
		say(problem, { message: 'Failed to parse request body' });
		return {};
	}
	const additionalData = engine.additionalDataOf(one.workflow, executionId);
	Object.assign(additionalData, { httpRequest: request, httpResponse: expressLike(say) });
	const webhookData = { webhookDescription: description } as unknown as IWebhookData;
	const context = new WebhookContext(
		workflow,
		node,
		additionalData,
		'manual',
		webhookData,
		[],
		data,
	);
	try {
		return await type.webhook.call(context as unknown as IWebhookFunctions);
	} catch {
		// What the app makes of a webhook that throws: the execution resumes with an empty item.
		say(500, { message: 'Workflow Webhook Error: Workflow could not be started!' });
		data.resultData.runData = {};
		return { workflowData: [[{ json: {} }]] };
	}
}

function resumeWith(data: IRunExecutionData, output: INodeExecutionData[][]): void {
	const [entry] = data.executionData?.nodeExecutionStack ?? [];
	if (entry === undefined) return;
	entry.data.main = output;
	entry.metadata = { ...entry.metadata, forwardAllOutputs: true };
}

function expressLike(say: Call['say']): object {
	return {
		status: (code: number) => ({
			json: (body: object) => {
				say(code, body);
			},
		}),
	};
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
	return Buffer.concat(chunks);
}
