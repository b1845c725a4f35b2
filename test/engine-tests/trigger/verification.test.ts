import type { IDataObject } from 'n8n-workflow';
import type { IncomingMessage } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';

import { post } from '../../engine/webhook';
import { until } from '../../until';
import { CALLBACK, OLD_SECRET, PARAMETERS, SECRET, signed, useTrigger } from './context';

const bench = useTrigger();

const BODY = JSON.stringify(CALLBACK);
const OTHER_BODY = changed(BODY, BODY.indexOf('1001'));
const SIGNATURE = signed(BODY)['Runflow-Signature'] ?? '';

/** One character of a text, changed into another valid one. */
function changed(text: string, at = text.length - 3): string {
	return text.slice(0, at) + (text[at] === '1' ? '2' : '1') + text.slice(at + 1);
}

function withFields(fields: IDataObject): string {
	return JSON.stringify({ ...CALLBACK, ...fields });
}

/** A request, and its expected result. `decrypted`: whether the credential had to be read. */
interface Row {
	name: string;
	body?: string | Buffer;
	headers?: Record<string, string | string[]>;
	method?: string;
	/** What the credential has; the current secret by default. */
	secrets?: string;
	acceptUnsigned?: boolean | string;
	before?: (request: IncomingMessage) => void;
	status: number;
	executions: 0 | 1;
	decrypted: boolean;
	/** What n8n's log says; nothing by default. */
	log?: RegExp;
}

const REFUSED = { executions: 0 } as const;
const TAKEN = { status: 200, executions: 1, decrypted: true } as const;
const IGNORED = { status: 200, executions: 0, decrypted: true } as const;
const BAD_FORM = { ...REFUSED, status: 401, decrypted: false, log: /64 lower-case hex/ } as const;
const MISMATCH = { ...REFUSED, status: 401, decrypted: true, log: /does not match/ } as const;

function header(value: string | string[]): Record<string, string | string[]> {
	return { 'Runflow-Signature': value };
}

const list = (value: string) => (request: IncomingMessage) => {
	request.headers['runflow-signature'] = [value];
};

function big(bytes: number): string {
	return withFields({ padding: 'x'.repeat(bytes) });
}

function gzip(body: string): Row['headers'] & object {
	return { ...signed(body), 'content-encoding': 'gzip' };
}

const NOT_JSON = '{"event": run.completed}';
const BYTES = { 'content-type': 'application/octet-stream' };
const PLAIN = { 'content-type': 'text/plain' };

