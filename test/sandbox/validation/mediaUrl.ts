import { assetIdOf } from '../assets/asset';
import { parseDataUri } from '../assets/dataUri';
import type { Json } from '../json';
import type { MediaField } from '../models/model';
import { problem, type Problem } from './problem';

/** What a media field may point at, here and now. */
export interface MediaPolicy {
	readonly refs: 'accepted' | 'rejected';
	readonly mimeTypes: readonly string[];
	/** The MIME type of a confirmed asset of the caller's organization; null when there is none. */
	readonly assetMimeType: (id: string) => string | null;
}

/**
 * `file` is a sound: the only file field is audio_url.
 * @see docs/runflow-api.md, "Image to Video: input" and "Image to Video: limits upstream"
 */
const MIME_FAMILY: Readonly<Record<MediaField['type'], string>> = {
	image: 'image/',
	video: 'video/',
	file: 'audio/',
};

/**
 * In: the kind of medium, a value and what it may point at. Out: what is wrong with it.
 * @see docs/runflow-api.md, "Media inputs"
 */
export function checkMediaUrl(
	kind: MediaField['type'],
	value: Json,
	policy: MediaPolicy,
): readonly Problem[] {
	if (typeof value !== 'string') return problem('string_type', 'Input should be a valid string');
	if (value.startsWith('runflow:')) return checkAssetRef(kind, value, policy);
	if (value.startsWith('data:')) return checkDataUri(kind, value, policy);
	return checkHttpUrl(value);
}

/**
 * In: a text. Out: what keeps it from being an absolute http(s) URL.
 * @see docs/runflow-api.md, "Media inputs": http is accepted too, since the sandbox itself has no TLS
 */
export function checkHttpUrl(text: string): readonly Problem[] {
	if (text === '') return problem('url_parsing', 'Input should be a valid URL, input is empty');
	if (/\s/.test(text) || !URL.canParse(text))
		return problem('url_parsing', 'Input should be a valid URL');
	return /^https?:\/\/[^/]/i.test(text)
		? []
		: problem('url_scheme', "URL scheme should be 'http' or 'https'");
}

function checkAssetRef(
	kind: MediaField['type'],
	ref: string,
	policy: MediaPolicy,
): readonly Problem[] {
	if (policy.refs === 'rejected') return refRejected();
	const mimeType = policy.assetMimeType(assetIdOf(ref) ?? '');
	if (mimeType === null) return problem('asset_not_found', `Asset '${ref}' was not found`);
	return checkMimeType(kind, mimeType);
}

function checkDataUri(
	kind: MediaField['type'],
	text: string,
	policy: MediaPolicy,
): readonly Problem[] {
	const data = parseDataUri(text);
	if (data === null) return problem('data_uri', 'Input should be a valid base64 data URI');
	if (!policy.mimeTypes.includes(data.mimeType)) {
		return problem('mime_type', `MIME type '${data.mimeType}' is not supported`);
	}
	// In those days the API turned a data URI into a reference first, and then refused its own reference.
	return policy.refs === 'rejected' ? refRejected() : checkMimeType(kind, data.mimeType);
}

function refRejected(): readonly Problem[] {
	return problem('value_error', "media URL must be HTTP(S) or data URI, got 'runflow'");
}

function checkMimeType(kind: MediaField['type'], mimeType: string): readonly Problem[] {
	const family = MIME_FAMILY[kind];
	return mimeType.startsWith(family)
		? []
		: problem('mime_type', `Input should be ${family}*, the asset is ${mimeType}`);
}
