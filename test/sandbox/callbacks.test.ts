import { createHmac } from 'node:crypto';

import {
	startReceiver,
	type CallbackReceiver,
	type ReceivedCallback,
	type ReceiverAnswer,
} from './callbackReceiver';
import { signCallback, startSandbox, type JsonObject, type Outcome, type Sandbox } from './index';
import { at, call, createEdit, textAt } from './testClient';

const SECRET = 'whsec_c2FuZGJveA==';
const OLD_SECRET = 'whsec_b2xk';

let sandbox: Sandbox;
let receivers: CallbackReceiver[] = [];

beforeAll(async () => {
	sandbox = await startSandbox({ manual: true, callbackRetryDelaysMs: [5, 10] });
});

afterEach(async () => {
	sandbox.reset();
	await Promise.all(receivers.map(async (receiver) => receiver.close()));
	receivers = [];
});

afterAll(async () => {
	await sandbox.close();
});

async function receiver(answer?: (index: number) => ReceiverAnswer): Promise<CallbackReceiver> {
	const started = await startReceiver(answer);
	receivers.push(started);
	return started;
}

async function createCalledBack(url: string, rest: JsonObject = {}): Promise<string> {
	return textAt((await createEdit(sandbox, {}, { callback_url: url, ...rest })).json, 'id');
}

/** A run that ends, and all that its receiver was sent. */
async function delivered(
	to: CallbackReceiver,
	outcome: Outcome = 'succeeded',
	rest: JsonObject = {},
): Promise<{ readonly id: string; readonly callbacks: readonly ReceivedCallback[] }> {
	const id = await createCalledBack(to.url, rest);
	sandbox.finishRun(id, outcome);
	await sandbox.idle();
	return { id, callbacks: to.received };
}

describe('A callback', () => {
	it('has the eight fields of the documents', async () => {
		const { id, callbacks } = await delivered(await receiver(), 'succeeded', {
			metadata: { row: 1 },
		});
		expect(callbacks).toHaveLength(1);
		const [callback] = callbacks;
		expect(callback?.headers['content-type']).toBe('application/json');
		expect(callback?.headers['runflow-request-id']).toMatch(/^[0-9a-f-]{36}$/);
		expect(callback?.headers['runflow-signature']).toBeUndefined();
		expect(callback?.json).toEqual({
			event: 'run.completed',
			run_id: id,
			status: 'succeeded',
			output: expect.objectContaining({ nsfw_detected: false }) as unknown,
			duration_ms: expect.any(Number) as number,
			created_at: expect.stringMatching(/\+00:00$/) as string,
			completed_at: expect.stringMatching(/\+00:00$/) as string,
			metadata: { row: 1 },
		});
		expect((await fetch(textAt(callback?.json, 'output', 'outputs', 0, 'url'))).status).toBe(200);
	});

	it.each([
		['failed', 'run.failed', 'failed'],
		['canceled', 'run.cancelled', 'cancelled'],
	] as const)('of a %s run is %s with no output', async (outcome, event, status) => {
		const { callbacks } = await delivered(await receiver(), outcome);
		expect(callbacks[0]?.json).toMatchObject({ event, status, output: null, metadata: null });
	});

	it('of a run that succeeded in part says so', async () => {
		const { callbacks } = await delivered(await receiver(), 'partial_succeeded');
		expect(callbacks[0]?.json).toMatchObject({
			event: 'run.partial_succeeded',
			status: 'partial_succeeded',
		});
	});

	it('may spell canceled otherwise, and put the error in the output', async () => {
		sandbox.configure({ callbackCanceledSpelling: 'canceled', callbackFailureOutput: 'error' });
		const to = await receiver();
		await delivered(to, 'canceled');
		await delivered(to, 'failed');
		expect(to.received[0]?.json).toMatchObject({
			event: 'run.cancelled',
			status: 'canceled',
			output: null,
		});
		expect(to.received[1]?.json).toMatchObject({
			status: 'failed',
			output: { code: 'INPUT_VALIDATION_FAILED', errors: null },
		});
	});

	it('comes on its own when the run ends on a timer', async () => {
		sandbox.configure({ manual: false, runDurationMs: 10 });
		const to = await receiver();
		await createCalledBack(to.url);
		await sandbox.idle();
		expect(to.received).toHaveLength(1);
	});

	it('comes once, however often the run is read', async () => {
		const { id, callbacks } = await delivered(await receiver());
		await call(sandbox, `/v1/runs/${id}`);
		await sandbox.idle();
		expect(callbacks).toHaveLength(1);
	});

	it('can come twice, with the same bytes', async () => {
		sandbox.configure({ callbackCopies: 2 });
		const { callbacks } = await delivered(await receiver());
		expect(callbacks).toHaveLength(2);
		expect(callbacks[0]?.body.equals(callbacks[1]?.body ?? Buffer.alloc(0))).toBe(true);
	});

	it('is sent only to this machine', async () => {
		const id = await createCalledBack('https://example.com/hook');
		sandbox.finishRun(id);
		await sandbox.idle();
		const [delivery] = sandbox.deliveries(id);
		expect(delivery?.status).toBe('failed');
		expect(delivery?.attempts).toHaveLength(3);
	});
});

