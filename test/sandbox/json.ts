/** Anything that JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; what bodies, inputs, outputs and metadata are. */
export interface JsonObject {
	readonly [key: string]: Json;
}

/**
 * In: any JSON value. Out: whether it is an object (neither null nor a list).
 * @see docs/runflow-api.md, "Request body"
 */
export function isJsonObject(value: Json | undefined): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * In: text. Out: its JSON value, or undefined when it is not JSON.
 * @see docs/runflow-api.md, "Request body"
 */
export function parseJson(text: string): Json | undefined {
	try {
		return JSON.parse(text) as Json;
	} catch {
		return undefined;
	}
}

/**
 * In: a JSON value and what to do with each string in it. Out: the same value with every string replaced.
 * @see docs/runflow-api.md, "Request body" and "Media inputs"
 */
export function mapStrings(value: Json, change: (text: string) => string): Json {
	if (typeof value === 'string') return change(value);
	if (isJsonObject(value)) return mapObjectStrings(value, change);
	if (typeof value === 'object' && value !== null)
		return value.map((item) => mapStrings(item, change));
	return value;
}

/**
 * In: a JSON object and what to do with each string in it. Out: a changed copy.
 * @see docs/runflow-api.md, "Media inputs"
 */
export function mapObjectStrings(value: JsonObject, change: (text: string) => string): JsonObject {
	return Object.fromEntries(
		Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]),
	);
}
