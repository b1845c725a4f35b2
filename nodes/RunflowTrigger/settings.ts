import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { DEFAULT_FIELD } from '../shared/api/artifactFile';
import { asText, isObject } from '../shared/values/json';

/** What the user chose. */
export interface Settings {
	/** Runflow's event names, and {@link BATCH}. */
	events: string[];
	/** Pairs that a run's metadata must have, all of them. */
	metadata: { name: string; value: string }[];
	/** Statuses in the seeds' spelling; none: any. */
	statuses: string[];
	includeRequestId: boolean;
	fullRun: boolean;
	/** The binary field that the first output goes into; undefined where none is downloaded. */
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

/** Whether the user lets callbacks in that nobody signed. */
export function readAcceptUnsigned(context: IWebhookFunctions | IHookFunctions): boolean {
	return context.getNodeParameter('acceptUnsigned', false) === true;
}

/**
 * Reads the other parameters too. Those that take expressions see the request as `$json`: there must be one, and
 * it should be known whose it is.
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
			// An entry that was added and left empty.
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