describe('The signature', () => {
	it('is the HMAC of the raw bytes with the whole secret', async () => {
		sandbox.configure({
			callbackSecrets: [
				{ secret: OLD_SECRET, isCurrent: false },
				{ secret: SECRET, isCurrent: true },
			],
		});
		const [callback] = (await delivered(await receiver())).callbacks;
		const body = callback?.body ?? Buffer.alloc(0);
		const wanted = createHmac('sha256', SECRET).update(body).digest('hex');
		expect(callback?.headers['runflow-signature']).toBe(wanted);
		expect(wanted).toMatch(/^[0-9a-f]{64}$/);
		expect(signCallback(body, SECRET)).toBe(wanted);
	});

	it('can be left out', async () => {
		sandbox.configure({
			callbackSecrets: [{ secret: SECRET, isCurrent: true }],
			callbackSignature: 'omitted',
		});
		const [callback] = (await delivered(await receiver())).callbacks;
		expect(callback?.headers['runflow-signature']).toBeUndefined();
	});

	it('stays that of its delivery when the secrets change, and is new for a redelivery', async () => {
		sandbox.configure({ callbackSecrets: [{ secret: OLD_SECRET, isCurrent: true }] });
		const to = await receiver((index) => {
			sandbox.configure({ callbackSecrets: [{ secret: SECRET, isCurrent: true }] });
			return index === 0 ? 500 : 200;
		});
		const { id } = await delivered(to);
		await call(sandbox, `/v1/runs/${id}/callback-redeliveries`, { method: 'POST' });
		await sandbox.idle();
		const signedWith = to.received.map(({ headers, body }) =>
			[OLD_SECRET, SECRET].find(
				(secret) => headers['runflow-signature'] === signCallback(body, secret),
			),
		);
		expect(signedWith).toEqual([OLD_SECRET, OLD_SECRET, SECRET]);
	});
});

describe('Trying again', () => {
	it.each<['seed' | 'newer', ReceiverAnswer, number]>([
		['seed', 200, 1],
		['seed', 204, 1],
		['seed', 500, 3],
		['seed', 503, 3],
		['seed', 'reset', 3],
		['seed', 400, 1],
		['seed', 409, 1],
		['seed', 302, 1],
		['newer', 409, 3],
		['newer', 302, 3],
		['newer', 500, 3],
		['newer', 200, 1],
	])('by policy %s on %s makes %i attempts', async (callbackRetryPolicy, answer, attempts) => {
		sandbox.configure({ callbackRetryPolicy });
		const { callbacks } = await delivered(await receiver(() => answer));
		expect(callbacks).toHaveLength(attempts);
		const bodies = new Set(callbacks.map(({ body }) => body.toString()));
		expect(bodies.size).toBe(1);
	});

	it('happens without an answer in time, or at all', async () => {
		sandbox.configure({ callbackTimeoutMs: 100 });
		const silent = await delivered(await receiver(() => 'silent'));
		expect(sandbox.deliveries(silent.id)[0]?.attempts).toHaveLength(3);
		const id = await createCalledBack('http://127.0.0.1:1/hook');
		sandbox.finishRun(id);
		await sandbox.idle();
		expect(sandbox.deliveries(id)[0]?.attempts).toHaveLength(3);
	});

	it('ends with the first success', async () => {
		const { id, callbacks } = await delivered(await receiver((index) => (index === 0 ? 500 : 200)));
		expect(callbacks).toHaveLength(2);
		expect(sandbox.deliveries(id)).toMatchObject([{ status: 'delivered', attempts: [{}, {}] }]);
	});
});

