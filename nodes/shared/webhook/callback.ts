import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../values/json';
import { readRunId } from '../api/run';

/** The longest body that is read, in bytes: the run's links and its metadata are the longest things in it. */
export const MAX_CALLBACK_BYTES = 1024 * 1024;

/**
 * What a callback says, or undefined where its body is no JSON object.
 * @param rawBody the bytes as they came
 * @see docs/runflow-api.md, "Callback body"
 */
export function parseCallback(rawBody: Uint8Array): IDataObject | undefined {
	try {
		const body: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody));
		return isObject(body) ? body : undefined;
	} catch {
		return undefined;
	}
}

/**
 * The run that a callback is about. An `id` beside its `run_id` would be that of something else.
 * @see docs/runflow-api.md, "Callback body"
 */
export function readCallbackRunId({ id, run_id: runId }: IDataObject): string | undefined {
	return readRunId({ id: runId ?? id });
}
