import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { INodeParameters } from 'n8n-workflow';

import { selfSigned } from '../../descriptions/selfSigned';
import { createEngine } from '../../engine/engine';
import { AFTER, FAILED, images, WAN, wanWorkflow } from '../../engine/workflows';
import type { Fault } from '../../sandbox';
import type { Json } from '../../sandbox/json';
import { useBench } from '../context';

const bench = useBench();

const parameters: INodeParameters = {
	operation: 'proEdit',
	completion: 'immediately',
	prompt: '={{ $json.prompt ?? "Make it blue" }}',
	images: images('https://example.com/1.png'),
};

const CREATE = { method: 'POST', path: '/v1/models/alibaba/wan/v2.7/pro/edit/runs' };
const NOT_STARTED = 'No run was started.';
const MAYBE_STARTED = 'It is not known whether the run was started.';

function answer(status: number, code: string, message: string, headers = {}): Fault {
	return { match: CREATE, kind: 'status', status, body: { code, message, errors: null }, headers };
}

const FOREIGN = 'Something between n8n and Runflow answered with HTTP status';

/** The page of something else on the way. */
function page(status: number, title: string): Fault {
	const body = `<html><head><title>${title}</title></head><body>${'x'.repeat(5000)}</body></html>`;
	return { match: CREATE, kind: 'status', status, body, headers: { 'content-type': 'text/html' } };
}

function unnamed(status: number, body: Json): Fault {
	return { match: CREATE, kind: 'status', status, body };
}

/** An answer of Runflow's, its own words in the message, and the advice to the user. */
const REFUSED: [string, Fault, string, string[]][] = [
	[
		'400',
		answer(400, 'BAD_REQUEST', 'Malformed body'),
		'Malformed body',
		['Check the parameters', NOT_STARTED],
	],
	[
		'401',
		answer(401, 'UNAUTHORIZED', 'Invalid API key'),
		'Invalid API key',
		['paste a valid key', NOT_STARTED],
	],
	[
		'402',
		answer(402, 'INSUFFICIENT_CREDIT', 'Out of credit'),
		'Out of credit',
		['Add credit', NOT_STARTED, 'Code: INSUFFICIENT_CREDIT'],
	],
	[
		'403 scope',
		answer(403, 'PERMISSION_DENIED', 'Missing scope'),
		'Missing scope',
		['lacks a scope', 'runs:create', NOT_STARTED],
	],
	[
		'403 email',
		answer(403, 'EMAIL_NOT_VERIFIED', 'Verify first'),
		'Verify first',
		['Verify the email address', NOT_STARTED],
	],
	[
		'403 organization',
		answer(403, 'ORGANIZATION_MEMBERSHIP_REQUIRED', 'Not a member'),
		'Not a member',
		['Organization ID', NOT_STARTED],
	],
	['404', answer(404, 'NOT_FOUND', 'No such model'), 'No such model', ['Base URL', NOT_STARTED]],
	['409', answer(409, 'CONFLICT', 'Key reused'), 'Key reused', ['Idempotency Key']],
	[
		'429',
		answer(429, 'RATE_LIMITED', 'Slow down', { 'retry-after': '7' }),
		'Slow down',
		['wait 7 seconds', 'Batching', NOT_STARTED],
	],
	[
		'429 without Retry-After',
		answer(429, 'RATE_LIMITED', 'Slow down'),
		'Slow down',
		['Wait a moment', NOT_STARTED],
	],
	['500', answer(500, 'INTERNAL', 'Oops'), 'Oops', [MAYBE_STARTED]],
	[
		'502 with a page',
		{ match: CREATE, kind: 'html', status: 502 },
		`${FOREIGN} 502`,
		[MAYBE_STARTED, 'Its answer: Just a moment'],
	],
	[
		'a proxy that wants a password',
		page(407, 'Proxy Authentication Required'),
		`${FOREIGN} 407`,
		['requires a user name', NOT_STARTED, 'Its answer: Proxy Authentication Required'],
	],
	[
		'a filter’s 403',
		page(403, 'Blocked by policy'),
		`${FOREIGN} 403`,
		['Base URL', 'filter', MAYBE_STARTED, 'Its answer: Blocked by policy'],
	],
	[
		'a gateway’s 402',
		page(402, 'Plan exceeded'),
		`${FOREIGN} 402`,
		['gateway', NOT_STARTED, 'Its answer: Plan exceeded'],
	],
	[
		'a gateway’s JSON',
		{ match: CREATE, kind: 'status', status: 401, body: { message: 'No API key found' } },
		`${FOREIGN} 401`,
		['gateway', NOT_STARTED, 'Its answer: {"message":"No API key found"}'],
	],
	[
		'a limit of the gateway',
		page(429, 'Slow down'),
		`${FOREIGN} 429`,
		['Batching', NOT_STARTED, 'Its answer: Slow down'],
	],
	[
		'422 with FastAPI’s detail',
		unnamed(422, { detail: [{ loc: ['body', 'input', 'seed'], msg: 'too large' }] }),
		'Runflow answered with HTTP status 422',
		['Correct what is listed here.', '• input.seed: too large', NOT_STARTED],
	],
	[
		'422 with a map of fields',
		unnamed(422, { message: 'Invalid', errors: { seed: ['too large'], prompt: 'missing' } }),
		'Invalid',
		['• seed: too large', '• prompt: missing', NOT_STARTED],
	],
	[
		'422 of no known form',
		unnamed(422, { code: 'V', message: 'Invalid', errors: { count: 3 } }),
		'Invalid',
		['Correct what Runflow reports.', 'The answer says: {"errors":{"count":3}}', NOT_STARTED],
	],
	[
		'422 with a text',
		unnamed(422, 'seed is too large'),
		`${FOREIGN} 422`,
		['Its answer: seed is too large', NOT_STARTED],
	],
	[
		'503',
		answer(503, 'MODEL_UNAVAILABLE', 'Provider down'),
		'Provider down',
		['Try again in a few minutes', NOT_STARTED],
	],
	[
		'a redirect',
		{ match: CREATE, kind: 'redirect', location: 'https://elsewhere.example/' },
		`${FOREIGN} 302`,
		['https://elsewhere.example/', 'not sent there', NOT_STARTED],
	],
	[
		'a page instead of JSON',
		{ match: CREATE, kind: 'html', status: 200 },
		`${FOREIGN} 200`,
		['Base URL', MAYBE_STARTED, 'Its answer: Just a moment'],
	],
	[
		'JSON that is no run',
		{ match: CREATE, kind: 'status', status: 200, body: [1] },
		"Runflow's answer could not be read as a run (HTTP status 200)",
		[MAYBE_STARTED],
	],
	[
		'an empty answer',
		{ match: CREATE, kind: 'empty' },
		"Runflow's answer could not be read as a run",
		[MAYBE_STARTED],
	],
	[
		'the connection closed before',
		{ match: CREATE, kind: 'reset-before' },
		'Runflow did not answer',
		[MAYBE_STARTED, 'Network error: ECONNRESET'],
	],
	[
		'the connection closed after',
		{ match: CREATE, kind: 'reset-after' },
		'Runflow did not answer',
		[MAYBE_STARTED, 'Network error: ECONNRESET'],
	],
];

