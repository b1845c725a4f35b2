import type {
	BinaryHelperFunctions,
	IBinaryData,
	IBinaryKeyData,
	IDataObject,
	IHttpRequestOptions,
	RequestHelperFunctions,
} from 'n8n-workflow';

import { artifactFile, binaryFieldName } from '../../api/files/artifactFile';
import { readAssetReference } from '../../api/files/asset';
import { isObject } from '../../values/json';
import { readArtifacts, type Artifact } from '../../api/output';
import { send } from '../../api/client';
import type { ApiAnswer, ApiResult } from '../../api/result';
import { problemOfLink } from './link';
import { tryAgain } from '../../api/retry';

/** What a download needs of n8n: any of its contexts will do. */
export interface Download {
	helpers: Pick<RequestHelperFunctions, 'httpRequest'> &
		Pick<BinaryHelperFunctions, 'prepareBinaryData'>;
	/** The binary field of the first output. */
	fieldName: string;
	/** The Base URL of the credential: where the API is decides where links may lead. */
	apiUrl: string;
	/** The proxy and certificate settings that the user gave the node. */
	transportOptions: Pick<IHttpRequestOptions, 'proxy' | 'skipSslCertificateValidation'>;
	/** Reads the run again, which signs its links anew; undefined where it cannot be read. */
	refresh(): Promise<IDataObject | undefined>;
	/** Aborted once the files are no longer needed. */
	stopped: AbortSignal | undefined;
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
}

/**
 * Downloads what a run made, one file after the other, each straight from the connection to where n8n
 * keeps binary data. An expired link is renewed once; transient failures are retried. Number, size, time and origin of
 * the files are limited, whatever the record says.
 * @see docs/runflow-api.md, "Output links"
 */
