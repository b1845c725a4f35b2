import type {
	BinaryHelperFunctions,
	IBinaryData,
	IHttpRequestOptions,
	RequestHelperFunctions,
} from 'n8n-workflow';

import { artifactFile } from '../../api/files/artifactFile';
import { send } from '../../api/client';
import { bytesInUrl } from '../../api/headers';
import type { NetworkError } from '../../api/result/networkError';
import type { Artifact } from '../../api/output';
import type { ApiAnswer, ApiResult } from '../../api/result/result';
import { asText, isObject } from '../../values/json';
import { describeDownloadFault } from './downloadFault';
import { problemOfLink } from './link';
import type { Again } from './tryPatiently';

/** What fetching files needs of n8n: any of its contexts will do. */
export interface FetchContext {
	helpers: Pick<RequestHelperFunctions, 'httpRequest'> &
		Pick<BinaryHelperFunctions, 'prepareBinaryData'>;
	/** The Base URL of the credential: where the API is decides where links may lead. */
	apiUrl: string;
	/** The proxy and certificate settings that the user gave the node; undefined where there are none, in the trigger. */
	transportOptions: Pick<IHttpRequestOptions, 'proxy' | 'skipSslCertificateValidation'> | undefined;
	/** Aborted once the files are no longer needed. */
	stopped: AbortSignal | undefined;
}

/** A file that is fetched. */
export interface FetchOptions extends FetchContext {
	/** The run that made it. */
	runId: string | undefined;
	/** Aborted once all files take too long or are no longer needed. */
	over: AbortSignal;
}

/** What became of one attempt. */
export type Fetched = { file: IBinaryData } | Problem;

/** Why a file did not come. */
export interface Problem {
	problem: string;
	/** Retrying will not help. */
	isFinal?: true;
	/** A new link may help. */
	isExpired?: true;
	/** Whether another attempt may help, where it is neither. */
	again?: Again;
	/** What to change. */
	advice?: string;
}

/** How the storage says that a link has expired; some use 400. @see docs/runflow-api.md, "Upload" */
const EXPIRED: ReadonlySet<number> = new Set([400, 403, 404, 410]);
/** How long the storage may take to answer, and one attempt at a file (n8n's own time-out ends with the headers), in milliseconds. */
const RESPONSE_TIMEOUT = 60_000;
const FILE_TIMEOUT = 15 * 60_000;
const MAX_REDIRECTS = 5;
/** The most bytes of one file, unpacked: 15 seconds of video in 1080p have some 20 MiB, and n8n may hold it in memory. */
const MAX_FILE_MIB = 256;
const MAX_FILE_BYTES = MAX_FILE_MIB * 1024 * 1024;
const TOO_LARGE: Problem = { problem: `it is larger than ${MAX_FILE_MIB} MiB`, isFinal: true };

/** Another attempt, without any wish of the server. */
const PASSES: Again = { isPassing: true, retryAfter: undefined };
const MAY_PASS: Again = { isPassing: false, retryAfter: undefined };

/**
 * Makes one attempt at a file, straight from the connection to where n8n keeps binary data.
 * @param number which of the run's outputs it is, from 1
 */
export async function fetchFile(
	artifact: Artifact,
	number: number,
	options: FetchOptions,
): Promise<Fetched> {
	const timeout = AbortSignal.timeout(FILE_TIMEOUT);
	// The time-out stays in reach: Node forgets one that only AbortSignal.any knows. @see nodejs/node issue 57736
	const over = AbortSignal.any([timeout, options.over]);
	const opened = await open(artifact.url, { ...options, over });
	if ('problem' in opened) return opened;
	const served = { artifact, number, timeout };
	if (opened.ok) return await store(opened.answer, { ...served, again: MAY_PASS }, options);
	const { error } = opened;
	if (error.kind === 'network') return networkProblem(error, { ...options, over });
	const again = { isPassing: error.isTransient, retryAfter: error.retryAfter };
	return await store(error.answer, { ...served, again }, options);
}

/**
 * Passes the file in a storage's response on to n8n.
 * @param timeout the time that this attempt may take
 * @param again whether another attempt may help where the response holds no file
 */
async function store(
	{ status, headers, body }: ApiAnswer,
	{
		artifact,
		number,
		timeout,
		again,
	}: { artifact: Artifact; number: number; timeout: AbortSignal; again: Again },
	options: FetchOptions,
): Promise<Fetched> {
	const served = artifactFile({
		artifact,
		runId: options.runId,
		number,
		contentType: headers['content-type'],
		contentDisposition: headers['content-disposition'],
	});
	if (!isStream(body)) return { problem: 'the storage sent no file', again: PASSES };
	if (status !== 200 || served === undefined) {
		body.destroy();
		return refusal(status, /html/i.test(asText(headers['content-type'])), again);
	}
	if (Number(headers['content-length']) > MAX_FILE_BYTES) {
		body.destroy();
		return TOO_LARGE;
	}
	const size = breakOffAt(MAX_FILE_BYTES, body);
	try {
		const file = await options.helpers.prepareBinaryData(body, served.fileName, served.mimeType);
		return isEmptyFile(file)
			? { problem: 'the storage sent an empty file', again: MAY_PASS }
			: { file };
	} catch {
		body.destroy();
		if (timeout.aborted && !options.over.aborted) {
			return { problem: 'the storage stopped sending', again: PASSES };
		}
		return size.isExceeded ? TOO_LARGE : networkProblem({ code: '', neverSent: false }, options);
	}
}

/** Why a response holds no file. */
function refusal(status: number, isPage: boolean, again: Again): Problem {
	if (status === 200)
		return { problem: 'the storage sent a web page instead of the file', again: MAY_PASS };
	if (EXPIRED.has(status)) {
		return {
			// A filter's page. A storage whose links have expired answers in XML or JSON.
			problem: isPage
				? `a web page with HTTP status ${status} came instead of the file`
				: 'its link has expired',
			isExpired: true,
		};
	}
	if (status === 407) {
		return { problem: 'the proxy requires a user name and password (HTTP status 407)', again };
	}
	return { problem: `the storage answered with HTTP status ${status}`, again };
}

/** Requests a file and follows redirects. Each address is checked before it is requested. */
async function open(link: string, options: FetchOptions): Promise<ApiResult | Problem> {
	const { helpers, transportOptions, apiUrl, over } = options;
	let from: string | undefined;
	let address = link;
	for (let redirects = 0; ; redirects++) {
		const problem = problemOfLink(address, apiUrl, from);
		if (problem !== undefined) return { problem, isFinal: true };
		const url = address;
		// Plain httpRequest, without a credential: the API key is never sent to the link's host.
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
	if (!REDIRECTS.has(status) || typeof headers.location !== 'string') return undefined;
	const location = bytesInUrl(headers.location);
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

function networkProblem(
	error: NetworkError,
	{ stopped, over, transportOptions }: FetchOptions,
): Problem {
	// n8n stores the execution as canceled, not as failed, by this word in the message.
	if (stopped?.aborted === true) return { problem: 'the download was canceled' };
	if (over.aborted) return { problem: 'its download took too long', again: PASSES };
	const fault = describeDownloadFault(error, { hasOptions: transportOptions !== undefined });
	return fault.isFinal === true ? fault : { ...fault, again: PASSES };
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