describe('what Runflow refuses', () => {
	it.each(REFUSED)('%s', async (_case, fault, message, advice) => {
		bench.sandbox.addFault(fault);
		// A run that may have been started is looked up, which is not allowed here.
		bench.sandbox.addFault({ match: { method: 'GET' }, kind: 'status', status: 403 });
		const outcome = await bench.run(parameters);
		expect(outcome.error?.name).toBe('NodeApiError');
		expect(outcome.error?.message).toContain(message);
		expect(outcome.error?.message).toMatch(/ \[item 0\]$/);
		for (const words of advice) expect(outcome.error?.description).toContain(words);
		expect(bench.sandbox.posts()).toHaveLength(1);
	});

	it('422 lists every field, with the code and the request id', async () => {
		const outcome = await bench.run({
			...parameters,
			options: { additionalInput: '{"seed": "x", "unheard_of": 1}' },
		});
		const { description } = outcome.error ?? {};
		expect(description).toContain('• input.seed: ');
		expect(description).toContain('• input.unheard_of: ');
		expect(description).toContain(NOT_STARTED);
		expect(description).toContain('Code: VALIDATION_ERROR');
		expect(description).toMatch(/Request ID: [0-9a-f-]{36}/);
		expect(outcome.error).toMatchObject({ httpCode: '422', context: { code: 'VALIDATION_ERROR' } });
	});

	it('the key of another account', async () => {
		const engine = await createEngine({
			runflowApi: { apiKey: 'rf_live_wrong', baseUrl: bench.sandbox.url },
		});
		const outcome = await engine.run(wanWorkflow(parameters));
		expect(outcome.error).toMatchObject({ name: 'NodeApiError', httpCode: '401' });
		expect(outcome.error?.description).toContain('Open the Runflow API credential');
		expect(JSON.stringify(outcome.error)).not.toContain('rf_live_wrong');
	});

	it('a body that is too large', async () => {
		bench.sandbox.configure({ jsonBodyLimitBytes: 2000 });
		const image = `data:image/png;base64,${'A'.repeat(4000)}`;
		const outcome = await bench.run({ ...parameters, images: images(image) });
		expect(outcome.error).toMatchObject({ httpCode: '413' });
		expect(outcome.error?.message).toBe('The request body is too large. [item 0]');
		expect(outcome.error?.description).toContain(NOT_STARTED);
		expect(bench.sandbox.acceptedRuns()).toEqual([]);
	});

	it('quotes a long answer in part', async () => {
		bench.sandbox.addFault(answer(400, 'X', 'y'.repeat(5000)));
		const outcome = await bench.run(parameters);
		expect(outcome.error?.message.length).toBeLessThan(350);
	});
});

