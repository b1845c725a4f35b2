import type { JsonObject } from '../json';
import { isoTime } from '../isoTime';
import type { SandboxState } from '../state';
import { signUrl } from '../storage/signedUrl';

/** What `POST /v1/asset-uploads` takes. @see docs/runflow-api.md, "Upload" */
export const ASSET_LIMITS = {
	sizeBytes: { min: 1, max: 52428800 },
	filename: { min: 1, max: 500 },
	mimeType: { min: 1, max: 255 },
} as const;

/** An asset from its upload session on; it is one for clients only once it is confirmed. */
export interface SandboxAsset {
	readonly id: string;
	readonly orgId: string;
	readonly filename: string;
	readonly mimeType: string;
	readonly sizeBytes: number;
	readonly sourceType: 'upload' | 'inline';
	readonly createdBy: string;
	readonly createdAtMs: number;
	/** What the storage host was given; null before. */
	bytes: Buffer | null;
	folderId: string | null;
	confirmedAtMs: number | null;
}

const REF_PREFIX = 'runflow://assets/';

/**
 * In: an asset's id. Out: the form of it that does not expire.
 * @see docs/runflow-api.md, "Media inputs"
 */
export function assetRef(id: string): string {
	return `${REF_PREFIX}${id}`;
}

/**
 * In: any text. Out: the id in it when it is an asset reference, otherwise null.
 * @see docs/runflow-api.md, "Media inputs"
 */
export function assetIdOf(text: string): string | null {
	return text.startsWith(REF_PREFIX) ? text.slice(REF_PREFIX.length) : null;
}

/**
 * In: an asset's id. Out: the path that its bytes are PUT to.
 */
export function uploadPath(id: string): string {
	return `/uploads/${id}`;
}

/**
 * In: an asset. Out: the path that its bytes are read from.
 */
export function assetPath(asset: SandboxAsset): string {
	// The name only for people's eyes, and cleaned: '..' or half a surrogate pair would not survive in a URL.
	return `/assets/${asset.id}-${asset.filename.replace(/[^\w.-]+/g, '_')}`;
}

/**
 * In: an asset and the time. Out: an https-like URL to read it, newly signed each time and valid for a while.
 * @see docs/runflow-api.md, "Asset record"
 */
export function signedAssetUrl(state: SandboxState, asset: SandboxAsset, nowMs: number): string {
	const expiresAtMs = nowMs + state.switches.outputUrlTtlMs;
	return signUrl(state.storageKey, state.storageUrl, 'GET', assetPath(asset), expiresAtMs);
}

/**
 * In: a confirmed asset and the time. Out: the asset as the API shows it.
 * @see docs/runflow-api.md, "Asset record"
 */
export function renderAsset(state: SandboxState, asset: SandboxAsset, nowMs: number): JsonObject {
	return {
		id: asset.id,
		org_id: asset.orgId,
		folder_id: asset.folderId,
		name: asset.filename,
		r2_key: `assets/${asset.orgId}/${asset.id}`,
		url: signedAssetUrl(state, asset, nowMs),
		thumbnail_url: null,
		mime_type: asset.mimeType,
		size_bytes: asset.bytes?.length ?? asset.sizeBytes,
		asset_type: asset.mimeType.split('/')[0] ?? 'file',
		source_type: asset.sourceType,
		source_id: null,
		created_by: asset.createdBy,
		created_at: isoTime(asset.createdAtMs),
		updated_at: isoTime(asset.confirmedAtMs ?? asset.createdAtMs),
		deleted_at: null,
		deleted_by: null,
		created_by_user: null,
	};
}
