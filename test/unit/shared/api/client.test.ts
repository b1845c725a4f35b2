import { setTimeout as wait } from 'node:timers/promises';

import { send, transportOptions } from '../../../../nodes/shared/api/client';
import { isAccepted, isTransient, toResult } from '../../../../nodes/shared/api/result/result';
import { readRunRecord } from '../../../../nodes/shared/api/run';

describe('an answer', () => {
	const given = { statusCode: 201, headers: { date: 'today' }, body: { id: '1' } };
	const whole = { status: 201, headers: { date: 'today' }, body: { id: '1' } };

	it.each<[string, unknown, unknown]>([
		['with status, headers and body', given, whole],
		['that was kept as an item', [{ json: given }], whole],
		['without headers', { statusCode: 204 }, { status: 204, headers: {}, body: undefined }],
		['of no status', { statusCode: '200', headers: 'no', body: 'x' }, { ...none(), body: 'x' }],
		['that is nothing', undefined, none()],
		['that is a text', 'ok', none()],
		['that is an empty list', [], none()],
	])('is read: one %s', async (_what, sent, answer) => {
		const result = await send(() => Promise.resolve(sent), { timeout: 1000 });
		expect(result.ok ? result.answer : result.error.answer).toEqual(answer);
	});

	function none() {
		return { status: 0, headers: {}, body: undefined };
	}
});

describe('a network error', () => {
	it.each<[string, unknown, string]>([
		['by its HTTP code', { httpCode: 'ECONNRESET', code: 'OTHER' }, 'ECONNRESET'],
		['by its code', { httpCode: '500', code: 'ETIMEDOUT' }, 'ETIMEDOUT'],
		['by its cause', { httpCode: 404, code: 'e1', cause: { code: 'ENOTFOUND' } }, 'ENOTFOUND'],
		['of no code', { code: 'E-1', cause: { code: 7 } }, ''],
		['of no cause', { cause: 'ECONNRESET' }, ''],
		['that is a text', 'ECONNRESET', ''],
	])('is known %s', async (_what, thrown, networkError) => {
		// What n8n throws is not always an Error.
		const result = await send(async () => await Promise.reject(thrown as Error), {
			timeout: 1000,
		});
		expect(result).toMatchObject(network(networkError));
	});
});

function network(code: string) {
	return { ok: false, error: { kind: 'network', code } };
}

describe('an answer that does not end', () => {
	it('is not waited for much longer than its headers', async () => {
		const request = async () => await new Promise(() => undefined);
		expect(await send(request, { timeout: 0.5 })).toMatchObject(network('ETIMEDOUT'));
	});

	it('is waited for longer where much is sent', async () => {
		const request = async () => await wait(1200, {});
		expect(await send(request, { timeout: -5000 })).toMatchObject(network('ETIMEDOUT'));
		expect(await send(request, { timeout: 0, bytes: 32_000 })).toMatchObject({
			error: { kind: 'refused' },
		});
	});

	it('is waited for as long as Node can, where the user wants longer', async () => {
		const answer = { statusCode: 200, headers: {}, body: 'x' };
		const request = async () => await wait(50, answer);
		expect(await send(request, { timeout: Number.MAX_SAFE_INTEGER })).toMatchObject({
			ok: true,
			value: { body: 'x' },
		});
	});
});

it.each<[number, unknown, boolean]>([
	[200, { id: 'run' }, true],
	[299, { id: 'run' }, true],
	[300, { id: 'run' }, false],
	[199, { id: 'run' }, false],
	[500, { id: 'run' }, false],
	[200, {}, false],
	[200, [{ id: 'run' }], false],
	[200, null, false],
	[200, 'run', false],
])('takes an answer %i of %j for a run: %s', (status, body, isRun) => {
	expect(toResult({ status, headers: {}, body }, readRunRecord).ok).toBe(isRun);
	expect(isAccepted(status)).toBe(status >= 200 && status < 300);
});

it.each([
	[200, true],
	[201, false],
	[401, false],
	[404, false],
	[408, true],
	[429, true],
	[499, false],
	[500, true],
	[503, true],
])('takes %i for something that passes: %s', (status, passes) => {
	expect(isTransient(status)).toBe(passes);
});

it('uses only the proxy that the user has set', () => {
	const proxy = { host: 'proxy.example', port: 8080 };
	expect(transportOptions({ baseURL: 'https://api.example' })).toEqual({});
	expect(transportOptions({ proxy, skipSslCertificateValidation: false })).toEqual({
		proxy,
		skipSslCertificateValidation: false,
	});
});
