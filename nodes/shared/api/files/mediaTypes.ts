/** What a picture, a clip or a sound is. */
export type MediaKind = 'image' | 'video' | 'audio';

/** A media type that Wan 2.7 reads. */
export interface MediaType {
	kind: MediaKind;
	/** As it is sent to Runflow. */
	mimeType: string;
	/** The usual one first. */
	extensions: [string, ...string[]];
	/** What other programs call it. */
	aliases: string[];
}

/** @see docs/runflow-api.md, "Pro Edit: limits upstream" and "Image to Video: limits upstream" */
const MEDIA_TYPES: MediaType[] = [
	{
		kind: 'image',
		mimeType: 'image/jpeg',
		extensions: ['jpg', 'jpeg'],
		aliases: ['image/jpg', 'image/pjpeg'],
	},
	{ kind: 'image', mimeType: 'image/png', extensions: ['png'], aliases: ['image/x-png'] },
	{
		kind: 'image',
		mimeType: 'image/bmp',
		extensions: ['bmp'],
		aliases: ['image/x-bmp', 'image/x-ms-bmp'],
	},
	{ kind: 'image', mimeType: 'image/webp', extensions: ['webp'], aliases: [] },
	{ kind: 'video', mimeType: 'video/mp4', extensions: ['mp4', 'm4v'], aliases: [] },
	{ kind: 'video', mimeType: 'video/quicktime', extensions: ['mov'], aliases: [] },
	{
		kind: 'audio',
		mimeType: 'audio/wav',
		extensions: ['wav'],
		aliases: ['audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
	},
	{
		kind: 'audio',
		mimeType: 'audio/mpeg',
		extensions: ['mp3'],
		aliases: ['audio/mp3', 'audio/x-mp3'],
	},
];

/** What servers say of a file when they do not know. */
const GENERIC: ReadonlySet<string> = new Set([
	'',
	'*/*',
	'application/binary',
	'application/download',
	'application/force-download',
	'application/octet-stream',
	'application/unknown',
	'application/x-binary',
	'application/x-download',
	'application/x-octet-stream',
	'binary/octet-stream',
	'content/unknown',
	'unknown/unknown',
]);

/** The usual MIME type of endings that Wan 2.7 does not read, but a model may make. */
const OTHER_ENDINGS: ReadonlyMap<string, string> = new Map([
	['avif', 'image/avif'],
	['gif', 'image/gif'],
	['tiff', 'image/tiff'],
	['tif', 'image/tiff'],
	['svg', 'image/svg+xml'],
	['webm', 'video/webm'],
	['mkv', 'video/x-matroska'],
	['avi', 'video/x-msvideo'],
	['m4a', 'audio/mp4'],
	['aac', 'audio/aac'],
	['ogg', 'audio/ogg'],
	['flac', 'audio/flac'],
]);

/** A Content-Type without its parameters, in lower case. */
export function bareMimeType(contentType: unknown): string {
	const [type = ''] = typeof contentType === 'string' ? contentType.split(';') : [];
	return type.trim().toLowerCase();
}

/** Whether a MIME type does not say what kind of file it is. */
export function isGeneric(mimeType: string): boolean {
	return GENERIC.has(mimeType);
}

/** The ending of a file name, in lower case and without the dot; empty where there is none. */
export function extensionOf(fileName: string): string {
	return /\.([a-z0-9]{1,5})$/i.exec(fileName)?.[1]?.toLowerCase() ?? '';
}

/** The media type of a MIME type or, where that says nothing, of a file name; if Wan 2.7 reads it. */
export function findMediaType(mimeType: unknown, fileName: string): MediaType | undefined {
	const bare = bareMimeType(mimeType);
	const extension = extensionOf(fileName);
	return MEDIA_TYPES.find((type) =>
		isGeneric(bare)
			? type.extensions.includes(extension)
			: type.mimeType === bare || type.aliases.includes(bare),
	);
}

/** The MIME type of a picture, a clip or a sound with this file name; undefined where its ending is not known. */
export function mimeTypeOfEnding(fileName: string): string | undefined {
	return findMediaType('', fileName)?.mimeType ?? OTHER_ENDINGS.get(extensionOf(fileName));
}

/** The endings that a file of this MIME type may have, the usual one first; none where it is not known. */
export function extensionsFor(mimeType: string): string[] {
	const known = findMediaType(mimeType, '');
	if (known !== undefined) return known.extensions;
	const others = [...OTHER_ENDINGS].filter(([, type]) => type === mimeType);
	if (others.length > 0) return others.map(([ending]) => ending);
	const subtype = /^(?:image|video|audio)\/(?:x-)?([a-z0-9]{2,5})$/.exec(mimeType)?.[1];
	return subtype === undefined ? [] : [subtype];
}
