import type { IDataObject } from 'n8n-workflow';

import { isObject, parseJson } from '../values/json';
import { readRunId } from '../api/run';

/**
 * The contents of a callback, with numbers beyond 2^53 as text; undefined if its body is not a JSON object.
 * @param rawBody the bytes as received
 * @see docs/runflow-api.md, "Callback body"
 */
export function parseCallback(rawBody: Uint8Array): IDataObject | undefined {
	try {
		const body = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(rawBody));
		return isObject(body) ? body : undefined;
	} catch {
		return undefined;
	}
}

/**
 * The run that a callback is about. An `id` beside a `run_id` would identify something other than the run.
 * @see docs/runflow-api.md, "Callback body"
 */
export function readCallbackRunId({ id, run_id: runId }: IDataObject): string | undefined {
	return readRunId({ id: runId ?? id });
}