describe('The delivery history', () => {
	it('has every attempt', async () => {
		const { id } = await delivered(await receiver((index) => (index === 0 ? 500 : 200)));
		const { json } = await call(sandbox, `/v1/runs/${id}/callback`);
		expect(json).toMatchObject([
			{
				run_id: id,
				is_automatic: true,
				status_code: 'delivered',
				failure_reason_code: null,
				attempt_count: 2,
				max_attempts: 3,
				next_attempt_at: null,
				payload: { event: 'run.completed', run_id: id },
				attempts: [
					{ attempt_number: 1, status_code: 500, response_body: 'noted', error_message: null },
					{ attempt_number: 2, status_code: 200 },
				],
			},
		]);
	});

	it('is empty for a run without a callback_url', async () => {
		const id = textAt((await createEdit(sandbox)).json, 'id');
		sandbox.finishRun(id);
		expect((await call(sandbox, `/v1/runs/${id}/callback`)).json).toEqual([]);
	});
});

describe('A redelivery', () => {
	async function redeliver(id: string): Promise<readonly unknown[]> {
		const reply = await call(sandbox, `/v1/runs/${id}/callback-redeliveries`, { method: 'POST' });
		return [
			reply.status,
			at(reply.json, 'is_automatic') ?? at(reply.json, 'errors', 0, 'error_type'),
		];
	}

	it('has its own body', async () => {
		const { id, callbacks } = await delivered(await receiver());
		expect(await redeliver(id)).toEqual([201, false]);
		await sandbox.idle();
		expect(callbacks).toHaveLength(2);
		expect(callbacks[0]?.body.equals(callbacks[1]?.body ?? Buffer.alloc(0))).toBe(false);
		expect(at(callbacks[1]?.json, 'run_id')).toBe(id);
	});

	it('is refused while there is nothing to deliver, or a delivery is under way', async () => {
		const to = await receiver(() => 'silent');
		const id = await createCalledBack(to.url);
		expect(await redeliver(id)).toEqual([422, 'invalid_state']);
		sandbox.finishRun(id);
		expect(await redeliver(id)).toEqual([422, 'conflict']);
	});

	it('is refused for a run without a callback_url', async () => {
		const id = textAt((await createEdit(sandbox)).json, 'id');
		sandbox.finishRun(id);
		expect(await redeliver(id)).toEqual([422, 'invalid_state']);
	});

	it('is 404 for an unknown run, as the history is', async () => {
		expect(await redeliver('nope')).toEqual([404, undefined]);
		expect((await call(sandbox, '/v1/runs/nope/callback')).status).toBe(404);
	});
});

describe('a callback signing secret made over the API', () => {
	const create = async (body: JsonObject) => call(sandbox, '/v1/callback-secrets', { body });

	it('is shown this once, and signs the callbacks from then on', async () => {
		const { status, json } = await create({ label: 'n8n' });
		expect(status).toBe(201);
		const secret = textAt(json, 'plain_secret');
		expect(secret).toMatch(/^whsec_[\w-]{32}$/);
		expect(json).toMatchObject({ label: 'n8n', is_current: true, key_prefix: secret.slice(0, 10) });

		const to = await receiver();
		const { callbacks } = await delivered(to);
		expect(callbacks).toHaveLength(1);
		expect(callbacks[0]?.headers['runflow-signature']).toBe(
			createHmac('sha256', secret)
				.update(callbacks[0]?.body ?? '')
				.digest('hex'),
		);
	});

	it('does not take the place of the current one', async () => {
		await create({});
		expect((await create({})).json).toMatchObject({ label: null, is_current: false });
	});

	it('has a label of at most 255 characters', async () => {
		expect((await create({ label: 'x'.repeat(255) })).status).toBe(201);
		expect((await create({ label: 'x'.repeat(256) })).status).toBe(422);
	});
});
