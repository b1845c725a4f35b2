import { ASSET_LIMITS, assetPath, uploadPath } from '../assets/asset';
import { storageErrorAnswer, type Answer, type Call } from '../http/answer';
import { bytesOf, paddedBytes, type ByteSource } from '../http/bytes';
import { parseRange } from '../http/range';
import { withFreeBox } from '../media/video';
import { drawArtifact } from '../runs/drawArtifact';
import type { Artifact } from '../runs/run';
import type { SandboxState } from '../state';
import { findSample } from './samples';
import { checkSignedUrl, type SignedMethod } from './signedUrl';

interface StoredFile {
	readonly contentType: string;
	readonly body: ByteSource;
}

const CONTENT_TYPES: Readonly<Record<Artifact['type'], string>> = {
	image: 'image/png',
	video: 'video/mp4',
	audio: 'audio/wav',
};

/** The storage host takes no larger body. @see docs/runflow-api.md, "Upload" */
export const STORAGE_BODY_LIMIT_BYTES = ASSET_LIMITS.sizeBytes.max;

/**
 * In: a call to the storage host. Out: its answer: a PUT of an upload, or a file, whole or in part.
 * @see docs/runflow-api.md, "Upload": refusals are worded as those of S3
 */
export function handleStorage(state: SandboxState, call: Call): Promise<Answer> {
	return Promise.resolve(answerStorage(state, call));
}

function answerStorage(state: SandboxState, call: Call): Answer {
	if (call.headers.authorization !== undefined) {
		return storageErrorAnswer(400, 'InvalidArgument', 'Only one auth mechanism allowed');
	}
	if (call.method === 'PUT') return checkSignature(state, call, 'PUT') ?? putUpload(state, call);
	if (call.method !== 'GET' && call.method !== 'HEAD') {
		return storageErrorAnswer(405, 'MethodNotAllowed', 'The specified method is not allowed');
	}
	const sample = sampleFile(call.path);
	if (sample !== undefined) return fileAnswer(sample, call.headers.range);
	return checkSignature(state, call, 'GET') ?? getFile(state, call);
}

function checkSignature(state: SandboxState, call: Call, method: SignedMethod): Answer | null {
	switch (checkSignedUrl(state.storageKey, method, call.path, call.query, Date.now())) {
		case 'open':
			return null;
		case 'expired':
			return storageErrorAnswer(403, 'AccessDenied', 'Request has expired');
		case 'unsigned':
			return storageErrorAnswer(
				403,
				'SignatureDoesNotMatch',
				'The request signature does not match',
			);
	}
}

/** Type and length are part of what an S3 upload URL signs, so both have to be the declared ones. */
function putUpload(state: SandboxState, call: Call): Answer {
	const asset = [...state.assets.values()].find(({ id }) => uploadPath(id) === call.path);
	if (asset === undefined)
		return storageErrorAnswer(404, 'NoSuchKey', 'The specified key does not exist');
	if (call.headers['content-length'] === undefined) {
		return storageErrorAnswer(
			411,
			'MissingContentLength',
			'You must provide the Content-Length header',
		);
	}
	if (call.bodyTooLarge)
		return storageErrorAnswer(400, 'EntityTooLarge', 'The upload is too large');
	if (call.headers['content-type'] !== asset.mimeType) {
		return storageErrorAnswer(
			403,
			'SignatureDoesNotMatch',
			`Content-Type is not ${asset.mimeType}`,
		);
	}
	if (call.body.length !== asset.sizeBytes) {
		return storageErrorAnswer(
			400,
			'IncompleteBody',
			`The body is not ${asset.sizeBytes} bytes long`,
		);
	}
	asset.bytes = call.body;
	return { status: 200, headers: {}, body: bytesOf(Buffer.alloc(0)) };
}

function getFile(state: SandboxState, call: Call): Answer {
	const file = assetFile(state, call.path) ?? outputFile(state, call.path);
	return file === undefined
		? storageErrorAnswer(404, 'NoSuchKey', 'The specified key does not exist')
		: fileAnswer(file, call.headers.range);
}

function fileAnswer(file: StoredFile, rangeHeader: string | undefined): Answer {
	const { body, contentType } = file;
	const headers = { 'content-type': contentType, 'accept-ranges': 'bytes' };
	const range = parseRange(rangeHeader, body.length);
	if (range === null) return { status: 200, headers, body };
	if (range === 'unsatisfiable') {
		const refusal = storageErrorAnswer(
			416,
			'InvalidRange',
			'The requested range is not satisfiable',
		);
		return {
			...refusal,
			headers: { ...refusal.headers, 'content-range': `bytes */${body.length}` },
		};
	}
	const { first, last } = range;
	return {
		status: 206,
		headers: { ...headers, 'content-range': `bytes ${first}-${last}/${body.length}` },
		body: {
			length: last - first + 1,
			slice: (start, end) => body.slice(first + start, first + end),
		},
	};
}

function sampleFile(path: string): StoredFile | undefined {
	const name = /^\/samples\/([^/]+)$/.exec(path)?.[1];
	const sample = name === undefined ? undefined : findSample(name);
	return sample === undefined
		? undefined
		: { contentType: sample.contentType, body: bytesOf(sample.bytes()) };
}

function assetFile(state: SandboxState, path: string): StoredFile | undefined {
	const asset = [...state.assets.values()].find(
		(one) => one.confirmedAtMs !== null && assetPath(one) === path,
	);
	if (asset === undefined || asset.bytes === null) return undefined;
	return { contentType: asset.mimeType, body: bytesOf(asset.bytes) };
}

function outputFile(state: SandboxState, path: string): StoredFile | undefined {
	const runId = /^\/outputs\/([^/]+)\//.exec(path)?.[1] ?? '';
	const run = state.runs.get(runId);
	const artifact = run?.artifacts.find((one) => one.path === path);
	if (run === undefined || artifact === undefined) return undefined;
	const file = drawArtifact(state, run, artifact);
	const length = state.switches.outputBytes ?? 0;
	return {
		contentType: CONTENT_TYPES[artifact.type],
		body: paddedBytes(artifact.type === 'video' ? withFreeBox(file, length) : file, length),
	};
}
