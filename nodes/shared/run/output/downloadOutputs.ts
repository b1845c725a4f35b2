import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';

import { binaryFieldName } from '../../api/files/artifactFile';
import { readAssetReference } from '../../api/files/asset';
import { readArtifacts, type Artifact } from '../../api/output';
import { readRunId } from '../../api/run';
import {
	fetchFile,
	type FetchContext,
	type Fetched,
	type FetchOptions,
	type Problem,
} from './fetchFile';
import { tryPatiently } from './tryPatiently';

/** What a download needs. */
export interface Download extends FetchContext {
	/** The binary field of the first output. */
	fieldName: string;
	/** Reads the run again, which renews the signatures of its links; undefined if it cannot be read. */
	refresh(): Promise<IDataObject | undefined>;
	/** Whether to continue without an output that is permanently refused, and then without any that fails. */
	partly?: boolean;
}

/** The run as it was last read, its files, and the missing outputs; or the output that failed, and why. */
export type Downloaded = { run: IDataObject; binary: IBinaryKeyData; without: Missing[] } | Missing;

/** An output that could not be downloaded. */
export interface Missing {
	/** Which of the run's outputs it is, from 1. */
	number: number;
	of: number;
	problem: string;
	/** Its link, as Runflow gave it last. */
	link: string | undefined;
	/** Whether retrying will not help. */
	isFinal: boolean;
	/** What to change so that it can be downloaded. */
	advice?: string;
}

/**
 * Downloads what a run made, one file after the other, each straight from the connection to where n8n
 * keeps binary data. An expired link is renewed once; transient failures are retried for a minute, since the run is paid
 * for. Number, size, time and origin of
 * the files are limited, regardless of the record.
 * @see docs/runflow-api.md, "Output links"
 */
export async function downloadOutputs(run: IDataObject, download: Download): Promise<Downloaded> {
	const timeout = AbortSignal.timeout(DOWNLOAD_TIMEOUT);
	const over = AbortSignal.any([timeout, ...(download.stopped ? [download.stopped] : [])]);
	// The time-out stays in reach: Node forgets one that only AbortSignal.any knows. @see nodejs/node issue 57736
	const options = { ...download, runId: readRunId(run), over, timeout };
	let latest = run;
	let artifacts = readArtifacts(run.output);
	const binary: IBinaryKeyData = {};
	const without: Missing[] = [];
	for (let index = 0; index < artifacts.length; index++) {
		// The storage's refusal of a link may bring another list.
		const came = await fetchArtifact(artifacts, index, options);
		const isExpired = 'problem' in came && came.isExpired === true;
		if (isExpired) {
			const fresh = await download.refresh();
			const renewed = readArtifacts(fresh?.output);
			// An outdated record must not remove existing outputs.
			if (fresh !== undefined && renewed.length >= artifacts.length) {
				[latest, artifacts] = [fresh, renewed];
			}
		}
		const file = isExpired ? await fetchArtifact(artifacts, index, options) : came;
		if ('problem' in file) {
			const { problem, isFinal = false, advice } = file;
			const missing: Missing = {
				number: index + 1,
				of: artifacts.length,
				link: artifacts[index]?.url,
				problem,
				isFinal,
				...(advice === undefined ? {} : { advice }),
			};
			// Outputs that are permanently refused must not cause all others to be fetched again.
			const isKnown = missing.isFinal || without.length > 0;
			if (download.partly !== true || !isKnown || file === TOO_MANY) return missing;
			without.push(missing);
			continue;
		}
		binary[binaryFieldName(download.fieldName, index)] = file.file;
	}
	return { run: latest, binary, without };
}

/** @see docs/runflow-api.md, "Output links" */
function isReference({ url }: Artifact): boolean {
	return readAssetReference(url) !== undefined;
}

/** How long all files of a run may take, in milliseconds. */
const DOWNLOAD_TIMEOUT = 60 * 60_000;
/** The most files of one run: Wan 2.7 makes four at the most. */
const MAX_FILES = 100;
const TOO_MANY: Problem = { problem: `no more than ${MAX_FILES} are downloaded`, isFinal: true };
/** A reference becomes a link when the run is read. */
const NO_LINK: Problem = { problem: 'Runflow gave no link to it', isExpired: true };

async function fetchArtifact(
	artifacts: readonly Artifact[],
	index: number,
	options: FetchOptions,
): Promise<Fetched> {
	if (artifacts.length > MAX_FILES) return TOO_MANY;
	const artifact = artifacts[index];
	if (artifact === undefined || isReference(artifact)) return NO_LINK;
	return await tryPatiently(
		async () => await fetchFile(artifact, index + 1, options),
		(came) => ('problem' in came ? came.again : undefined),
		options.over,
	);
}
