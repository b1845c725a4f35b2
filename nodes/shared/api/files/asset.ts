import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../../values/json';
import { refusedText, type ApiErrorText, type Purpose } from '../errorTexts/errorTexts';
import { quoteBody } from '../result/quote';
import type { ApiAnswer } from '../result/result';

/** The largest asset, in bytes. @see docs/runflow-api.md, "Upload" */
export const MAX_ASSET_BYTES = 52_428_800;

/** The longest `filename` that step 1 takes. @see docs/runflow-api.md, "Upload" */
const MAX_FILE_NAME_CHARACTERS = 500;

/** The path of the first and the last of the three steps; the second one goes to the storage. */
export const UPLOADS_PATH = '/v1/asset-uploads';

/** The path of a confirmed asset. */
export const ASSETS_PATH = '/v1/assets';

/** What step 1 says about a file. */
export interface FileDescription {
	fileName: string;
	mimeType: string;
	sizeBytes: number;
}

/** The body of step 1. @see docs/runflow-api.md, "Upload" */
export function uploadBody({ fileName, mimeType, sizeBytes }: FileDescription): IDataObject {
	return {
		filename: Array.from(fileName).slice(0, MAX_FILE_NAME_CHARACTERS).join(''),
		mime_type: mimeType,
		size_bytes: sizeBytes,
	};
}

/** Where step 2 sends the bytes, and the asset that they will be. */
export interface UploadSession {
	assetId: string;
	uploadUrl: string;
}

/**
 * Reads the response to step 1. The bytes are sent over an encrypted connection only, unless the API itself, which is a
 * local sandbox then, is reached without one.
 *
 * @param apiUrl where step 1 was sent
 * @returns `insecure` where the bytes would go out unencrypted, undefined where the response has no session
 * @see docs/runflow-api.md, "Upload" and "How the SDK uploads"
 */
export function readUploadSession(
	body: unknown,
	apiUrl: string,
): UploadSession | 'insecure' | undefined {
	if (!isObject(body)) return undefined;
	const assetId = body.asset_id;
	const uploadUrl = body.upload_url;
	if (typeof uploadUrl !== 'string' || !isAssetId(assetId)) return undefined;
	const scheme = schemeOf(uploadUrl);
	const allowed = scheme === 'https:' || (scheme === 'http:' && schemeOf(apiUrl) === 'http:');
	return allowed ? { assetId, uploadUrl } : 'insecure';
}

/** How long step 2 may take, in milliseconds. @see docs/runflow-api.md, "How the SDK uploads" */
export function uploadTimeout(sizeBytes: number): number {
	return Math.max(120_000, (sizeBytes / (256 * 1024)) * 1000);
}

/** How a model is given an uploaded file: by a lasting reference, or by a URL that soon expires. */
export type AssetForm = 'asset' | 'signedUrl';

/** An asset that a run can be given. */
export interface Asset {
	id: string;
	/** Signed, and expires soon. */
	url: string | undefined;
	/** All that Runflow says of it. */
	record: IDataObject;
}

/** The asset in the answer of step 3, or of `GET /v1/assets/{id}`. @see docs/runflow-api.md, "Upload" */
export function readAsset(body: unknown): Asset | undefined {
	if (!isObject(body) || !isAssetId(body.id)) return undefined;
	const url = typeof body.url === 'string' ? body.url : undefined;
	return { id: body.id, url, record: body };
}

/** The form of an asset that a model takes and that does not expire. @see docs/runflow-api.md, "Media inputs" */
export function assetReference(assetId: string): string {
	return `runflow://assets/${assetId}`;
}

/** The asset's id in such a reference. */
export function readAssetReference(text: string): string | undefined {
	return /^runflow:\/\/assets\/([^/\s]+)$/.exec(text)?.[1];
}

/** The error text for an upload URL that {@link readUploadSession} calls insecure. */
export function explainInsecure(purpose: Purpose): ApiErrorText {
	return {
		message: 'Runflow gave no https address for the upload',
		description: withOutcome(
			'Check the Base URL in the Runflow API credential, or host the file and give its URL.',
			purpose,
		),
	};
}

/**
 * The error text for a storage that refuses the bytes. It answers in S3's XML, or with nothing; any other answer
 * is that of a proxy or a filter on the way.
 */
export function explainStorage({ status, body }: ApiAnswer, purpose: Purpose): ApiErrorText {
	const said = typeof body === 'string' ? body : '';
	const [code, message] = ['Code', 'Message'].map(
		(tag) => new RegExp(`<${tag}>([^<]{1,200})</${tag}>`).exec(said)?.[1],
	);
	const quoted = code === undefined && message === undefined ? quoteBody(body) : '';
	const isForeign = quoted !== '' || status === 407;
	return {
		message:
			message ??
			`${isForeign ? "Something between n8n and Runflow's storage" : 'The storage'} answered with HTTP status ${status}`,
		description: [
			withOutcome(
				isForeign
					? 'Check the proxy, filter or gateway that requests of n8n pass through, or host the file and give its URL.'
					: "Runflow's storage did not accept the file. Run the item again, or host the file and give its URL.",
				purpose,
			),
			...(quoted === '' ? [] : [`Its answer: ${quoted}`]),
			...(code === undefined ? [] : [`Code: ${code}`]),
		].join('\n'),
		...(code === undefined ? {} : { code }),
	};
}

function withOutcome(advice: string, purpose: Purpose): string {
	return `${advice} ${refusedText(purpose)}`.trim();
}

function isAssetId(value: unknown): value is string {
	return typeof value === 'string' && /^[^/\s]+$/.test(value);
}

function schemeOf(url: string): string {
	return URL.canParse(url) ? new URL(url).protocol : '';
}
