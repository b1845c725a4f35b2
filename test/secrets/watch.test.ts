import {
	NodeApiError,
	NodeConnectionTypes,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type IWebhookFunctions,
	type JsonObject,
} from 'n8n-workflow';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { forgetBinaryData } from '../engine/binaryData';
import { createEngine, type Engine, type Outcome } from '../engine/engine';
import { startWaitingHost } from '../engine/waiting';
import { post, startWebhookHost, type WebhookHost } from '../engine/webhook';
import { images, wanWorkflow } from '../engine/workflows';
import { answering } from '../../nodes/shared/webhook/respond';
import { ROOT } from '../repositoryFiles';
import { signCallback, startSandbox, type Sandbox } from '../sandbox';
import { watchOutput } from './output';
import { expectSecretIn, guardSecret, takeLeaks } from './watch';

/** Each test here lets a secret be seen, and takes note of it before the check after the test does. */
const API_KEY = 'rf_live_WatchedKey1234';
const SECRET = 'whsec_WatchedSecret5678';
const KEY_TOLD = 'apiKey (rf_l…, 22 characters)';
const SECRET_TOLD = 'callbackSecrets (whse…, 23 characters)';

type Leak = (this: IExecuteFunctions, key: string) => unknown;

/** What the leaking node does; set by each test. */
let leak: Leak;
const leaking: INodeType = {
	description: {
		displayName: 'Leaking',
		name: 'leaking',
		group: [],
		version: 1,
		description: '',
		defaults: {},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'runflowApi', required: true }],
		properties: [],
	},
	async execute(): Promise<INodeExecutionData[][]> {
		const { apiKey } = await this.getCredentials('runflowApi');
		const made = (await leak.call(this, apiKey as string)) as INodeExecutionData | undefined;
		return [[made ?? { json: {} }]];
	},
};

let sandbox: Sandbox;
let engine: Engine;
/** A server that the check does not know. */
const stranger = createServer((request, response) => {
	request.resume().on('end', () => response.end('{}'));
});
let strange: string;

beforeAll(async () => {
	sandbox = await startSandbox({
		runDurationMs: 0,
		keys: [{ key: API_KEY, scopes: ['runs:create', 'runs:read'], email: 'a@b.c' }],
		callbackSecrets: [{ secret: SECRET, isCurrent: true }],
	});
	engine = await createEngine({ runflowApi: credential() }, {}, { leaking });
	await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
	strange = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
});
afterAll(async () => {
	await sandbox.close();
	stranger.closeAllConnections();
	await new Promise((resolve) => stranger.close(resolve));
	forgetBinaryData();
});

function credential() {
	const baseUrl = sandbox.url;
	return {
		apiKey: API_KEY,
		baseUrl,
		callbackSecrets: `whsec_old_one, ${SECRET}`,
		organizationId: '',
	};
}

async function run(made: Leak): Promise<Outcome> {
	leak = made;
	const workflow = wanWorkflow({}, [{}], { type: 'leaking' });
	return await engine.run(workflow);
}

/** The leaks, each kind of place once, without the text after the colon. */
function placesOf(leaks: string[]): string[] {
	return [...new Set(leaks.map((line) => line.replace(/: .*/, '')))].sort();
}

const IN_EXECUTION = [`${KEY_TOLD} is in a stored execution`, `${KEY_TOLD} is in an execution`];

