import type { IHttpRequestOptions } from 'n8n-workflow';

import { bodyValue, setBodyValue } from '../../../../nodes/shared/properties/body';
import { EXTRA, mergeExtras } from '../../../../nodes/shared/properties/extras';

function request(body?: IHttpRequestOptions['body']): IHttpRequestOptions {
	return { url: '/', ...(body === undefined ? {} : { body }) };
}

describe('a value of the body', () => {
	it.each<[string, IHttpRequestOptions['body'] | undefined, unknown]>([
		['is read at its path', { input: { seed: 7 } }, 7],
		['is not there without the level', { seed: 7 }, undefined],
		['is not there in something else', { input: 'seed' }, undefined],
		['is not there without a body', undefined, undefined],
		['is not there in a list', [{ seed: 7 }], undefined],
	])('%s', (_what, body, value) => {
		expect(bodyValue(request(body), 'input.seed')).toBe(value);
	});

	it.each<[string, IHttpRequestOptions['body'] | undefined, unknown, unknown]>([
		['beside others', { a: 1, input: { b: 2 } }, 7, { a: 1, input: { b: 2, seed: 7 } }],
		['with the levels that it takes', undefined, 7, { input: { seed: 7 } }],
		['in place of what is no level', { input: 'x' }, 7, { input: { seed: 7 } }],
		['in place of what is no body', 'x', 7, { input: { seed: 7 } }],
		['and taken out', { input: { seed: 7, b: 2 } }, undefined, { input: { b: 2 } }],
	])('is put there %s', (_what, body, value, then) => {
		const changed = request(body);
		setBodyValue(changed, 'input.seed', value);
		expect(changed.body).toEqual(then);
	});

	it('is put there at the top', () => {
		const changed = request({ a: 1 });
		setBodyValue(changed, 'metadata', { b: 2 });
		expect(changed.body).toEqual({ a: 1, metadata: { b: 2 } });
	});
});

describe('extras', () => {
	it('go where they belong: additional input over the input, pairs over JSON', () => {
		const gathered = request({
			input: { prompt: 'a', seed: 1 },
			metadata: { order: '2', from: 'pairs' },
			[EXTRA.additionalInput]: { seed: 2, new_field: true },
			[EXTRA.metadataJson]: { order: 1, other: null },
			[EXTRA.idempotencyKey]: 'order-1',
		});
		expect(mergeExtras(gathered)).toBe('order-1');
		expect(gathered.body).toEqual({
			input: { prompt: 'a', seed: 2, new_field: true },
			metadata: { order: '2', from: 'pairs', other: null },
		});
	});

	it.each<[string, Record<string, string | object>, object]>([
		['none', {}, { input: {} }],
		['input alone', { input: { a: 1 } }, { input: { a: 1 } }],
		['additional input alone', { [EXTRA.additionalInput]: { b: 1 } }, { input: { b: 1 } }],
		['pairs alone', { metadata: { a: 1 } }, { input: {}, metadata: { a: 1 } }],
		['JSON alone', { [EXTRA.metadataJson]: { a: 1 } }, { input: {}, metadata: { a: 1 } }],
		['what is none', { [EXTRA.additionalInput]: 'x', [EXTRA.metadataJson]: [1] }, { input: {} }],
	])('may be missing: %s', (_what, body, then) => {
		const gathered = request(body);
		expect(mergeExtras(gathered)).toBeUndefined();
		expect(gathered.body).toEqual(then);
	});

	it('never give a key that is not text', () => {
		const gathered = request({ [EXTRA.idempotencyKey]: 7 });
		expect(mergeExtras(gathered)).toBeUndefined();
		expect(gathered.body).toEqual({ input: {} });
	});
});
