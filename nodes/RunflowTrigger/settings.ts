import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { DEFAULT_FIELD } from '../shared/api/files/artifactFile';
import { asText, isObject } from '../shared/values/json';

/** The user's choices. */
export interface Settings {
	/** Runflow's event names, and {@link BATCH}. */
	events: string[];
	/** Pairs that the metadata of a run must all have. */
	metadata: { name: string; value: string }[];
	/** Statuses as `readRunStatus` spells them. If empty, any status is accepted. */
	statuses: string[];
	includeRequestId: boolean;
	fullRun: boolean;
	/** The binary field for the first output; undefined if no output is downloaded. */
	downloadInto: string | undefined;
	splitOutputs: boolean;
}

/**
 * Stands for every event of a batch: only one of their names is documented.
 * @see docs/runflow-api.md, "Batch callbacks"
 */
export const BATCH = 'batch';

/** Runflow's event names that the user chose, and {@link BATCH}. */
export function readEvents(context: IWebhookFunctions | IHookFunctions): string[] {
	return texts(context.getNodeParameter('events', []));
}

/** Whether the user accepts unsigned callbacks. */
export function readAcceptUnsigned(context: IWebhookFunctions | IHookFunctions): boolean {
	return context.getNodeParameter('acceptUnsigned', false) === true;
}

/**
 * Reads the other parameters. Their expressions see the request as `$json`, so call this only for a request that has
 * been verified.
 */
export function readSettings(context: IWebhookFunctions): Settings {
	const given: unknown = context.getNodeParameter('options', {});
	const options = isObject(given) ? given : {};
	const metadata = isObject(options.metadata) ? options.metadata : {};
	return {
		events: readEvents(context),
		metadata: list(metadata.entry)
			.filter(isObject)
			.map(({ name, value }) => ({ name: asText(name).trim(), value: asText(value) }))
			// Without entries that were added and left empty.
			.filter(({ name, value }) => name !== '' || value !== ''),
		statuses: texts(options.statuses),
		includeRequestId: options.includeRequestId === true,
		fullRun: options.fullRun === true,
		downloadInto:
			options.downloadOutputs === true
				? asText(options.binaryPropertyName).trim() || DEFAULT_FIELD
				: undefined,
		splitOutputs: options.splitOutputs === true,
	};
}

function list(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

function texts(value: unknown): string[] {
	return list(value).map(asText);
}