describe('a leak is found', () => {
	it.each<[string, Leak]>([
		['in an item', (key) => ({ json: { a: [{ b: key }] } })],
		['in an item, in base64', (key) => ({ json: { a: btoa(`user:${key}`) } })],
		['in a name of an item', (key) => ({ json: { [key]: 1 } })],
		[
			'in the name of a file',
			(key) => ({ json: {}, binary: { data: { data: '', mimeType: 'a/b', fileName: key } } }),
		],
		[
			'in the error of an item',
			function (key) {
				return { json: {}, error: new NodeOperationError(this.getNode(), key) };
			},
		],
		[
			'in what the node keeps',
			function (key) {
				this.getContext('node').kept = key;
			},
		],
		[
			'in a hint',
			function (key) {
				this.addExecutionHints({ message: key });
			},
		],
	])('%s', async (_where, made) => {
		await run(made);
		expect(placesOf(takeLeaks())).toEqual(IN_EXECUTION);
	});

	it.each<[string, Leak]>([
		[
			'in an error’s message',
			function (key) {
				throw new NodeOperationError(this.getNode(), `No ${key}`);
			},
		],
		[
			'in an error’s description',
			function (key) {
				throw new NodeOperationError(this.getNode(), 'x', { description: key });
			},
		],
		[
			'in an error’s context',
			function (key) {
				const error = new NodeApiError(this.getNode(), { message: 'x' });
				error.context.data = { headers: [key] };
				throw error;
			},
		],
		[
			'in an error’s cause',
			function (key) {
				const cause = Object.assign(new Error('x'), { config: { headers: { a: key } } });
				throw new NodeApiError(this.getNode(), cause as unknown as JsonObject);
			},
		],
		[
			'in an error’s httpCode',
			function (key) {
				throw new NodeApiError(this.getNode(), { message: 'x' }, { httpCode: key });
			},
		],
		[
			'in an error’s node',
			function (key) {
				throw new NodeOperationError({ ...this.getNode(), notes: key }, 'x');
			},
		],
		[
			'in an error’s stack',
			(key) => {
				const error = new Error('x');
				error.stack = `Error: x\n    at ${key}`;
				throw error;
			},
		],
		[
			'where an error hides it',
			(key) => {
				throw Object.defineProperty(new Error('x'), 'request', { value: { auth: key } });
			},
		],
	])('%s', async (_where, made) => {
		expect((await run(made)).status).toBe('error');
		expect(placesOf(takeLeaks())).toContain(`${KEY_TOLD} is in a thrown error`);
	});

	it('in the static data of a workflow', async () => {
		await run(function (key) {
			this.getWorkflowStaticData('node').kept = [key];
		});
		expect(placesOf(takeLeaks())).toEqual([`${KEY_TOLD} is in the static data of a workflow`]);
	});

	it.each<[string, Leak]>([
		[
			'the message of a line',
			function (key) {
				this.logger.warn(`With ${key}`);
			},
		],
		[
			'what stands beside the message',
			function (key) {
				this.logger.debug('x', { error: new Error('x', { cause: key }) });
			},
		],
	])('in n8n’s log: %s', async (_what, made) => {
		await run(made);
		expect(placesOf(takeLeaks())).toEqual([`${KEY_TOLD} is in a log line`]);
	});

	it.each([
		['the console', 'log'],
		['the console’s errors', 'error'],
		['standard output', 'write'],
	] as const)('on %s', (_what, method) => {
		const quiet = () => true;
		const output = {
			debug: quiet,
			error: quiet,
			info: quiet,
			log: quiet,
			trace: quiet,
			warn: quiet,
		};
		const stream = { write: quiet };
		const end = watchOutput({ console: output, streams: [stream] });
		const target: Record<string, (...args: unknown[]) => boolean> = { ...output, ...stream };
		target[method]?.('x', { key: [API_KEY] });
		end();
		expect(takeLeaks()).toEqual([`${KEY_TOLD} is in the output: 1.key.0`]);
		expect(output.log).toBe(quiet);
		expect(stream.write).toBe(quiet);
	});

	it.each<[string, Leak]>([
		[
			'address',
			async function (key) {
				await this.helpers.httpRequest({ url: `${strange}/?a=${encodeURIComponent(key)}` });
			},
		],
		[
			'headers',
			async function (key) {
				await this.helpers.httpRequest({
					url: strange,
					headers: { Authorization: `Bearer ${key}` },
				});
			},
		],
		[
			'body',
			async function (key) {
				await this.helpers.httpRequest({ method: 'POST', url: strange, body: { a: { key } } });
			},
		],
		[
			'body, in two pieces',
			async (key) => {
				await new Promise((resolve, reject) => {
					const request = httpRequest(strange, { method: 'POST' }, resolve).on('error', reject);
					request.write(key.slice(0, 10), () => setTimeout(() => request.end(key.slice(10)), 20));
				});
			},
		],
		[
			'address without a server',
			async function (key) {
				// A separate address: where another test's API was, nothing would be searched.
				await this.helpers.httpRequest({ url: `http://127.0.0.2:9/${key}` }).catch(() => undefined);
			},
		],
		[
			'headers, on the storage',
			async function (key) {
				const url = sandbox.sampleUrl('sneaker.png');
				const headers = { Authorization: `Bearer ${key}` };
				await this.helpers.httpRequest({ url, headers, ignoreHttpStatusErrors: true });
			},
		],
	])('in a request to another host: %s', async (_what, made) => {
		await run(made);
		expect(placesOf(takeLeaks())).toEqual([`${KEY_TOLD} is in a request to another host`]);
	});

	it.each<[string, string, Leak]>([
		[
			'the key in its address',
			KEY_TOLD,
			async function (key) {
				await this.helpers.httpRequest({ url: `${sandbox.url}/v1/health?a=${key}` });
			},
		],
		[
			'the key in another header',
			KEY_TOLD,
			async function (key) {
				await this.helpers.httpRequest({
					url: `${sandbox.url}/v1/health`,
					headers: { 'x-api-key': key },
				});
			},
		],
		[
			'the key in the right header in another form',
			KEY_TOLD,
			async function (key) {
				await this.helpers.httpRequest({
					url: `${sandbox.url}/v1/health`,
					headers: { authorization: `Basic ${btoa(`${key}:`)}` },
				});
			},
		],
		[
			'the key in its body',
			KEY_TOLD,
			async function (key) {
				const url = `${sandbox.url}/v1/asset-uploads`;
				const request = {
					method: 'POST',
					url,
					body: { key },
					ignoreHttpStatusErrors: true,
				} as const;
				await this.helpers.httpRequest(request);
			},
		],
		[
			'a signing secret in the header of the key',
			SECRET_TOLD,
			async function () {
				await this.helpers.httpRequest({
					url: `${sandbox.url}/v1/health`,
					headers: { authorization: `Bearer ${SECRET}` },
				});
			},
		],
	])('in a request to the API: %s', async (_what, named, made) => {
		await run(made);
		expect(placesOf(takeLeaks())).toEqual([`${named} is in a request to the API`]);
	});
});

