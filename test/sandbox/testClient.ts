import { isJsonObject, parseJson, type Json, type JsonObject } from './json';
import type { Sandbox } from './index';

export const PRO_EDIT_PATH = '/v1/models/alibaba/wan/v2.7/pro/edit/runs';
export const VIDEO_PATH = '/v1/models/alibaba/wan/v2.7/image-to-video/runs';

/** An answer, read whole. */
export interface Reply {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
	readonly json: Json | undefined;
}

export interface Sending {
	readonly method?: string;
	/** Sent as JSON. */
	readonly body?: Json;
	readonly headers?: Readonly<Record<string, string>>;
}

/**
 * In: a sandbox, a path and what to send (the sandbox's key and JSON by default). Out: the answer.
 */
export async function call(sandbox: Sandbox, path: string, sending: Sending = {}): Promise<Reply> {
	const { method = sending.body === undefined ? 'GET' : 'POST', body, headers } = sending;
	const response = await fetch(`${sandbox.url}${path}`, {
		method,
		headers: {
			authorization: `Bearer ${sandbox.apiKey}`,
			'content-type': 'application/json',
			// On a busy machine an idle connection may be closed just as it is used again.
			connection: 'close',
			...headers,
		},
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	return { status: response.status, headers: response.headers, text, json: parseJson(text) };
}

/**
 * In: a sandbox and what to change about a call that is good as it is. Out: the answer to a Pro Edit create call.
 */
export async function createEdit(
	sandbox: Sandbox,
	input: JsonObject = {},
	rest: JsonObject = {},
	headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
	const good = { prompt: 'Put it on a beach', image_urls: [sandbox.sampleUrl('sneaker.png')] };
	return await call(sandbox, PRO_EDIT_PATH, {
		body: { input: { ...good, ...input }, ...rest },
		headers,
	});
}

/**
 * In: a sandbox and an input beside the picture. Out: the answer to an Image to Video create call.
 */
export async function createVideo(
	sandbox: Sandbox,
	input: JsonObject = {},
	rest: JsonObject = {},
): Promise<Reply> {
	const good = { image_url: sandbox.sampleUrl('sneaker.png') };
	return await call(sandbox, VIDEO_PATH, { body: { input: { ...good, ...input }, ...rest } });
}

/**
 * In: JSON and the way into it. Out: what stands there, undefined when nothing does.
 */
export function at(json: Json | undefined, ...way: readonly (string | number)[]): Json | undefined {
	return way.reduce<Json | undefined>((value, step) => {
		if (Array.isArray(value)) {
			const items: readonly Json[] = value;
			return typeof step === 'number' ? items.at(step) : undefined;
		}
		return isJsonObject(value) ? value[step] : undefined;
	}, json);
}

/**
 * In: JSON and the way into it. Out: the text that stands there; a failure when none does.
 */
export function textAt(json: Json | undefined, ...way: readonly (string | number)[]): string {
	const value = at(json, ...way);
	if (typeof value !== 'string')
		throw new Error(`No text at ${way.join('.')} of ${JSON.stringify(json)}`);
	return value;
}

/**
 * In: a 422's body. Out: where each of its errors is, joined with dots, in their order.
 */
export function badFields(json: Json | undefined): readonly string[] {
	const errors = at(json, 'errors');
	const list: readonly Json[] = Array.isArray(errors) ? errors : [];
	return list.map((error) => {
		const loc = at(error, 'loc');
		return Array.isArray(loc) ? loc.join('.') : '';
	});
}