describe('what is never sent', () => {
	const servers: Server[] = [];

	afterEach(() => {
		for (const server of servers.splice(0)) server.close();
	});

	async function listen(server: Server): Promise<string> {
		servers.push(server);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return `127.0.0.1:${(server.address() as AddressInfo).port}`;
	}

	/** A server that answers the first bytes so, and hangs up. */
	async function answering(bytes: number[]): Promise<string> {
		const server = createServer((socket) => {
			socket.on('error', () => undefined);
			socket.on('data', () => socket.end(Buffer.from(bytes)));
		});
		return await listen(server);
	}

	const unreachable = 'Runflow could not be reached';
	const FATAL_ALERT = [0x15, 3, 3, 0, 2, 2];

	it.each<[string, () => Promise<string> | string, string, string]>([
		['a closed port', () => 'http://127.0.0.1:9', unreachable, 'ECONNREFUSED'],
		['no way there', () => 'http://255.255.255.255', unreachable, 'ENETUNREACH'],
		[
			'https where http is spoken',
			() => bench.sandbox.url.replace('http:', 'https:'),
			`${unreachable}: no encrypted connection could be established`,
			'EPROTO',
		],
		[
			'a handshake that is refused',
			async () => `https://${await answering([...FATAL_ALERT, 40])}`,
			`${unreachable}: no encrypted connection could be established`,
			'EPROTO',
		],
		[
			'a handshake that is cut off',
			async () => `https://${await answering([])}`,
			unreachable,
			'ECONNRESET',
		],
		['another scheme', () => 'ftp://127.0.0.1:9', 'must start with https://', 'ERR_INVALID_URL'],
		['no scheme', () => 'api.runflow.example', 'must start with https://', 'ERR_INVALID_URL'],
		[
			'a certificate that nobody trusts',
			async () => `https://${await listen(createHttpsServer(selfSigned()))}`,
			'Ignore SSL Issues (Insecure)',
			'DEPTH_ZERO_SELF_SIGNED_CERT',
		],
	])('%s', async (_case, baseUrl, words, code) => {
		const engine = await createEngine({
			runflowApi: { apiKey: 'rf_live_x', baseUrl: await baseUrl() },
		});
		const { error } = await engine.run(wanWorkflow(parameters));
		expect(`${error?.message} ${error?.description}`).toContain(words);
		expect(error?.message).toContain(unreachable);
		expect(error?.description).toContain(`${NOT_STARTED}\nNetwork error: ${code}`);
	});

	it.each([
		['rf_live_ключ', 'has "к" in it, at position 9'],
		['rf_live\u0007', 'in it, at position 8'],
		[' ', 'is empty'],
	])('an API key such as %j', async (apiKey, words) => {
		const engine = await createEngine({ runflowApi: { apiKey, baseUrl: bench.sandbox.url } });
		const { error } = await engine.run(wanWorkflow(parameters));
		expect(error?.message).toContain('The API Key in the Runflow API credential');
		expect(error?.message).toContain(words);
		expect(error?.description).toContain(NOT_STARTED);
		expect(bench.sandbox.requests).toEqual([]);
	});

	it.each(['Bearer ', '"', '\u200B', 'Authorization: Bearer '])(
		'%j before the API key',
		async (before) => {
			const { apiKey, url: baseUrl } = bench.sandbox;
			const engine = await createEngine({
				runflowApi: { apiKey: `${before}${apiKey}${before === '"' ? '"' : ''}`, baseUrl },
			});
			expect((await engine.run(wanWorkflow(parameters))).error).toBeUndefined();
		},
	);
});

it('sends a failed item to the error output, with links and details', async () => {
	bench.sandbox.addFault({
		...answer(402, 'INSUFFICIENT_CREDIT', 'Out of credit'),
		match: { ...CREATE, nth: 2 },
	});
	const outcome = await bench.run(parameters, [{ prompt: 'a' }, { prompt: 'b' }, { prompt: 'c' }], {
		onError: 'continueErrorOutput',
	});
	const failed = outcome.items(WAN, 1);
	expect(failed).toHaveLength(1);
	expect(failed[0]?.json).toMatchObject({
		error: {
			message: expect.stringMatching(/^Out of credit \[item [012]\]$/) as string,
			description: expect.stringContaining('Add credit') as string,
			httpCode: '402',
			code: 'INSUFFICIENT_CREDIT',
			requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
			runId: null,
		},
	});
	const links = [...outcome.items(WAN, 0), ...failed].map(({ pairedItem }) => pairedItem);
	expect(links).toEqual(expect.arrayContaining([{ item: 0 }, { item: 1 }, { item: 2 }]));
	expect(outcome.items(AFTER)).toHaveLength(2);
	expect(outcome.items(FAILED)).toHaveLength(1);
});