describe('where a trigger waits', () => {
	let host: WebhookHost;

	beforeAll(async () => {
		host = await startWebhookHost({ events: ['run.completed'], options: {} }, credential());
	});
	afterEach(() => {
		host.reset();
	});
	afterAll(async () => {
		await host.close();
	});

	async function call(more: object): Promise<void> {
		const body = JSON.stringify({
			event: 'run.completed',
			run_id: '1',
			status: 'succeeded',
			...more,
		});
		await post(host.url, body, { 'Runflow-Signature': signCallback(body, SECRET) });
	}

	it('a leak is found in an execution and in the request that starts it', async () => {
		await call({ metadata: { a: SECRET } });
		expect(host.executions).toHaveLength(1);
		expect(placesOf(takeLeaks())).toEqual([
			`${SECRET_TOLD} is in a request to another host`,
			`${SECRET_TOLD} is in a stored execution`,
			`${SECRET_TOLD} is in an execution`,
		]);
	});

	it('a leak is found in a log line', async () => {
		await call({ event: `run.${SECRET}` });
		expect(placesOf(takeLeaks())).toContain(`${SECRET_TOLD} is in a log line`);
	});

	it('a leak is found in an answer', async () => {
		host.creating = async () => {
			await Promise.reject(new Error(SECRET));
		};
		await call({});
		expect(placesOf(takeLeaks())).toEqual([`${SECRET_TOLD} is in an answer to a caller`]);
	});

	it('a leak is found in the static data of the workflow', async () => {
		host.database.staticData = JSON.stringify({ 'node:Runflow Trigger': { mine: SECRET } });
		await call({});
		expect(placesOf(takeLeaks())).toEqual([`${SECRET_TOLD} is in the static data of a workflow`]);
	});

	it('a secret is guarded that the credential gets later', async () => {
		const later = 'whsec_TheNextSecret99';
		host.credential = { ...credential(), callbackSecrets: later };
		await call({});
		await call({ metadata: { later } });
		expect(placesOf(takeLeaks())).toContain(
			'callbackSecrets (whse…, 21 characters) is in a request to another host',
		);
	});
});

