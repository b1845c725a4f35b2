import type {
	GenericValue,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import { assetReference, type AssetForm } from '../../../api/files/asset';
import { isBinaryFile, type BinaryFile } from '../../../validation/media/binaryFile';
import { bodyValue } from '../../../properties/body';
import { digest } from '../../../values/digest';
import { uploadFile } from './uploadFile';

/** A file of the item that was uploaded to Runflow. */
interface UploadedAsset {
	id: string;
	/** Signed, and expires soon; only where the user wants such URLs sent. */
	url?: string;
	/** When the upload was confirmed (ms since 1970). */
	at: number;
}

/** The files that were uploaded for an item. */
export interface Uploads {
	/** By their field and {@link fingerprint}. */
	assets?: Record<string, UploadedAsset>;
}

/**
 * How long an uploaded file is used again, in milliseconds: references within the time in which a failed
 * execution is usually retried; URLs, whose lifetime is not documented, only over the tries of Retry On Fail.
 * @see docs/runflow-api.md, "Unknown"
 */
const USED_AGAIN_FOR: Record<AssetForm, number> = { asset: 60 * 60_000, signedUrl: 5 * 60_000 };

/**
 * Uploads the binary files of an item, one after the other, and replaces them in the request by what the model is
 * given. A file that an earlier try has uploaded is not uploaded again.
 *
 * @param request as it will be sent, with the files in its input
 * @param uploads the files that were uploaded for the item so far; kept up to date
 * @returns the error of the file that could not be uploaded, if one could not
 */
export async function uploadFiles(
	context: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
	uploads: Uploads,
	form: AssetForm,
): Promise<NodeApiError | NodeOperationError | undefined> {
	const input = (bodyValue(request, 'input') ?? {}) as IDataObject;
	for (const [name, value] of Object.entries(input)) {
		const values: unknown[] = Array.isArray(value) ? value : [value];
		const sent: GenericValue[] = [];
		for (const [index, file] of values.entries()) {
			if (!isBinaryFile(file)) {
				sent.push(file as GenericValue);
				continue;
			}
			const assets = (uploads.assets ??= {});
			const key = `${name}.${index} ${fingerprint(file)}`;
			let asset = usable(assets[key], form);
			if (asset === undefined) {
				const needsUrl = form === 'signedUrl';
				const upload = { connection: request, needsUrl, purpose: 'upload' } as const;
				const uploaded = await uploadFile(context, file, upload);
				if ('failure' in uploaded) return uploaded.failure;
				const { id, at, url } = uploaded;
				asset = { id, at, ...(needsUrl && url !== undefined ? { url } : {}) };
			}
			assets[key] = asset;
			sent.push(asset.url ?? assetReference(asset.id));
		}
		input[name] = Array.isArray(value) ? sent : sent[0];
	}
	return undefined;
}

/** Distinguishes the files of one field without reading those that n8n stores. */
export function fingerprint({ id, base64 }: BinaryFile): string {
	return id ?? digest(base64);
}

function usable(asset: UploadedAsset | undefined, form: AssetForm): UploadedAsset | undefined {
	if (asset === undefined || Date.now() - asset.at > USED_AGAIN_FOR[form]) return undefined;
	return (form === 'signedUrl') === (asset.url !== undefined) ? asset : undefined;
}
