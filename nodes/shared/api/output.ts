import type { IDataObject } from 'n8n-workflow';

import { withoutQuery } from '../values/address';
import { asText, isObject } from '../values/json';
import { hasFailed, isSuccessful, readFailure, readRunStatus } from './run';

/** One picture, video or sound that a run made. */
export interface Artifact extends IDataObject {
	url: string;
	type?: string;
	width?: number;
	height?: number;
	duration?: number;
}

const ARTIFACT_FIELDS = ['type', 'width', 'height', 'duration'] as const;

/**
 * What a run made, in order, whichever of the known shapes its `output` has:
 * `outputs[]`, `image_urls[]`, `images[]`, `image`, `video`, `audio`, `url`, `output_url`, or
 * ComfyUI's lists of URLs by output id.
 *
 * @param output the `output` of a run record or callback; null and unknown shapes give an empty list
 * @see docs/runflow-api.md, "Output"; docs/readings.md, row 8
 */
export function readArtifacts(output: unknown): Artifact[] {
	if (!isObject(output)) return [];
	// Where one of them can be fetched, the others are listed too: each is paid for.
	const outputs = Array.isArray(output.outputs)
		? output.outputs.flatMap((entry) => anyArtifact(entry))
		: [];
	const shapes: (() => Artifact[])[] = [
		() => (outputs.some(({ url }) => isUrl(url)) ? outputs : []),
		() => list(output.image_urls, 'image'),
		() => list(output.images, 'image'),
		() => list([output.image], 'image'),
		() => list([output.video], 'video'),
		() => list([output.audio], 'audio'),
		() => list([output.url]),
		() => list([output.output_url]),
		() => Object.values(output).flatMap((value) => list(value)),
		() => outputs,
	];
	for (const read of shapes) {
		const artifacts = read();
		if (artifacts.length > 0) return artifacts;
	}
	return [];
}

/** A run as an item's JSON: simplified, or all that Runflow says of it. */
export function runJson(run: IDataObject, simplify: boolean): IDataObject {
	return simplify ? simplifyRun(run) : rawRun(run);
}

/**
 * The run as a workflow needs it: eleven fields, named as in Runflow's documentation, always all of them. Of a run
 * without a result also why it has none, and of one that made something other than files the whole output.
 * @param run a run record as the API answers it, or a callback
 * @see docs/architecture.md, "How a run comes back"
 */
export function simplifyRun(run: IDataObject): IDataObject {
	const output = isObject(run.output) ? run.output : {};
	const { message, code } = readFailure(run);
	const status = readRunStatus(run);
	const outputs = readArtifacts(run.output);
	const hasOther = isSuccessful(status) && outputs.length === 0 && Object.keys(output).length > 0;
	return {
		id: run.id ?? run.run_id ?? null,
		status,
		outputs,
		seed: output.seed ?? null,
		nsfw_detected: output.nsfw_detected ?? null,
		cost: numberOf(run.cost),
		duration_ms: run.duration_ms ?? null,
		created_at: run.created_at ?? null,
		completed_at: run.completed_at ?? run.finished_at ?? null,
		metadata: run.metadata ?? null,
		client_ref: run.client_ref ?? null,
		...(hasOther && { output }),
		...(hasFailed(status) && {
			failure_message: message ?? null,
			failure_code: code ?? null,
		}),
	};
}

/** A number that may be text, such as "0.05": text cannot be added up. Other values stay unchanged. */
function numberOf(value: IDataObject['cost']): IDataObject['cost'] {
	const isNumeric = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim());
	return isNumeric ? Number(value) : (value ?? null);
}

/**
 * The record as Runflow gives it, apart from two things. The signature in its callback address is left out: with it, anybody
 * could resume the execution wherever it waits. So is an `error` of null: n8n 1 takes any item with an `error` for a failed
 * one, and Retry On Fail would run the node again.
 */
export function rawRun(run: IDataObject): IDataObject {
	const { error, ...others } = run;
	return withoutToken(error === null || error === undefined ? others : run);
}

/** A record of a run or a callback without the signature in its callback address, see {@link rawRun}. */
export function withoutToken(record: IDataObject): IDataObject {
	const address = asText(record.callback_url);
	if (!/[?&]signature=/.test(address)) return record;
	return { ...record, callback_url: withoutQuery(address) };
}

function list(value: unknown, type?: string): Artifact[] {
	if (!Array.isArray(value)) return [];
	return value.flatMap((entry) => artifact(entry, type));
}

function artifact(entry: unknown, type?: string): Artifact[] {
	if (isUrl(entry)) return [{ url: entry, ...(type === undefined ? {} : { type }) }];
	return isObject(entry) && isUrl(entry.url) ? anyArtifact(entry, type) : [];
}

/** An entry in the form of an artifact, even if its link is not a web address. */
function anyArtifact(entry: unknown, type?: string): Artifact[] {
	if (!isObject(entry) || typeof entry.url !== 'string' || entry.url === '') {
		return isUrl(entry) ? [{ url: entry }] : [];
	}
	const found: Artifact = { url: entry.url, ...(type === undefined ? {} : { type }) };
	for (const field of ARTIFACT_FIELDS) {
		if (entry[field] !== undefined && entry[field] !== null) {
			Object.assign(found, { [field]: entry[field] });
		}
	}
	return [found];
}

function isUrl(value: unknown): value is string {
	return typeof value === 'string' && /^https?:\/\//i.test(value);
}
