import { randomUUID } from 'node:crypto';

import { ASSET_LIMITS, renderAsset, uploadPath, type SandboxAsset } from '../assets/asset';
import {
	errorAnswer,
	jsonAnswer,
	passed,
	refused,
	validationAnswer,
	type Answer,
	type Checked,
	type FieldError,
} from '../http/answer';
import { isJsonObject, type Json, type JsonObject } from '../json';
import type { Range } from '../models/model';
import { signUrl } from '../storage/signedUrl';
import { unknownFields } from '../validation/unknownFields';
import { readJsonBody } from './jsonBody';
import type { Request } from './route';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * In: filename, mime_type, size_bytes. Out: an asset id and the URL to PUT the bytes to, or 422.
 * @see docs/runflow-api.md, "Upload", step 1
 */
export function createUpload(request: Request): Answer {
	const { state, caller, nowMs } = request;
	const json = readJsonBody(request.call);
	if (!json.ok) return json.answer;
	const body: JsonObject = isJsonObject(json.value) ? json.value : {};
	const upload = readUpload(body, state.switches.assetMimeTypes);
	if (!upload.ok) return upload.answer;
	const id = randomUUID();
	state.assets.set(id, {
		id,
		orgId: caller.org.id,
		...upload.value,
		sourceType: 'upload',
		createdBy: caller.key.email,
		createdAtMs: nowMs,
		bytes: null,
		folderId: null,
		confirmedAtMs: null,
	});
	const until = nowMs + state.switches.uploadUrlTtlMs;
	return jsonAnswer(201, {
		asset_id: id,
		upload_url: signUrl(state.storageKey, state.storageUrl, 'PUT', uploadPath(id), until),
	});
}

/**
 * In: an asset id and `{}` or `{folder_id}`. Out: the full asset; 422 before its bytes have come; what a second
 * confirmation gets is unknown, hence a switch.
 * @see docs/runflow-api.md, "Upload", step 3
 */
export function confirmUpload(request: Request): Answer {
	const { state, nowMs } = request;
	const found = findAsset(request);
	if (!found.ok) return found.answer;
	const json = readJsonBody(request.call);
	if (!json.ok) return json.answer;
	const folder = readFolderId(json.value);
	if (!folder.ok) return folder.answer;
	const asset = found.value;
	if (asset.bytes === null) {
		return validationAnswer([
			{
				loc: ['path', 'asset_id'],
				msg: 'No bytes have been uploaded for this asset',
				type: 'value_error',
			},
		]);
	}
	if (asset.confirmedAtMs !== null && state.switches.assetReconfirm === 'conflict') {
		return errorAnswer(409, 'CONFLICT', 'This upload is confirmed already.');
	}
	asset.folderId = folder.value;
	asset.confirmedAtMs ??= nowMs;
	return jsonAnswer(201, renderAsset(state, asset, nowMs));
}

/**
 * In: an asset id. Out: the asset with a newly signed URL, or 404.
 * @see docs/runflow-api.md, "Upload"
 */
export function getAsset(request: Request): Answer {
	const found = findAsset(request);
	if (!found.ok) return found.answer;
	return found.value.confirmedAtMs === null
		? assetNotFound()
		: jsonAnswer(200, renderAsset(request.state, found.value, request.nowMs));
}

/**
 * Out: the MIME types that uploads may have.
 * @see docs/runflow-api.md, "Upload": the form of the body is unknown
 */
export function listAssetTypes({ state }: Request): Answer {
	return jsonAnswer(200, {
		items: state.switches.assetMimeTypes.map((mime_type) => ({
			mime_type,
			asset_type: mime_type.split('/')[0] ?? 'file',
		})),
	});
}

function readUpload(
	body: JsonObject,
	mimeTypes: readonly string[],
): Checked<Pick<SandboxAsset, 'filename' | 'mimeType' | 'sizeBytes'>> {
	const { filename, mime_type: mimeType, size_bytes: sizeBytes } = body;
	const { min, max } = ASSET_LIMITS.sizeBytes;
	const errors: readonly FieldError[] = [
		...checkLength('filename', filename, ASSET_LIMITS.filename),
		...checkLength('mime_type', mimeType, ASSET_LIMITS.mimeType),
		...(typeof mimeType === 'string' && !mimeTypes.includes(mimeType)
			? [bad('mime_type', `MIME type '${mimeType}' is not supported`)]
			: []),
		...(isWithin(sizeBytes, ASSET_LIMITS.sizeBytes)
			? []
			: [bad('size_bytes', `Input should be an integer from ${min} to ${max}`)]),
		...unknownFields(['body'], body, ['filename', 'mime_type', 'size_bytes']),
	];
	return errors.length === 0 &&
		typeof filename === 'string' &&
		typeof mimeType === 'string' &&
		typeof sizeBytes === 'number'
		? passed({ filename, mimeType, sizeBytes })
		: refused(validationAnswer(errors));
}

function isWithin(value: Json | undefined, { min, max }: Range): boolean {
	return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

function checkLength(name: string, value: Json | undefined, range: Range): readonly FieldError[] {
	return typeof value === 'string' && isWithin(value.length, range)
		? []
		: [bad(name, `Input should be a string of ${range.min} to ${range.max} characters`)];
}

function readFolderId(body: Json): Checked<string | null> {
	if (!isJsonObject(body))
		return refused(validationAnswer([bad('folder_id', 'The body should be an object')]));
	const { folder_id: folderId = null } = body;
	const isId = folderId === null || (typeof folderId === 'string' && UUID.test(folderId));
	const errors = [
		...(isId ? [] : [bad('folder_id', 'Input should be a valid UUID')]),
		...unknownFields(['body'], body, ['folder_id']),
	];
	return errors.length > 0
		? refused(validationAnswer(errors))
		: passed(typeof folderId === 'string' ? folderId : null);
}

function findAsset({ state, params, caller }: Request): Checked<SandboxAsset> {
	const asset = state.assets.get(params[0] ?? '');
	return asset?.orgId === caller.org.id ? passed(asset) : refused(assetNotFound());
}

function assetNotFound(): Answer {
	return errorAnswer(404, 'ASSET_NOT_FOUND', 'Asset not found.');
}

function bad(name: string, msg: string): FieldError {
	return { loc: ['body', name], msg, type: 'value_error' };
}