const ROWS: Row[] = [
	{ name: 'valid', ...TAKEN },
	// Signature
	{
		name: 'body with one character changed',
		body: OTHER_BODY,
		headers: header(SIGNATURE),
		...MISMATCH,
	},
	{
		name: 'signature with one character changed',
		headers: header(changed(SIGNATURE)),
		...MISMATCH,
	},
	{
		name: 'secret with one character changed',
		headers: signed(BODY, changed(SECRET)),
		...MISMATCH,
	},
	{
		name: 'no signature',
		headers: {},
		...REFUSED,
		status: 401,
		decrypted: false,
		log: /is missing/,
	},
	{ name: 'empty signature', headers: header(''), ...BAD_FORM },
	{ name: 'doubled signature', headers: header([SIGNATURE, SIGNATURE]), ...BAD_FORM },
	{
		name: 'doubled signature, a wrong one first',
		headers: header([changed(SIGNATURE), SIGNATURE]),
		...BAD_FORM,
	},
	{ name: 'list of signatures', before: list(SIGNATURE), ...BAD_FORM },
	{ name: 'upper case', headers: header(SIGNATURE.toUpperCase()), ...BAD_FORM },
	{ name: 'one digit too few', headers: header(SIGNATURE.slice(1)), ...BAD_FORM },
	{ name: 'one digit too many', headers: header(`${SIGNATURE}0`), ...BAD_FORM },
	{ name: 'no hex digit', headers: header(`g${SIGNATURE.slice(1)}`), ...BAD_FORM },
	{ name: 'prefix sha256=', headers: header(`sha256=${SIGNATURE}`), ...BAD_FORM },
	{ name: 'header name in lower case', headers: { 'runflow-signature': SIGNATURE }, ...TAKEN },
	// Secrets
	{
		name: 'whsec_ is part of the key',
		headers: signed(BODY, SECRET.replace('whsec_', '')),
		...MISMATCH,
	},
	{
		name: 'old and new secret, signed with the new',
		secrets: `${OLD_SECRET}, ${SECRET}`,
		...TAKEN,
	},
	{
		name: 'old and new secret, signed with the old',
		secrets: `${OLD_SECRET},${SECRET}`,
		headers: signed(BODY, OLD_SECRET),
		...TAKEN,
	},
	{
		name: 'only the new secret, signed with the old',
		headers: signed(BODY, OLD_SECRET),
		...MISMATCH,
	},
	{ name: 'empty key', headers: signed(BODY, ''), ...MISMATCH },
	{ name: 'no secret, signed', secrets: '', ...MISMATCH, log: /no callback signing secret/ },
	{
		name: 'no secret, empty key',
		secrets: '',
		headers: signed(BODY, ''),
		...MISMATCH,
		log: /no callback signing secret/,
	},
	{
		name: 'no secret, unsigned',
		secrets: '',
		headers: {},
		...REFUSED,
		status: 401,
		decrypted: false,
		log: /is missing/,
	},
	// Unsigned callbacks accepted
	{
		name: 'accepted unsigned: no secret, unsigned',
		secrets: '',
		headers: {},
		acceptUnsigned: true,
		...TAKEN,
	},
	{ name: 'accepted unsigned: no secret, signed', secrets: '', acceptUnsigned: true, ...TAKEN },
	{
		name: 'accepted unsigned: no secret, empty signature',
		secrets: '',
		headers: header(''),
		acceptUnsigned: true,
		...BAD_FORM,
	},
	{
		name: 'accepted unsigned: secret, unsigned',
		headers: {},
		acceptUnsigned: true,
		...REFUSED,
		status: 401,
		decrypted: true,
		log: /is missing/,
	},
	{
		name: 'accepted unsigned: secret, wrong signature',
		headers: header(changed(SIGNATURE)),
		acceptUnsigned: true,
		...MISMATCH,
	},
	{ name: 'accepted unsigned: secret, signed', acceptUnsigned: true, ...TAKEN },
	{
		name: 'accepted unsigned is empty: no secret, unsigned',
		secrets: '',
		headers: {},
		acceptUnsigned: '',
		...REFUSED,
		status: 401,
		decrypted: false,
		log: /is missing/,
	},
	// Body
	{ name: 'gzip', body: gzipSync(BODY), headers: gzip(BODY), ...TAKEN },
	{ name: 'gzip, another body', body: gzipSync(OTHER_BODY), headers: gzip(BODY), ...MISMATCH },
	{ name: '5 MB', body: big(5_000_000), ...TAKEN },
	{
		name: '5 MB, unsigned',
		body: big(5_000_000),
		headers: {},
		...REFUSED,
		status: 401,
		decrypted: false,
		log: /is missing/,
	},
	{
		name: '5 MB of gzip in 5 KB',
		body: gzipSync(big(5_000_000)),
		headers: gzip(big(5_000_000)),
		...TAKEN,
	},
	{
		name: '17 MB (n8n refuses it)',
		body: big(17_000_000),
		...REFUSED,
		status: 413,
		decrypted: false,
	},
	{
		name: 'not JSON, called JSON (n8n refuses it)',
		body: NOT_JSON,
		...REFUSED,
		status: 422,
		decrypted: false,
	},
	{
		name: 'not JSON, called text',
		body: NOT_JSON,
		headers: { ...signed(NOT_JSON), ...PLAIN },
		...REFUSED,
		status: 400,
		decrypted: true,
		log: /not a JSON object/,
	},
	{
		name: 'not JSON, unsigned',
		body: NOT_JSON,
		headers: PLAIN,
		...REFUSED,
		status: 401,
		decrypted: false,
		log: /is missing/,
	},
	{
		name: 'a list',
		body: `[${BODY}]`,
		...REFUSED,
		status: 400,
		decrypted: true,
		log: /not a JSON object/,
	},
	{
		name: 'a text',
		body: '"run.completed"',
		...REFUSED,
		status: 400,
		decrypted: true,
		log: /not a JSON object/,
	},
	{
		name: 'null',
		body: 'null',
		...REFUSED,
		status: 400,
		decrypted: true,
		log: /not a JSON object/,
	},
	{ name: 'empty', body: '', ...REFUSED, status: 400, decrypted: true, log: /not a JSON object/ },
	{
		name: 'multipart (n8n keeps no bytes of it)',
		headers: { ...signed(BODY), 'content-type': 'multipart/form-data' },
		...REFUSED,
		status: 400,
		decrypted: false,
		log: /could not be read/,
	},
	{ name: 'JSON called bytes', headers: { ...signed(BODY), ...BYTES }, ...TAKEN },
	{
		name: 'JSON called bytes, gzip',
		body: gzipSync(BODY),
		headers: { ...gzip(BODY), ...BYTES },
		...TAKEN,
	},
	{ name: 'JSON called nothing', headers: { ...signed(BODY), 'content-type': '' }, ...TAKEN },
	{
		name: 'bytes, unsigned',
		headers: BYTES,
		...REFUSED,
		status: 401,
		decrypted: false,
		log: /missing/,
	},
	{
		name: '5 MB of bytes',
		body: big(5_000_000),
		headers: { ...signed(big(5_000_000)), ...BYTES },
		...TAKEN,
	},
	{
		name: '17 MB of bytes',
		body: big(17_000_000),
		headers: { ...signed(big(17_000_000)), ...BYTES },
		...REFUSED,
		status: 413,
		decrypted: false,
		log: /longer than n8n accepts \(its limit is N8N_PAYLOAD_SIZE_MAX, 16 MiB by default\)/,
	},
	{
		name: '17 MB of bytes in 17 KB of gzip',
		body: gzipSync(big(17_000_000)),
		headers: { ...gzip(big(17_000_000)), ...BYTES },
		...REFUSED,
		status: 413,
		decrypted: false,
		log: /longer than n8n accepts/,
	},
	{
		name: 'no event',
		body: withFields({ event: null }),
		...REFUSED,
		status: 400,
		decrypted: true,
		log: /names no event/,
	},
	{ name: 'JSON called text', headers: { ...signed(BODY), ...PLAIN }, ...TAKEN },
	{ name: 'GET (n8n takes POST only)', method: 'GET', ...REFUSED, status: 404, decrypted: false },
	// What it says
	{
		name: 'unknown event',
		body: withFields({ event: 'run.paused' }),
		...IGNORED,
		log: /does not know the event "run.paused"/,
	},
	{
		name: 'event of another kind',
		body: withFields({ event: 'constructor' }),
		...IGNORED,
		log: /does not know/,
	},
	{
		name: 'unknown fields',
		body: withFields({ model: 'alibaba/wan', nested: { a: [1] } }),
		...TAKEN,
	},
	{
		name: 'run.cancelled, cancelled',
		body: withFields({ event: 'run.cancelled', status: 'cancelled', output: null }),
		...TAKEN,
	},
	{
		name: 'run.cancelled, canceled',
		body: withFields({ event: 'run.cancelled', status: 'canceled', output: null }),
		...TAKEN,
	},
	{
		name: 'run.canceled',
		body: withFields({ event: 'run.canceled', status: 'canceled', output: null }),
		...TAKEN,
	},
	{
		name: 'null output',
		body: withFields({ event: 'run.failed', status: 'failed', output: null }),
		...TAKEN,
	},
	{
		name: 'error envelope as output',
		body: withFields({
			event: 'run.failed',
			status: 'failed',
			output: { code: 'X', message: 'No', errors: null },
		}),
		...TAKEN,
	},
	{
		name: 'partial success',
		body: withFields({ event: 'run.partial_succeeded', status: 'partial_succeeded' }),
		...TAKEN,
	},
	{
		name: 'batch',
		body: JSON.stringify({
			event: 'batch.succeeded',
			batch_id: 'b1',
			status: 'succeeded',
			output: { total: 2 },
		}),
		...TAKEN,
	},
];

