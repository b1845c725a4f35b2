import { bareMimeType, extensionsFor, findMediaType } from '../../api/files/mediaTypes';
import type { Origin } from './origin';

/** The type of an unknown file. @see docs/runflow-api.md, "How the SDK uploads" */
const UNKNOWN_TYPE = 'application/octet-stream';

/** What each kind of file must be, for messages. */
const FORMATS: Record<Origin['kind'], string> = {
	image: 'a JPEG, PNG, BMP or WEBP image',
	video: 'an MP4 or MOV video',
	audio: 'a WAV or MP3 sound',
	file: 'a file',
};

/** The same where the formats are not known. */
const KINDS: Record<Origin['kind'], string> = {
	image: 'an image',
	video: 'a video',
	audio: 'a sound',
	file: 'a file',
};

/** What a file must be, for messages. */
export function expectedType({ kind, anyFormat }: Origin): string {
	return anyFormat === true ? KINDS[kind] : FORMATS[kind];
}

/** How a file is sent. */
export interface FileType {
	mimeType: string;
	/** The ending of a name for it, without the dot; empty where none is known. */
	extension: string;
}

/** How a file is sent by its MIME type or, where that says nothing, by its name; undefined where it may not be sent. */
export function acceptedType(
	{ kind, anyFormat }: Pick<Origin, 'kind' | 'anyFormat'>,
	mimeType: unknown,
	fileName: string,
): FileType | undefined {
	const known = findMediaType(mimeType, fileName);
	if (known !== undefined && (known.kind === kind || kind === 'file')) {
		return { mimeType: known.mimeType, extension: known.extensions[0] };
	}
	const bare = bareMimeType(mimeType);
	if (kind !== 'file' && !(anyFormat === true && bare.startsWith(`${kind}/`))) return undefined;
	return {
		mimeType: bare === '' ? UNKNOWN_TYPE : bare,
		extension: extensionsFor(bare)[0] ?? '',
	};
}
