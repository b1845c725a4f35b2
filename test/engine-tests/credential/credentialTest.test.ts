import { CredentialTestContext } from 'n8n-core';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type {
	ICredentialDataDecryptedObject,
	INodeCredentialTestResult,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { selfSigned } from '../../descriptions/selfSigned';
import { createEngine } from '../../engine/engine';
import { loadPackage, type LoadedPackage } from '../../engine/package';
import { wanWorkflow } from '../../engine/workflows';
import type { Fault } from '../../sandbox';
import { useBench } from '../context';

const bench = useBench();
let loaded: LoadedPackage;

beforeAll(async () => {
	loaded = await loadPackage();
});

/** What n8n does: the first node with the credential tests it, as its description names the test. */
async function test(
	data: ICredentialDataDecryptedObject,
	node = 'n8n-nodes-runflow.wan27',
): Promise<INodeCredentialTestResult> {
	const { methods, description } = loaded.nodes[node] ?? {};
	const testedBy = description?.credentials?.[0]?.testedBy;
	const run = typeof testedBy === 'string' ? methods?.credentialTest?.[testedBy] : undefined;
	if (run === undefined) throw new Error(`${node} does not test the credential`);
	const context = new CredentialTestContext({} as IWorkflowExecuteAdditionalData);
	return await run.call(context, { id: '1', name: 'Runflow', type: 'runflowApi', data });
}

function credential(data: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject {
	return { apiKey: bench.sandbox.apiKey, baseUrl: bench.sandbox.url, organizationId: '', ...data };
}

/** The key that the API has been sent. */
function sentKey(): string | undefined {
	const [request, ...more] = bench.sandbox.requests;
	expect(more).toEqual([]);
	expect(request).toMatchObject({ method: 'GET', path: '/v1/auth/me' });
	return request?.headers.authorization;
}

const OK = { status: 'OK', message: 'Connection successful!' };

it.each(['wan27', 'runflow', 'runflowTrigger'])('says that a right key works: %s', async (node) => {
	expect(await test(credential(), `n8n-nodes-runflow.${node}`)).toEqual(OK);
	expect(sentKey()).toBe(`Bearer ${bench.sandbox.apiKey}`);
});

it.each<[string, (data: { apiKey: string; baseUrl: string }) => ICredentialDataDecryptedObject]>([
	['Bearer before the key', ({ apiKey }) => ({ apiKey: `Bearer ${apiKey}` })],
	['quotes around the key', ({ apiKey }) => ({ apiKey: `"${apiKey}"` })],
	['a slash behind the address', ({ baseUrl }) => ({ baseUrl: `${baseUrl}/` })],
	['spaces around the address', ({ baseUrl }) => ({ baseUrl: ` ${baseUrl} ` })],
	['invisible characters around the address', ({ baseUrl }) => ({ baseUrl: around(baseUrl) })],
])('takes %s', async (_what, change) => {
	const { apiKey, url: baseUrl } = bench.sandbox;
	expect(await test(credential(change({ apiKey, baseUrl })))).toEqual(OK);
	expect(sentKey()).toBe(`Bearer ${apiKey}`);
});

function around(address: string): string {
	return `\u200b\ufeff${address}\u2060\u00a0`;
}

it('lets the nodes run with invisible characters around the address', async () => {
	const { apiKey, url } = bench.sandbox;
	const engine = await createEngine({ runflowApi: { apiKey, baseUrl: around(url) } });
	const prompt = { operation: 'textToVideo', prompt: 'A shoe turns' };
	const outcome = await engine.run(wanWorkflow({ ...prompt, completion: 'immediately' }));
	expect(outcome.error).toBeUndefined();
	expect(bench.sandbox.acceptedRuns()).toHaveLength(1);
});

/** One answer in place of the account. */
function answer(status: number, body: unknown, headers: Record<string, string> = {}): Fault {
	return { kind: 'status', status, body: body as never, headers };
}

const PUBLIC = 'The public one is https://api.runflow.io';
const PAGE = '<html><head><title>My shop</title></head><body>Hello</body></html>';
const WRONG = `The Base URL does not lead to the Runflow API. ${PUBLIC}`;

it.each<[string, Fault, string]>([
	['a web app', answer(200, PAGE), `${WRONG}. It answered: My shop`],
	['an object without an account', answer(200, {}), `${WRONG}. It answered with HTTP status 200`],
	['an empty list', answer(200, []), `${WRONG}. It answered with HTTP status 200`],
	['a list', answer(200, [{ id: '1' }]), `${WRONG}. It answered: [{"id":"1"}]`],
	['nothing', answer(204, ''), `${WRONG}. It answered with HTTP status 204`],
	['another API', answer(200, { ok: true }), `${WRONG}. It answered: {"ok":true}`],
	[
		'an unknown key',
		answer(401, { code: 'UNAUTHORIZED', message: 'm' }),
		'Runflow does not know this API key. Copy it again',
	],
	[
		'an account that is refused',
		answer(403, { code: 'EMAIL_NOT_VERIFIED', message: 'm' }),
		'Runflow knows this API key but refuses it.',
	],
	['another refusal', answer(429, { code: 'RATE_LIMITED', message: 'Slow' }), 'answered: Slow'],
	['a page that is not there', answer(404, PAGE), `${WRONG}. Its answer: My shop`],
	[
		'a filter',
		answer(403, PAGE),
		'Something between n8n and Runflow answered with HTTP status 403.',
	],
	['a proxy', answer(407, PAGE), 'The proxy requires a user name and password.'],
	[
		'a gateway',
		answer(502, PAGE),
		'Something between n8n and Runflow answered with HTTP status 502.',
	],
])('says what to change where %s answers', async (_what, fault, words) => {
	bench.sandbox.addFault(fault);
	const result = await test(credential());
	expect(result.status).toBe('Error');
	expect(result.message).toContain(words);
	expect(bench.sandbox.requests).toHaveLength(1);
});

it.each([301, 302, 303, 307, 308])(
	'is tested without following redirects, which would take the key along: %d',
	async (status) => {
		const location = `${bench.sandbox.storageUrl}/v1/auth/me`;
		bench.sandbox.addFault({ kind: 'redirect', location, status });
		const { message } = await test(credential());
		expect(message).toContain(`it redirects to another address (${location})`);
		expect(message).toContain('Check the Base URL');
		expect(bench.sandbox.requests).toHaveLength(1);
	},
);

it('says that /v1 does not belong to the address', async () => {
	expect(await test(credential({ baseUrl: `${bench.sandbox.url}/v1` }))).toEqual({
		status: 'Error',
		message: `${WRONG}, without /v1 at its end.`,
	});
});

it.each<[ICredentialDataDecryptedObject, string]>([
	[
		{ baseUrl: 'api.runflow.io' },
		'The Base URL must start with https://. Try https://api.runflow.io',
	],
	[{ baseUrl: 'ftp://api.runflow.io' }, 'It must start with https://'],
	[{ baseUrl: 'https//api.runflow.io' }, 'It must start with https://'],
	[{ baseUrl: 'two words' }, 'It must start with https://'],
	[{ baseUrl: '' }, `The Base URL is empty. ${PUBLIC}`],
	[{ apiKey: 'rf_live_ключ' }, 'The API Key in the Runflow API credential has "к" in it'],
	[{ apiKey: ' ' }, 'The API Key in the Runflow API credential is empty'],
	[
		{ organizationId: 'a b' },
		'The Organization ID in the Runflow API credential has a space in it',
	],
])('sends nothing where the credential has %j', async (data, words) => {
	const result = await test(credential(data));
	expect(result.status).toBe('Error');
	expect(result.message).toContain(words);
	expect(bench.sandbox.requests).toEqual([]);
});

describe('what cannot be reached', () => {
	const servers: Server[] = [];

	afterEach(() => {
		for (const server of servers.splice(0)) server.close();
	});

	async function listen(server: Server): Promise<string> {
		servers.push(server);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return `127.0.0.1:${(server.address() as AddressInfo).port}`;
	}

	it.each<[string, () => Promise<string> | string, string[]]>([
		[
			'a closed port',
			() => 'http://127.0.0.1:9',
			['Runflow could not be reached.', 'Check the Base URL', 'proxy', 'ECONNREFUSED'],
		],
		[
			'https where http is spoken',
			() => bench.sandbox.url.replace('http:', 'https:'),
			['no encrypted connection could be established', 'has the right port'],
		],
		[
			'a certificate that nobody trusts',
			async () => `https://${await listen(createHttpsServer(selfSigned()))}`,
			['its certificate is not trusted', 'NODE_EXTRA_CA_CERTS'],
		],
		[
			'a server that hangs up',
			async () => `http://${await listen(createServer((socket) => socket.destroy()))}`,
			['Runflow did not answer'],
		],
	])('%s', async (_what, baseUrl, words) => {
		const result = await test(credential({ apiKey: 'rf_live_other', baseUrl: await baseUrl() }));
		expect(result.status).toBe('Error');
		for (const part of words) expect(result.message).toContain(part);
		expect(result.message).not.toContain('Ignore SSL Issues');
	});
});