it('a leak is found in the answer to a callback of a suspended execution', async () => {
	const host = await startWaitingHost({ runflowApi: credential() });
	sandbox.configure({ manual: true });
	const wan = host.engine.loaded.nodes['n8n-nodes-runflow.wan27'];
	if (wan === undefined) throw new Error('There is no node');
	wan.webhook = async function (this: IWebhookFunctions) {
		const response = answering(this);
		response.status(401).json({ message: SECRET });
		return await Promise.resolve({ noWebhookResponse: true });
	};
	const held = host.start(
		wanWorkflow({
			operation: 'proEdit',
			completion: 'callback',
			prompt: 'Blue',
			images: images('https://example.com/1.png'),
		}),
	);
	expect((await held.settled).status).toBe('waiting');
	expect(takeLeaks()).toEqual([]);
	await fetch(host.resumeUrl(held), { method: 'POST', body: '{}' });
	expect(placesOf(takeLeaks())).toEqual([`${SECRET_TOLD} is in an answer to a caller`]);
	await host.close();
});

describe('the report of a leak', () => {
	it('is where it is, and nothing of the secret but its beginning', async () => {
		await run((key) => ({ json: { a: { [`my-${key}`]: SECRET } } }));
		const leaks = takeLeaks();
		expect(leaks.join('\n')).not.toContain(API_KEY);
		expect(leaks.join('\n')).not.toContain(SECRET);
		expect(leaks).toContain(
			`${KEY_TOLD} is in an execution: resultData.runData.Wan 2.7.0.data.main.0.0.json.a.my-rf_l…`,
		);
	});

	it('is given once: the next test begins without it', async () => {
		await run((key) => ({ json: { key } }));
		expect(takeLeaks()).not.toEqual([]);
		expect(takeLeaks()).toEqual([]);
	});
});

describe('an exception', () => {
	it('applies only to its own kind of place', async () => {
		expectSecretIn('a log line', 'this test writes it there');
		await run(function (key) {
			this.logger.info(key);
			return { json: { key } };
		});
		expect(placesOf(takeLeaks())).toEqual(IN_EXECUTION);
	});

	it('must be needed', () => {
		expectSecretIn('a log line', 'it is not');
		expect(takeLeaks()).toEqual([
			'No secret was in a log line, though it was expected there: it is not',
		]);
	});
});

it('a secret must be longer than a word', () => {
	expect(() => {
		guardSecret('apiKey', 'key');
	}).toThrow('apiKey is too short to be searched for');
});

describe('it watches over', () => {
	it.each(['jest.config.js', 'test/compat/jest.config.js'])('the tests of %s', async (config) => {
		const loaded = (await import(join(ROOT, config))) as { setupFilesAfterEnv: string[] };
		expect(loaded.setupFilesAfterEnv).toEqual(['<rootDir>/test/secrets/setUp.ts']);
	});

	it('every test: a leak fails it', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'runflow-leak-'));
		try {
			writeFileSync(
				join(folder, 'leak.test.ts'),
				`import { guardSecret } from '${join(__dirname, 'watch')}';
				beforeAll(() => { guardSecret('apiKey', 'rf_live_InATestOfItsOwn'); });
				it('leaks', () => { process.stdout.write('rf_live_InATestOfItsOwn'); });
				it('does not', () => undefined);`,
			);
			const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
			const ended = promisify(execFile)(process.execPath, [jest, '--roots', folder, '--json'], {
				cwd: ROOT,
			});
			const { stdout } = await ended.catch((error: unknown) => error as { stdout: string });
			const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
				testResults: { assertionResults: { status: string; failureMessages: string[] }[] }[];
			};
			const results = testResults.flatMap(({ assertionResults }) => assertionResults);
			expect(results.map(({ status }) => status)).toEqual(['failed', 'passed']);
			expect(results[0]?.failureMessages.join('')).toContain(
				'apiKey (rf_l…, 23 characters) is in the output',
			);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});
