import type { IHttpRequestOptions } from 'n8n-workflow';

import { isObject } from '../values/json';

/** The value at a dotted path of the request body, such as `input.seed`. */
export function bodyValue(request: IHttpRequestOptions, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((level, key) => (isObject(level) ? level[key] : undefined), request.body);
}

/** Puts a value at a dotted path of the request body, or takes it out where it is undefined. */
export function setBodyValue(request: IHttpRequestOptions, path: string, value: unknown): void {
	const keys = path.split('.');
	const last = keys.pop() ?? path;
	let level = isObject(request.body) ? request.body : {};
	request.body = level;
	for (const key of keys) {
		const next = isObject(level[key]) ? level[key] : {};
		level[key] = next;
		level = next;
	}
	if (value === undefined) Reflect.deleteProperty(level, last);
	else level[last] = value;
}
