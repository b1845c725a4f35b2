import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';

import {
	explainAnswer,
	explainError,
	type ApiErrorText,
	type Purpose,
} from '../../../api/errorTexts/errorTexts';
import {
	ASSETS_PATH,
	explainInsecure,
	explainStorage,
	readAsset,
	readUploadSession,
	uploadBody,
	UPLOADS_PATH,
	uploadTimeout,
	type Asset,
	type UploadSession,
} from '../../../api/files/asset';
import { asText } from '../../../values/json';
import type { BinaryFile } from '../../../validation/media/binaryFile';
import { callApi, send, transportOptions, type Connection } from '../../../api/client';
import type { ApiError, ApiResult, Read } from '../../../api/result/result';
import { apiError, type Failure } from '../../read/itemErrors';
import { openContent, type Content } from './fileContent';
import { pauseAfter, tryAgain } from '../../../api/retry';

/** A file of the item that was uploaded to Runflow. */
export interface UploadedFile extends Pick<Asset, 'id' | 'url'> {
	/** What Runflow says of it; missing where the API key may not read what was uploaded before. */
	record?: IDataObject;
	/** When the upload was confirmed (ms since 1970). */
	at: number;
}

/** What an upload is part of. */
interface Upload {
	/** The request for which the file is uploaded: with its Base URL and proxy settings. */
	connection: Connection;
	/** Whether the signed URL is needed, besides the reference. */
	needsUrl: boolean;
	/** What the file is uploaded for. */
	purpose: Purpose;
}

interface UploadFailure {
	failure: Failure;
}

/**
 * Uploads one binary file, in Runflow's three steps. Transient failures are retried, since uploads cost no money; an
 * upload URL that has expired meanwhile is replaced, once.
 * @returns the asset, with its signed URL where that is needed; or the error
 * @see docs/runflow-api.md, "Upload"
 */
export async function uploadFile(
	context: IExecutePaginationFunctions,
	file: BinaryFile,
	upload: Upload,
): Promise<UploadedFile | UploadFailure> {
	const content = await openContent(context, file);
	if ('failure' in content) return content;

	let session = await openSession(context, file, content, upload);
	if ('failure' in session) return session;
	let stored = await store(context, file, content, { ...upload, ...session });
	if (!stored.ok && stored.error.status === EXPIRED) {
		session = await openSession(context, file, content, upload);
		if ('failure' in session) return session;
		stored = await store(context, file, content, { ...upload, ...session });
	}
	if (!stored.ok) {
		const { error } = stored;
		return error.kind === 'network'
			? failRequest(context, file, error, upload)
			: fail(context, file, explainStorage(error.answer, upload.purpose), error.status);
	}
	return await confirm(context, file, session, upload);
}

/** The status with which the storage refuses an expired URL. @see docs/runflow-api.md, "Upload" */
const EXPIRED = 403;
/** The status for an asset that is confirmed already. */
const CONFLICT = 409;

/** Step 1: where to send the bytes. */
async function openSession(
	context: IExecutePaginationFunctions,
	file: BinaryFile,
	{ sizeBytes }: Content,
	upload: Upload,
): Promise<UploadSession | UploadFailure> {
	const opened = await post(
		context,
		{ url: UPLOADS_PATH, body: uploadBody({ ...file, sizeBytes }) },
		upload.connection,
		({ body }) => readUploadSession(body, asText(upload.connection.baseURL)),
	);
	if (!opened.ok) return failRequest(context, file, opened.error, upload);
	return opened.value === 'insecure'
		? fail(context, file, explainInsecure(upload.purpose))
		: opened.value;
}

/** Step 2: the bytes, to the storage, which never gets to see the API key. */
async function store(
	context: IExecutePaginationFunctions,
	{ mimeType }: BinaryFile,
	{ sizeBytes, open }: Content,
	{ uploadUrl, connection }: Upload & UploadSession,
): Promise<ApiResult> {
	const stopped = context.getExecutionCancelSignal();
	const timeout = uploadTimeout(sizeBytes);
	const put = async () => {
		const bytes = await open();
		try {
			return (await context.helpers.httpRequest({
				...transportOptions(connection),
				method: 'PUT',
				url: uploadUrl,
				headers: { 'Content-Type': mimeType, 'Content-Length': String(sizeBytes) },
				body: bytes,
				encoding: 'text',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
				timeout,
				...(stopped === undefined ? {} : { abortSignal: stopped }),
			})) as unknown;
		} finally {
			// n8n does not close the file of a request that was refused or answered early.
			if (!Buffer.isBuffer(bytes)) bytes.destroy?.();
		}
	};
	const timing = { timeout, bytes: sizeBytes };
	return await tryAgain(async () => await send(put, timing), pauseAfter, stopped);
}

/** Step 3: from now on it is an asset. */
async function confirm(
	context: IExecutePaginationFunctions,
	file: BinaryFile,
	{ assetId }: UploadSession,
	upload: Upload,
): Promise<UploadedFile | UploadFailure> {
	const { connection, needsUrl, purpose } = upload;
	const at = Date.now();
	const id = encodeURIComponent(assetId);
	let confirmed: ApiResult<Asset> = await post(
		context,
		{ url: `${UPLOADS_PATH}/${id}/confirmations`, body: { folder_id: null } },
		connection,
		({ body }) => readAsset(body),
	);
	// An earlier attempt, whose response was lost, may have confirmed it.
	if (!confirmed.ok && confirmed.error.status === CONFLICT) {
		const call = { method: 'GET', url: `${ASSETS_PATH}/${id}` } as const;
		const asset = await callApi(context, call, connection, ({ body }) => readAsset(body));
		// It was not confirmed, so the conflict is the error. A key that may not read assets cannot find out.
		if (!asset.ok && asset.error.status === 404) {
			return failRequest(context, file, confirmed.error, upload);
		}
		if (!asset.ok && !needsUrl) return { id: assetId, url: undefined, at };
		confirmed = asset;
	}
	if (!confirmed.ok) return failRequest(context, file, confirmed.error, upload);
	const { value: asset, answer } = confirmed;
	return needsUrl && asset.url === undefined
		? fail(context, file, explainAnswer(answer, purpose), answer.status)
		: { ...asset, at };
}

/** Sends a request to the API, again after a transient failure or an unreadable response. */
async function post<Value>(
	context: IExecutePaginationFunctions,
	call: { url: string; body: IDataObject },
	connection: Connection,
	read: Read<Value>,
): Promise<ApiResult<Value>> {
	return await tryAgain(
		async () => await callApi(context, { method: 'POST', ...call }, connection, read),
		pauseAfter,
		context.getExecutionCancelSignal(),
	);
}

function failRequest(
	context: IExecutePaginationFunctions,
	file: BinaryFile,
	error: ApiError,
	{ purpose }: Upload,
): UploadFailure {
	return fail(context, file, explainError(error, purpose), error.status);
}

function fail(
	context: IExecutePaginationFunctions,
	{ title }: BinaryFile,
	text: ApiErrorText,
	status?: number,
): UploadFailure {
	const message = `${title} could not be uploaded: ${text.message}`;
	const failure = apiError(
		context.getNode(),
		{ ...text, message },
		{ itemIndex: context.getItemIndex(), status },
	);
	return { failure };
}
