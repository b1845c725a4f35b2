import { randomUUID } from 'node:crypto';

import { mapObjectStrings, type JsonObject } from '../json';
import type { SandboxState } from '../state';
import { assetIdOf, assetRef, signedAssetUrl } from './asset';
import { parseDataUri } from './dataUri';

/**
 * In: an input or metadata as it was sent. Out: the same with each data URI stored as an asset and replaced by
 * its reference.
 * @see docs/runflow-api.md, "Media inputs"
 */
export function storeInlineMedia(
	state: SandboxState,
	value: JsonObject,
	owner: { readonly orgId: string; readonly email: string },
	nowMs: number,
): JsonObject {
	return mapObjectStrings(value, (text) => {
		const data = parseDataUri(text);
		if (data === null) return text;
		const bytes = Buffer.from(data.base64, 'base64');
		const id = randomUUID();
		state.assets.set(id, {
			id,
			orgId: owner.orgId,
			filename: `inline-${id}`,
			mimeType: data.mimeType,
			sizeBytes: bytes.length,
			sourceType: 'inline',
			createdBy: owner.email,
			createdAtMs: nowMs,
			bytes,
			folderId: null,
			confirmedAtMs: nowMs,
		});
		return assetRef(id);
	});
}

/**
 * In: an input as it is stored. Out: the same with each asset reference as a freshly signed URL.
 * @see docs/runflow-api.md, "Output links"
 */
export function signInlineMedia(state: SandboxState, value: JsonObject, nowMs: number): JsonObject {
	return mapObjectStrings(value, (text) => {
		const asset = state.assets.get(assetIdOf(text) ?? '');
		return asset === undefined ? text : signedAssetUrl(state, asset, nowMs);
	});
}