export async function downloadOutputs(run: IDataObject, download: Download): Promise<Downloaded> {
	const timeout = AbortSignal.timeout(DOWNLOAD_TIMEOUT);
	const over = AbortSignal.any([timeout, ...(download.stopped ? [download.stopped] : [])]);
	const underWay: UnderWay = { ...download, over, timeout };
	let latest = run;
	let artifacts = readArtifacts(run.output);
	const binary: IBinaryKeyData = {};
	const without: Missing[] = [];
	for (let index = 0; index < artifacts.length; index++) {
		// The storage's refusal of a link may bring another list.
		const came = await fetchArtifact(artifacts, index, underWay);
		if (came === 'expired') {
			const fresh = await download.refresh();
			const renewed = readArtifacts(fresh?.output);
			// A record that lags behind must not take away what is there.
			if (fresh !== undefined && renewed.length >= artifacts.length) {
				[latest, artifacts] = [fresh, renewed];
			}
		}
		const file = came === 'expired' ? await fetchArtifact(artifacts, index, underWay) : came;
		if (typeof file === 'string' || 'problem' in file) {
			const missing: Missing = {
				number: index + 1,
				of: artifacts.length,
				link: artifacts[index]?.url,
				isFinal: false,
				...(typeof file === 'string' ? stillExpired(artifacts[index]) : file),
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

/** What became of one attempt. */
type Fetched = { file: IBinaryData } | Problem | 'expired';

interface Problem {
	problem: string;
	/** Retrying will not help. */
	isFinal?: true;
}

function stillExpired(artifact: Artifact | undefined): Problem {
	const isNoLink = artifact !== undefined && isReference(artifact);
	return { problem: isNoLink ? 'Runflow has made no link to it' : 'its link has expired' };
}

/** How the storage says that a link has expired; some use 400. @see docs/runflow-api.md, "Upload" */
const EXPIRED: ReadonlySet<number> = new Set([400, 403, 404, 410]);
/**
 * How long the storage may take to answer, one attempt at a file (n8n's own time-out ends with the headers), and all
 * files of a run, in milliseconds.
 */
const RESPONSE_TIMEOUT = 60_000;
const FILE_TIMEOUT = 15 * 60_000;
const DOWNLOAD_TIMEOUT = 60 * 60_000;
const MAX_REDIRECTS = 5;
/** The most files of one run: Wan 2.7 makes four at the most. */
const MAX_FILES = 100;
const TOO_MANY: Problem = { problem: `no more than ${MAX_FILES} are downloaded`, isFinal: true };
/** The most bytes of one file, unpacked: 15 seconds of video in 1080p have some 20 MiB, and n8n may hold it in memory. */
const MAX_FILE_MIB = 256;
const MAX_FILE_BYTES = MAX_FILE_MIB * 1024 * 1024;
const TOO_LARGE: Problem = { problem: `it is larger than ${MAX_FILE_MIB} MiB`, isFinal: true };

/** A download under way. */
interface UnderWay extends Download {
	/** Aborted once the download takes too long or is no longer needed. */
	over: AbortSignal;
	/** Kept in reach: Node forgets a time-out that only AbortSignal.any knows. @see nodejs/node issue 57736 */
	timeout: AbortSignal;
}

async function fetchArtifact(
	artifacts: readonly Artifact[],
	index: number,
	download: UnderWay,
): Promise<Fetched> {
	if (artifacts.length > MAX_FILES) return TOO_MANY;
	const artifact = artifacts[index];
	// A reference becomes a link when the run is read.
	if (artifact === undefined || isReference(artifact)) return 'expired';
	return await tryAgain(
		async () => await attempt(artifact, index + 1, download),
		(came) =>
			typeof came !== 'string' && 'problem' in came && came.isFinal !== true ? 0 : undefined,
		download.over,
	);
}

async function attempt(artifact: Artifact, number: number, download: UnderWay): Promise<Fetched> {
	const timeout = AbortSignal.timeout(FILE_TIMEOUT);
	const over = AbortSignal.any([timeout, download.over]);
	const opened = await open(artifact.url, { ...download, over, timeout });
	if ('problem' in opened) return opened;
	if (opened.ok) return await store(opened.answer, { artifact, number, timeout }, download);
	const { error } = opened;
	return error.kind === 'network'
		? { problem: networkProblem(error.code, download) }
		: await store(error.answer, { artifact, number, timeout }, download);
}

/**
 * Passes the file in a storage's response on to n8n.
 * @param timeout the time that this attempt may take
 */
async function store(
	{ status, headers, body }: ApiAnswer,
	{ artifact, number, timeout }: { artifact: Artifact; number: number; timeout: AbortSignal },
	download: UnderWay,
): Promise<Fetched> {
	const served = artifactFile({
		artifact,
		number,
		contentType: headers['content-type'],
		contentDisposition: headers['content-disposition'],
	});
	if (!isStream(body)) return { problem: 'no file came' };
	if (status !== 200 || served === undefined) {
		body.destroy();
		if (EXPIRED.has(status)) return 'expired';
		return {
			problem:
				status === 200
					? 'a web page came instead of the file'
					: `the storage answered with HTTP status ${status}`,
		};
	}
	if (Number(headers['content-length']) > MAX_FILE_BYTES) {
		body.destroy();
		return TOO_LARGE;
	}
	const size = breakOffAt(MAX_FILE_BYTES, body);
	try {
		const file = await download.helpers.prepareBinaryData(body, served.fileName, served.mimeType);
		return isEmptyFile(file) ? { problem: 'an empty file came' } : { file };
	} catch {
		body.destroy();
		if (timeout.aborted && !download.over.aborted) return { problem: 'the storage fell silent' };
		return size.isExceeded ? TOO_LARGE : { problem: networkProblem('', download) };
	}
}

/** Requests a file and follows redirects. Each address is checked before it is requested. */
async function open(link: string, download: UnderWay): Promise<ApiResult | Problem> {
	const { helpers, transportOptions, apiUrl, over } = download;
	let from: string | undefined;
	let address = link;
	for (let redirects = 0; ; redirects++) {
		const problem = problemOfLink(address, apiUrl, from);
		if (problem !== undefined) return { problem, isFinal: true };
		const url = address;
		// Plain httpRequest, which knows no credential: the API key stays away from wherever the link leads.
		const seen = await send(
			async () =>
				(await helpers.httpRequest({
					...transportOptions,
					method: 'GET',
					url,
					encoding: 'stream',
					returnFullResponse: true,
					ignoreHttpStatusErrors: true,
					disableFollowRedirect: true,
					timeout: RESPONSE_TIMEOUT,
					abortSignal: over,
				})) as unknown,
			{ timeout: RESPONSE_TIMEOUT },
		);
		const next = redirectOf(seen, address);
		if (next === undefined || redirects === MAX_REDIRECTS) return seen;
		from = address;
		address = next;
	}
}

/** The address to which a response redirects; closes its body then. */
function redirectOf(seen: ApiResult, from: string): string | undefined {
	if (seen.ok || seen.error.kind === 'network') return undefined;
	const { status, headers, body } = seen.error.answer;
	const { location } = headers;
	if (!REDIRECTS.has(status) || typeof location !== 'string') return undefined;
	if (!URL.canParse(location, from)) return undefined;
	if (isStream(body)) body.destroy();
	return new URL(location, from).href;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Aborts a stream after `most` bytes: the announced size may be wrong, or that of compressed data. */
function breakOffAt(most: number, body: Stream): { isExceeded: boolean } {
	const size = { isExceeded: false };
	let bytes = 0;
	// Unlike `on`, this does not set the stream flowing before n8n reads it.
	body.prependListener('data', ({ length }) => {
		bytes += length;
		if (bytes <= most || size.isExceeded) return;
		size.isExceeded = true;
		body.destroy(new Error('The file is too large'));
	});
	return size;
}

function networkProblem(code: string, { stopped, over }: UnderWay): string {
	// n8n stores the execution as canceled, not as failed, by this word in the message.
	if (stopped?.aborted === true) return 'the download was canceled';
	if (over.aborted) return 'its download took too long';
	return `the connection broke off${code === '' ? '' : ` (${code})`}`;
}

type Stream = Parameters<BinaryHelperFunctions['prepareBinaryData']>[0] & {
	destroy(error?: Error): unknown;
	prependListener(event: 'data', listener: (chunk: { length: number }) => void): unknown;
};

function isStream(value: unknown): value is Stream {
	return isObject(value) && typeof (value as { pipe?: unknown }).pipe === 'function';
}

/** Newer versions of n8n give the bytes, older ones the size as text, such as "0 B". */
function isEmptyFile({ bytes, fileSize }: IBinaryData): boolean {
	return bytes === 0 || (bytes === undefined && fileSize?.startsWith('0 ') === true);
}
