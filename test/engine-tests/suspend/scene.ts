import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { forgetBinaryData } from '../../engine/binaryData';
import { setLimits, type Outcome } from '../../engine/engine';
import {
	startWaitingHost,
	type Held,
	type WaitingHost,
	type CallbackAnswer,
} from '../../engine/waiting';
import {
	AFTER,
	images,
	MADE_REFERENCE,
	url,
	wanWorkflow,
	type NodeSettings,
} from '../../engine/workflows';
import { signCallback, startSandbox, type Json, type Sandbox } from '../../sandbox';

export const SECRET = 'whsec_current';

/** What the tests of one file share; there once {@link useScene} has set it up. */
export let sandbox: Sandbox;
/** An n8n whose credential has a signing secret. */
export let host: WaitingHost;
/** An n8n whose credential has none. */
export let open: WaitingHost;

/** Sets up the sandbox and both hosts for the tests of one file; call it at the file's top level. */
export function useScene(): void {
	beforeAll(async () => {
		sandbox = await startSandbox({
			manual: true,
			callbackSecrets: [{ secret: SECRET, isCurrent: true }],
			callbackRetryDelaysMs: [20, 40],
		});
		const credential = { apiKey: sandbox.apiKey, baseUrl: sandbox.url, organizationId: '' };
		host = await startWaitingHost({
			runflowApi: { ...credential, callbackSecrets: `whsec_old, ${SECRET}` },
		});
		// However slow the machine is, the node sends no requests without a callback.
		setLimits(host.engine, { missedCallbackChecks: [] });
		open = await startWaitingHost({ runflowApi: { ...credential, callbackSecrets: '' } });
	});
	afterEach(() => {
		sandbox.reset();
	});
	afterAll(async () => {
		await Promise.all([host.close(), open.close(), sandbox.close()]);
		forgetBinaryData();
	});
}

export const READ_LIST = { method: 'GET', path: /^\/v1\/runs$/ };

export const UNAVAILABLE = { code: 'MODEL_UNAVAILABLE', message: 'Not now', errors: null };

export const edit: INodeParameters = {
	operation: 'proEdit',
	completion: 'callback',
	prompt: '={{ $json.prompt ?? "Make it blue" }}',
	images: images('https://example.com/1.png'),
	options: { pollingInterval: 0.02 },
};

/** What an execution is suspended for however many items there are: it stays awake for many images. */
export const video: INodeParameters = {
	operation: 'imageToVideo',
	image: url('https://example.com/1.png'),
};

export function prompts(count: number): { prompt: string }[] {
	return Array.from({ length: count }, (_, index) => ({ prompt: `prompt ${index}` }));
}

export function start(
	parameters: INodeParameters = {},
	items: IDataObject[] = [{}],
	settings: NodeSettings = {},
): Held {
	return host.start(wanWorkflow({ ...edit, ...parameters }, items, settings));
}

export async function suspended(held: Held): Promise<Held> {
	const outcome = await held.settled;
	expect(outcome.status).toBe('waiting');
	return held;
}

/** The id of the run that was started for a prompt. */
export function runOf(prompt: string): string {
	const run = sandbox.acceptedRuns().find(({ input }) => input.prompt === prompt);
	if (run === undefined) throw new Error(`No run for ${prompt}`);
	return run.id;
}

export function countReads(): number {
	// An execution of an earlier test may still read its own runs.
	const own = new Set(sandbox.acceptedRuns().map(({ id }) => `/v1/runs/${id}`));
	return sandbox.requests.filter(({ method, path }) => method === 'GET' && own.has(path)).length;
}

/** Counts the requests for the list of runs. */
export function countListRequests(): number {
	return sandbox.requests.filter(({ method, path }) => method === 'GET' && path === '/v1/runs')
		.length;
}

/** Matches the reads of one run, not those of an earlier test. */
export function readOf(runId: string | undefined): { method: string; path: string } {
	return { method: 'GET', path: `/v1/runs/${runId ?? '-'}` };
}

/** Sends a body to the address of a suspended execution, signed by default. */
export async function send(
	address: string,
	body: Json | string,
	signature: string | null = signCallback(text(body), SECRET),
): Promise<{ status: number; message: unknown }> {
	const response = await fetch(address, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			...(signature === null ? {} : { 'runflow-signature': signature }),
		},
		body: text(body),
	});
	const said = (await response.json()) as IDataObject;
	return { status: response.status, message: said.message ?? said.error };
}

/** How this n8n has answered the calls of an execution's address, in their order. */
export function answersTo({ executionId }: Held): CallbackAnswer[] {
	return host.answers.filter((answer) => answer.executionId === executionId);
}

/** Leaves out the answers to the node's own question, which it asks if a callback has taken a second or more. */
export function withoutProbes(answers: readonly CallbackAnswer[]): CallbackAnswer[] {
	return answers.filter(({ body }) => body !== '{"message":"This wait has not ended"}');
}

/** The statuses of {@link answersTo}, {@link withoutProbes}. */
export function statusesOf(held: Held): number[] {
	return withoutProbes(answersTo(held)).map(({ status }) => status);
}

/** Ends both runs of a suspended execution while Runflow reports nothing; `report` says that one has ended. */
export function endUnreported(held: Held) {
	sandbox.configure({ callbackHosts: [] });
	const address = host.resumeUrl(held);
	const [a, b] = [runOf('prompt 0'), runOf('prompt 1')];
	sandbox.finishRun(a);
	sandbox.finishRun(b);
	const report = async (run_id: string) =>
		await send(address, { event: 'run.completed', run_id, status: 'succeeded' });
	return { a, b, report };
}

export function text(body: Json | string): string {
	return typeof body === 'string' ? body : JSON.stringify(body);
}

export function timeless(outcome: Outcome): unknown[] {
	return outcome.items(AFTER).map(({ json, ...item }) => {
		const { id, duration_ms, created_at, completed_at, outputs, client_ref, ...rest } = json;
		expect(client_ref).toMatch(MADE_REFERENCE);
		expect([id, created_at].map((value) => typeof value)).toEqual(['string', 'string']);
		expect(['string', 'object']).toContain(typeof completed_at);
		expect(['number', 'object']).toContain(typeof duration_ms);
		const files = (outputs as IDataObject[]).map(({ url: link, ...output }) => {
			expect(link).toMatch(/\/outputs\//);
			return output;
		});
		return { ...item, json: { ...rest, outputs: files } };
	});
}
