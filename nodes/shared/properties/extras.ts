import type { IHttpRequestOptions } from 'n8n-workflow';

import { isObject } from '../values/json';
import { bodyValue, setBodyValue } from './body';

/**
 * Where parameters land that are no field of the documented body. They ride along in it while n8n
 * gathers the parameters, and are put in their place by {@link mergeExtras} before anything is sent.
 */
export const EXTRA = {
	/** Fields that Runflow added after this package was made. */
	additionalInput: 'additional_input',
	/** Metadata typed in as JSON, beside the pairs. */
	metadataJson: 'metadata_json',
	/** A key of the user's own, for the header of that name. */
	idempotencyKey: 'idempotency_key',
} as const;

/**
 * Puts the extras of a gathered request where they belong: additional input over the input, metadata
 * pairs over metadata in JSON.
 * @returns the idempotency key that the user gave, if any
 */
export function mergeExtras(request: IHttpRequestOptions): string | undefined {
	const { additionalInput, metadataJson, idempotencyKey } = EXTRA;
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

function merged(under: unknown, over: unknown): object | undefined {
	if (!isObject(under)) return isObject(over) ? over : undefined;
	return isObject(over) ? { ...under, ...over } : under;
}
