import type {
	BinaryHelperFunctions,
	IBinaryData,
	IBinaryKeyData,
	IDataObject,
	IHttpRequestOptions,
	RequestHelperFunctions,
} from 'n8n-workflow';

import { artifactFile, binaryFieldName } from './artifactFile';
import { isObject } from './json';
import { readArtifacts, type Artifact } from './output';
import { reply } from './api';
import { tryAgain } from './tryAgain';

/** What a download needs of n8n: any of its contexts will do. */
export interface Download {
	helpers: Pick<RequestHelperFunctions, 'httpRequest'> &
		Pick<BinaryHelperFunctions, 'prepareBinaryData'>;
	/** The binary field of the first output. */
	fieldName: string;
	/** The proxy and certificate settings that the user gave the node. */
	wayOut: Pick<IHttpRequestOptions, 'proxy' | 'skipSslCertificateValidation'>;
	/** Reads the run again, which signs its links anew; undefined where it cannot be read. */
	refresh(): Promise<IDataObject | undefined>;
	/** Aborted once nobody waits for the files any more. */
	stopped: AbortSignal | undefined;
}

/** The run, as it was read last, and its files; or which output did not come, and why. */
export type Downloaded =
	{ run: IDataObject; binary: IBinaryKeyData } | { number: number; of: number; problem: string };

/**
 * Downloads what a run made, one file after the other, each straight from the connection to where n8n
 * keeps binary data. A link that has expired is had signed anew, once; what fails in passing is tried again.
 * @see runflow-api.md section 3, "Output URLs are presigned and time-limited", and `GET /v1/runs/{id}`
 */
export async function downloadOutputs(run: IDataObject, download: Download): Promise<Downloaded> {
	let latest = run;
	let artifacts = readArtifacts(run.output);
	const binary: IBinaryKeyData = {};
	for (let index = 0; index < artifacts.length; index++) {
		let came = await fetchArtifact(artifacts[index], index + 1, download);
		if (came === 'expired') {
			latest = (await download.refresh()) ?? latest;
			artifacts = readArtifacts(latest.output);
			came = await fetchArtifact(artifacts[index], index + 1, download);
		}
		if (typeof came === 'string' || 'problem' in came) {
			const problem = typeof came === 'string' ? 'its link has expired' : came.problem;
			return { number: index + 1, of: artifacts.length, problem };
		}
		binary[binaryFieldName(download.fieldName, index)] = came.file;
	}
	return { run: latest, binary };
}

/** What became of one attempt. */
type Fetched = { file: IBinaryData } | { problem: string } | 'expired';

/** How the storage says that a link is over. @see runflow-api.md section 6, "expired presign" */
const EXPIRED: ReadonlySet<number> = new Set([403, 404, 410]);
/** How long the storage may be silent, and how long one file may take altogether, in milliseconds. */
const SILENCE_TIMEOUT = 60_000;
const FILE_TIMEOUT = 15 * 60_000;
const MAX_REDIRECTS = 5;

async function fetchArtifact(
	artifact: Artifact | undefined,
	number: number,
	download: Download,
): Promise<Fetched> {
	if (artifact === undefined) return 'expired';
	return await tryAgain(
		async () => await attempt(artifact, number, download),
		(came) => (typeof came !== 'string' && 'problem' in came ? 0 : undefined),
		download.stopped,
	);
}

async function attempt(
	artifact: Artifact,
	number: number,
	{ helpers, wayOut, stopped }: Download,
): Promise<Fetched> {
	const over = [AbortSignal.timeout(FILE_TIMEOUT), ...(stopped === undefined ? [] : [stopped])];
	// Plain httpRequest, which knows no credential: the API key stays away from wherever the link leads.
	const seen = await reply(
		async () =>
			(await helpers.httpRequest({
				...wayOut,
				method: 'GET',
				url: artifact.url,
				encoding: 'stream',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				maxRedirects: MAX_REDIRECTS,
				timeout: SILENCE_TIMEOUT,
				abortSignal: AbortSignal.any(over),
			})) as unknown,
	);
	if ('silence' in seen) return { problem: silenceProblem(seen.silence, stopped) };

	const { statusCode, headers, body } = seen.answer;
	const served = artifactFile({
		artifact,
		number,
		contentType: headers['content-type'],
		contentDisposition: headers['content-disposition'],
	});
	if (!isStream(body)) return { problem: 'no file came' };
	if (statusCode !== 200 || served === undefined) {
		body.destroy();
		if (EXPIRED.has(statusCode)) return 'expired';
		return {
			problem:
				statusCode === 200
					? 'a web page came instead of the file'
					: `the storage answered with HTTP status ${statusCode}`,
		};
	}
	try {
		const file = await helpers.prepareBinaryData(body, served.fileName, served.mimeType);
		return isEmptyFile(file) ? { problem: 'an empty file came' } : { file };
	} catch {
		body.destroy();
		return { problem: silenceProblem('', stopped) };
	}
}

function silenceProblem(code: string, stopped: AbortSignal | undefined): string {
	// n8n stores the execution as canceled, not as failed, by this word in the message.
	if (stopped?.aborted === true) return 'the download was canceled';
	return `the connection broke off${code === '' ? '' : ` (${code})`}`;
}

type Stream = Parameters<BinaryHelperFunctions['prepareBinaryData']>[0] & { destroy(): unknown };

function isStream(value: unknown): value is Stream {
	return isObject(value) && typeof (value as { pipe?: unknown }).pipe === 'function';
}

/** Newer versions of n8n give the bytes, older ones the size as text, such as "0 B". */
function isEmptyFile({ bytes, fileSize }: IBinaryData): boolean {
	return bytes === 0 || (bytes === undefined && fileSize?.startsWith('0 ') === true);
}
