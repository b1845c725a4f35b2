import { utf8Header } from '../headers';
import {
	bareMimeType,
	extensionOf,
	extensionsFor,
	findMediaType,
	isGeneric,
	mimeTypeOfEnding,
} from './mediaTypes';
import type { Artifact } from '../output';

/** n8n's default name for a binary field. */
export const DEFAULT_FIELD = 'data';

/** An artifact, and how its storage describes it. */
export interface ServedArtifact {
	artifact: Artifact;
	/** The run that made it. */
	runId: string | undefined;
	/** Which of the run's outputs it is, from 1. */
	number: number;
	contentType: unknown;
	contentDisposition: unknown;
}

/** Name and type of a downloaded artifact. */
export interface ArtifactFile {
	fileName: string;
	mimeType: string;
}

/** The longest file name that every common disk and service accepts; disks count bytes, up to 255. */
const MAX_FILE_NAME_CHARACTERS = 120;
const MAX_FILE_NAME_BYTES = 240;

/** What a storage sends in place of a file when something is wrong: a login, a proxy's page, an error. */
const PAGES: ReadonlySet<string> = new Set([
	'text/html',
	'application/xhtml+xml',
	'application/json',
	'application/xml',
	'text/xml',
]);

/** The most likely MIME type of an artifact, by Runflow's name for its kind. @see docs/runflow-api.md, "Output" */
const USUAL_MIME_TYPE: ReadonlyMap<unknown, string> = new Map([
	['image', 'image/png'],
	['video', 'video/mp4'],
	['audio', 'audio/mpeg'],
]);

/** What a MIME type may look like, and how long it may be. @see RFC 6838, section 4.2 */
const MIME_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

/** What storages call any file, before its ending: a number, or a word for its kind. */
const NO_NAME = /^(?:(?:image|video|audio|output|file|result)s?)?[-_]?\d*(?=\.\w+$|$)/i;

/** Names that Windows reserves, with any extension. */
const RESERVED_NAME = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/**
 * Name and type of a downloaded artifact. The name is the one that the storage gives, or the last part of
 * the URL, without anything that could lead out of a folder, and with an ending that fits the type. A name that every
 * run has, such as `0.png`, is replaced: see {@link madeName}.
 * @returns undefined where no artifact came, but a page about something else
 */
export function artifactFile(served: ServedArtifact): ArtifactFile | undefined {
	const { artifact, contentType, contentDisposition } = served;
	const inUrl = cleanFileName(lastPathSegment(artifact.url));
	const inHeader = readDisposition(contentDisposition) ?? '';
	const given = inHeader === '' ? inUrl : cleanFileName(inHeader);
	const bare = bareMimeType(contentType);
	if (PAGES.has(bare)) return undefined;

	const mimeType = chooseMimeType({
		said: MIME_TYPE.test(bare) ? (findMediaType(bare, '')?.mimeType ?? bare) : '',
		kind: USUAL_MIME_TYPE.has(artifact.type) ? artifact.type : undefined,
		ofEnding: mimeTypeOfEnding(given) ?? mimeTypeOfEnding(inUrl),
		hasEnding: extensionOf(given) !== '',
	});
	const name = given.replace(NO_NAME, () => madeName(served));
	return { fileName: withExtension(name, extensionsFor(mimeType)), mimeType };
}

/**
 * A name that no other output has: `runflow-6c9a12f0-1`, by the end of the run's id. Its beginning is a time, which runs
 * that were started together share.
 */
function madeName({ runId, number }: ServedArtifact): string {
	const id = runId?.replace(/\W/g, '').slice(-8) ?? '';
	return id === '' ? `runflow-${number}` : `runflow-${id}-${number}`;
}

/** The known type of a file. */
interface TypeEvidence {
	/** The storage's Content-Type; empty where it gives none. */
	said: string;
	/** What the run says that it is; undefined where it does not. */
	kind: string | undefined;
	/** The type for its file extension, if that is one of an image, video or audio file. */
	ofEnding: string | undefined;
	hasEnding: boolean;
}

/**
 * The type of a file. Storages often give no type, a general one, or a wrong one: what the run and the
 * ending say together weighs more. Of several types of the same kind, the storage knows best.
 */
function chooseMimeType({ said, kind, ofEnding, hasEnding }: TypeEvidence): string {
	const usual = USUAL_MIME_TYPE.get(kind);
	if (isGeneric(said)) return ofEnding ?? usual ?? 'application/octet-stream';
	const saidKind = kindOf(said);
	const endingKind = ofEnding === undefined ? undefined : kindOf(ofEnding);
	if (USUAL_MIME_TYPE.has(saidKind)) {
		if (kind === undefined || saidKind === kind || saidKind === endingKind) return said;
		return endingKind === kind && ofEnding !== undefined ? ofEnding : (usual ?? said);
	}
	// Plain text and the like: only where nothing else is known.
	if (ofEnding !== undefined && (kind === undefined || endingKind === kind)) return ofEnding;
	return hasEnding && said !== PLAIN_TEXT ? said : (usual ?? said);
}

/** What servers say of any file whose type is not set up. */
const PLAIN_TEXT = 'text/plain';

function kindOf(mimeType: string): string {
	return mimeType.split('/')[0] ?? '';
}

/** The binary field of each artifact: the user's name, then `_1`, `_2`, … as n8n names further ones. */
export function binaryFieldName(name: string, index: number): string {
	return index === 0 ? name : `${name}_${index}`;
}

/** The name in a Content-Disposition header; the encoded form wins, as RFC 6266 has it. */
function readDisposition(header: unknown): string | undefined {
	if (typeof header !== 'string') return undefined;
	const encoded = /filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(header)?.[1];
	const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header);
	if (encoded !== undefined) return decoded(utf8Header(encoded));
	const name = plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2];
	return name === undefined ? undefined : utf8Header(name);
}

function lastPathSegment(url: string): string {
	const [segment = ''] = URL.canParse(url) ? new URL(url).pathname.split('/').slice(-1) : [];
	return decoded(segment);
}

function decoded(words: string): string {
	try {
		return decodeURIComponent(words);
	} catch {
		return words;
	}
}

/** No folders, no control or invisible characters, nothing that Windows forbids, no hidden file. */
function cleanFileName(name: string): string {
	return name
		.replace(/^.*[/\\]/s, '')
		.replace(/[\p{C}:*?"<>|]/gu, '')
		.trim()
		.replace(/^[.\s]+|[.\s]+$/g, '')
		.replace(RESERVED_NAME, '$&_');
}

function withExtension(name: string, fitting: string[]): string {
	const own = extensionOf(name);
	const [usual] = fitting;
	const keeps = usual === undefined ? own !== '' : fitting.includes(own);
	const ending = keeps ? name.slice(-own.length - 1) : usual === undefined ? '' : `.${usual}`;
	const stem = keeps ? name.slice(0, -own.length - 1) : name;
	const characters = Array.from(stem).slice(0, MAX_FILE_NAME_CHARACTERS - ending.length);
	while (Buffer.byteLength(characters.join('') + ending) > MAX_FILE_NAME_BYTES) characters.pop();
	return `${characters.join('')}${ending}`;
}
