import type { IHttpRequestOptions } from 'n8n-workflow';

import { isObject } from '../values/json';
import { bodyValue, setBodyValue } from './body';

/**
 * The place for parameters that are not fields of the documented body. They are part of it while n8n
 * gathers the parameters, and are put in their place by {@link mergeExtras} before anything is sent.
 */
export const EXTRA = {
	/** Which model to run, where the operation is not of one model. */
	model: 'model',
	/** Fields that Runflow added after this package was made. */
	additionalInput: 'additional_input',
	/** Metadata typed in as JSON, beside the pairs. */
	metadataJson: 'metadata_json',
	/** A key of the user's own, for the header of that name. */
	idempotencyKey: 'idempotency_key',
} as const;

/**
 * Puts the extras of a gathered request where they belong: the model into the address, additional input over the input,
 * metadata pairs over metadata in JSON.
 * @returns the idempotency key that the user gave, if any
 */
export function mergeExtras(request: IHttpRequestOptions): string | undefined {
	const { model, additionalInput, metadataJson, idempotencyKey } = EXTRA;
	const id = bodyValue(request, model);
	if (typeof id === 'string') request.url = runsPath(id);
	const input = merged(bodyValue(request, 'input'), bodyValue(request, additionalInput));
	setBodyValue(request, 'input', input ?? {});
	setBodyValue(
		request,
		'metadata',
		merged(bodyValue(request, metadataJson), bodyValue(request, 'metadata')),
	);
	const key = bodyValue(request, idempotencyKey);
	for (const extra of Object.values(EXTRA)) setBodyValue(request, extra, undefined);
	return typeof key === 'string' ? key : undefined;
}

/** Where runs of a model are started. @see docs/runflow-api.md, "Create a run" */
export function runsPath(modelId: string): string {
	return `/v1/models/${modelId}/runs`;
}

function merged(under: unknown, over: unknown): object | undefined {
	if (!isObject(under)) return isObject(over) ? over : undefined;
	return isObject(over) ? { ...under, ...over } : under;
}
