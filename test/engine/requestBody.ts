import type { IncomingMessage } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';

/** What n8n's body parser adds to a request. */
type Parsed = IncomingMessage & {
	rawBody?: Buffer;
	body?: unknown;
	readRawBody?: () => Promise<void>;
};

/** n8n's limit for bodies, in bytes. @see docs/n8n-engine.md, "Reading the body" */
const PAYLOAD_LIMIT = 16 * 1024 * 1024;

/**
 * What n8n's body parser does for nodes above version 1: reads bodies that are called JSON, text, a form or XML,
 * inflated, as `rawBody`, parses JSON, and leaves all others to the node's `readRawBody`.
 * @param sent the body as it came over the wire
 * @returns the status of its refusal, if it refuses
 * @see docs/n8n-engine.md, "Reading the body"
 */
export function parseBody(request: IncomingMessage, sent: Buffer): number | undefined {
	const target = request as Parsed;
	const { type, charset } = readContentType(request.headers['content-type'] ?? '');
	target.body = {};
	// This harness has read every body; n8n has read only forms when the node is called.
	Object.defineProperty(target, 'readable', { value: type !== MULTIPART });
	const read = (): void => {
		if (type === MULTIPART) throw new Error('The stream is not readable');
		const body = unpack(sent, request.headers['content-encoding']);
		if (body.length > PAYLOAD_LIMIT) throw tooLarge();
		target.rawBody = body;
	};
	target.readRawBody = async () => {
		await Promise.resolve();
		read();
	};
	if (!isReadByN8n(type)) return undefined;
	try {
		read();
	} catch {
		return 413;
	}
	if (type !== 'application/json' || target.rawBody.length === 0) return undefined;
	try {
		const words = target.rawBody.toString(charset as BufferEncoding);
		target.body = JSON.parse(words.startsWith('\ufeff') ? words.slice(1) : words) as unknown;
		return undefined;
	} catch {
		return 422;
	}
}

/** As the package raw-body throws it. */
function tooLarge(): Error {
	return Object.assign(new Error('request entity too large'), { status: 413 });
}

const MULTIPART = 'multipart/form-data';

function isReadByN8n(type: string): boolean {
	return (
		['application/json', 'text/plain', 'application/x-www-form-urlencoded'].some((known) =>
			type.startsWith(known),
		) ||
		type.endsWith('/xml') ||
		type.endsWith('+xml')
	);
}

function readContentType(header: string): { type: string; charset: string } {
	const [type = '', ...parameters] = header.split(';');
	const charset = parameters
		.map((parameter) => parameter.split('='))
		.find(([name]) => name?.trim().toLowerCase() === 'charset')?.[1];
	return {
		type: type.toLowerCase(),
		charset: (charset ?? 'utf-8').trim().replaceAll('"', '').toLowerCase(),
	};
}

/** The body as it was before it was compressed. n8n knows these two ways alone, and stops at its limit. */
function unpack(sent: Buffer, encoding: string | undefined): Buffer {
	const limits = { maxOutputLength: PAYLOAD_LIMIT };
	try {
		if (encoding === 'gzip') return gunzipSync(sent, limits);
		return encoding === 'deflate' ? inflateSync(sent, limits) : sent;
	} catch (error) {
		throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : error;
	}
}
