import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { forgetBinaryData } from '../../engine/binaryData';
import { post, startWebhookHost, type WebhookAnswer, type WebhookHost } from '../../engine/webhook';
import { signCallback, startSandbox, type Outcome, type Sandbox } from '../../sandbox';
import { until } from '../../until';

/** What the sandbox signs with, and the credential has. */
export const SECRET = 'whsec_Current0123456789';
/** Was rotated out. */
export const OLD_SECRET = 'whsec_Old0123456789';

/** Every event and nothing special; tests lay their own over it. */
export const PARAMETERS: INodeParameters = {
	events: ['run.completed', 'run.failed', 'run.cancelled', 'run.partial_succeeded', 'batch'],
	acceptUnsigned: false,
	options: {},
};

/** A callback as the model pages document it. @see docs/runflow-api.md, "Callback body" */
export const CALLBACK = {
	event: 'run.completed',
	run_id: '0199a1b2-0000-7000-8000-000000000001',
	status: 'succeeded',
	output: { outputs: [{ url: 'https://storage.example.com/1.png', type: 'image' }], seed: 7 },
	duration_ms: 8123,
	created_at: '2026-04-08T10:00:00+00:00',
	completed_at: '2026-04-08T10:00:08+00:00',
	metadata: { order: '1001' },
} satisfies IDataObject;

/** The built trigger behind n8n's way of taking requests, with a sandbox that calls it. */
export interface TriggerBench {
	host: WebhookHost;
	sandbox: Sandbox;
	/** Sends a body signed with the current secret. */
	send(body: unknown, url?: string): Promise<WebhookAnswer>;
	/** Starts a run that reports to the trigger and ends it at once; resolves when all deliveries are over. */
	run(outcome?: Outcome, request?: IDataObject): Promise<string>;
	/** Starts a run that reports to the trigger. */
	start(request?: IDataObject): Promise<string>;
	/** What Redeliver in Runflow does; resolves when the delivery is over. */
	redeliver(runId: string): Promise<void>;
}

/** A signature header for a body. */
export function signed(body: string | Buffer, secret = SECRET): Record<string, string> {
	return { 'Runflow-Signature': signCallback(body, secret) };
}

/** In: nothing. Out: a bench for the tests of one file; call it at the file's top level. */
export function useTrigger(): TriggerBench {
	const bench = {} as TriggerBench;
	beforeAll(async () => {
		bench.sandbox = await startSandbox({
			manual: true,
			callbackSecrets: [{ secret: SECRET, isCurrent: true }],
			callbackRetryDelaysMs: [20, 40],
			callbackTimeoutMs: 60_000,
		});
		bench.host = await startWebhookHost(PARAMETERS, {
			apiKey: bench.sandbox.apiKey,
			baseUrl: bench.sandbox.url,
			callbackSecrets: SECRET,
			organizationId: '',
		});
	});
	afterEach(() => {
		bench.sandbox.reset();
		bench.host.reset();
	});
	afterAll(async () => {
		await bench.host.close();
		await bench.sandbox.close();
		forgetBinaryData();
	});

	bench.send = async (body, url = bench.host.url) => {
		const text = typeof body === 'string' ? body : JSON.stringify(body);
		return await post(url, text, signed(text));
	};
	bench.start = async (request = {}) => {
		const path = '/v1/models/alibaba/wan/v2.7/pro/edit/runs';
		const answer = await api(path, {
			input: { prompt: 'Blue', image_urls: [bench.sandbox.sampleUrl('sneaker.png')] },
			callback_url: bench.host.url,
			...request,
		});
		return (answer as { id: string }).id;
	};
	bench.run = async (outcome = 'succeeded', request = {}) => {
		const id = await bench.start(request);
		bench.sandbox.finishRun(id, outcome);
		await delivered();
		return id;
	};
	bench.redeliver = async (runId) => {
		await api(`/v1/runs/${runId}/callback-redeliveries`, undefined);
		await delivered();
	};

	const api = async (path: string, body: IDataObject | undefined): Promise<unknown> => {
		const response = await fetch(bench.sandbox.url + path, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${bench.sandbox.apiKey}`,
				'content-type': 'application/json',
			},
			body: body === undefined ? null : JSON.stringify(body),
		});
		const answer: unknown = await response.json();
		if (!response.ok) throw new Error(`The sandbox refused: ${JSON.stringify(answer)}`);
		return answer;
	};
	const delivered = async () => {
		await until(() => bench.sandbox.deliveries().every(({ status }) => status !== 'pending'));
	};
	return bench;
}