/** Filled in by the tests, for the eye: `npx jest verification --verbose=false` prints it at the end. */
const table: string[] = [];

describe('a request', () => {
	it.each(ROWS.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
		const { host } = bench;
		const body = row.body ?? BODY;
		host.parameters = { ...PARAMETERS, acceptUnsigned: row.acceptUnsigned ?? false };
		host.credential = { ...host.credential, callbackSecrets: row.secrets ?? SECRET };
		if (row.before) host.before = row.before;
		const answer = await post(host.url, body, row.headers ?? signed(body), row.method);

		table.push(`${row.name.padEnd(48)} ${answer.status}  ${host.executions.length}`);
		expect({ status: answer.status, executions: host.executions.length }).toEqual({
			status: row.status,
			executions: row.executions,
		});
		expect(host.decryptions() > 0).toBe(row.decrypted);
		if (row.executions === 1) {
			const isPacked = row.headers?.['content-encoding'] === 'gzip';
			const sent = (isPacked ? gunzipSync(body) : body).toString();
			expect(host.executions[0]?.items).toEqual([
				{ json: JSON.parse(sent) as unknown, pairedItem: { item: 0 } },
			]);
		}
		expect(host.logs).toEqual(
			row.log === undefined ? [] : [expect.stringMatching(row.log) as unknown],
		);
		for (const words of [...host.logs, answer.text]) {
			expect(words).not.toContain(SECRET);
			expect(words).not.toContain(signed(body)['Runflow-Signature']);
			expect(words).not.toMatch(/\n| at /);
		}
		expect(Object.keys(answer.json as object)).toEqual(['message']);
	});

	afterAll(() => {
		if (process.env.VECTORS !== undefined) process.stdout.write(`${table.join('\n')}\n`);
	});
});

describe('where n8n itself fails', () => {
	it('answers 500 and starts nothing when there is no credential', async () => {
		bench.host.credential = undefined;
		const answer = await bench.send(CALLBACK);
		expect(answer).toMatchObject({
			status: 500,
			json: { message: 'The callback could not be processed' },
		});
		expect(bench.host.executions).toEqual([]);
		expect(bench.host.logs).toEqual([expect.stringContaining('No credential of type runflowApi')]);
	});

	it('answers 500 and starts nothing when an expression cannot be evaluated', async () => {
		bench.host.parameters = { ...PARAMETERS, events: '={{ $("Nowhere").all() }}' };
		const answer = await bench.send(CALLBACK);
		expect(answer.status).toBe(500);
		expect(answer.text).not.toContain('Nowhere');
		expect(bench.host.executions).toEqual([]);
	});

	it('takes the next attempt when the execution could not be made', async () => {
		let failures = 1;
		bench.host.creating = async () => {
			await Promise.resolve();
			if (failures-- > 0) throw new Error('database is locked');
		};
		expect((await bench.send(CALLBACK)).status).toBe(500);
		expect((await bench.send(CALLBACK)).status).toBe(200);
		expect(bench.host.executions).toHaveLength(1);
	});
});

it('decrypts the credential once for callbacks that come together, and again for the next', async () => {
	const { host } = bench;
	const bodies = Array.from({ length: 20 }, (_, index) => ({
		...CALLBACK,
		run_id: `run-${index}`,
	}));
	let came = 0;
	host.before = () => {
		came += 1;
	};
	host.decrypting = async () => {
		await until(() => came >= bodies.length);
	};
	const answers = await Promise.all(bodies.map(async (body) => await bench.send(body)));
	expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200));
	expect(host.executions).toHaveLength(20);
	expect(host.decryptions()).toBe(1);

	host.decrypting = async () => {
		await Promise.resolve();
	};
	host.credential = { ...host.credential, callbackSecrets: OLD_SECRET };
	expect((await bench.send({ ...CALLBACK, run_id: 'run-20' })).status).toBe(401);
	expect(host.decryptions()).toBe(2);
});

it('logs only the beginning of an unknown event', async () => {
	await bench.send({ ...CALLBACK, event: 'x'.repeat(900_000) });
	expect(bench.host.logs).toEqual([expect.stringMatching(/know the event "x{100}"$/) as unknown]);
});

it('evaluates expressions of the options only after the signature is verified', async () => {
	const entry = [{ name: 'order', value: '={{ nope( }}' }];
	bench.host.parameters = { ...PARAMETERS, options: { metadata: { entry } } };
	const body = JSON.stringify(CALLBACK);
	expect((await post(bench.host.url, body)).status).toBe(401);
	expect((await post(bench.host.url, body, signed(body, OLD_SECRET))).status).toBe(401);
	expect((await bench.send(body)).status).toBe(500);
});
