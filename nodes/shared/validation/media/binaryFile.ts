import type { IDataObject } from 'n8n-workflow';

import { MAX_ASSET_BYTES } from '../../api/files/asset';
import { bareMimeType, isGeneric } from '../../api/files/mediaTypes';
import { asText, isObject } from '../../values/json';
import { trimText } from '../../values/text';
import { readContent, type Content } from './base64';
import { acceptedType, expectedType, type FileType } from './fileType';
import { ADVICE_ON_OBJECT_AS_TEXT, isObjectAsText } from '../objectAsText';
import { clause, type Origin } from './origin';
import {
	valid,
	invalid,
	show,
	type BinaryFields,
	type InvalidValue,
	type MediaContext,
} from '../result';

/** A file of the item, in the body until it is uploaded. */
export interface BinaryFile {
	/** The displayed name of its parameter and, in a list, which entry it is. */
	title: string;
	/** What messages call it, such as `the binary field "data"`. */
	label: string;
	/** Where n8n keeps it; undefined where the item itself holds it. */
	id: string | undefined;
	/** Its content in base64; empty where n8n keeps it elsewhere. */
	base64: string;
	mimeType: string;
	fileName: string;
}

const files = new WeakSet();

/** Whether a value of the body is a file that {@link validateFile} put there; nothing a user types is. */
export function isBinaryFile(value: unknown): value is BinaryFile {
	return files.has(value as object);
}

/**
 * Whether a value is a file as items have it. `$binary.data` has its content only where n8n keeps that elsewhere.
 * @see docs/n8n-engine.md, "Files in expressions"
 */
export function isBinaryData(value: unknown): boolean {
	if (!isObject(value) || typeof value.mimeType !== 'string') return false;
	return 'data' in value || isStoredId(value.id) || isDescription(value);
}

/** Whether n8n can find a file by the id, and it is not the id of a file in another service. */
export function isStoredId(id: unknown): id is string {
	return typeof id === 'string' && /^(?:filesystem(?:-v2)?|s3|azure|database):(?!\/\/)/.test(id);
}

/** Whether all that n8n shows of a file is there, but not where its content is. */
function isDescription(value: IDataObject): boolean {
	return !('id' in value || 'data' in value) && ('fileType' in value || 'fileExtension' in value);
}

/** The data of the item, and its label for messages. */
interface Found {
	data: unknown;
	label: string;
	/** The name of a file that has none. */
	stem: string;
}

/**
 * Validates that a file exists, its type, its content if the item has that, and its size if n8n has recorded that. Nothing
 * is read for it: items that wait for each other must not await anything before (see nodeRun.ts, WhenIncomplete).
 * @param source the name of a binary field, or the file itself as an expression gives it
 */
export function validateFile(
	source: unknown,
	origin: Origin,
	media: MediaContext,
): { accepted: BinaryFile } | InvalidValue {
	const found = findFile(source, origin, media);
	if ('problem' in found) return found;
	const { label, stem } = found;
	const data = isObject(found.data) ? found.data : {};
	const id = asText(data.id) === '' ? undefined : asText(data.id);
	const content: Content | undefined = id === undefined ? readContent(data.data) : { base64: '' };
	const mimeType = isGeneric(bareMimeType(data.mimeType))
		? (content?.mimeType ?? data.mimeType)
		: data.mimeType;
	// A Code node may give null.
	const fileName = asText(data.fileName);
	const type = acceptedType(origin, mimeType, fileName);
	if (type === undefined) return wrongType(found, origin, mimeType);
	if (content === undefined) return noContent(found, origin, data.data);

	const known = id === undefined ? decodedLength(content.base64) : data.bytes;
	const badSize = validateSize(typeof known === 'number' ? known : undefined, label, origin);
	if (badSize !== undefined) return badSize;
	const file: BinaryFile = {
		title: `${origin.title}${origin.which}`,
		label,
		id,
		base64: content.base64,
		mimeType: type.mimeType,
		fileName: fileName === '' ? defaultName(stem, type) : fileName,
	};
	files.add(file);
	return valid(file);
}

/** The file of a source, or why it has none. */
function findFile(
	source: unknown,
	origin: Origin,
	{ fields, isTool }: MediaContext,
): Found | InvalidValue {
	if (isObject(source) && 'mimeType' in source) {
		const own = isDescription(source) ? described(source, fields) : undefined;
		if (own !== undefined) return { data: fields.find(own), label: labelOf(own), stem: own };
		const fileName = asText(source.fileName);
		const label = fileName === '' ? 'the binary data' : `the file ${show(fileName)}`;
		return { data: source, label, stem: origin.kind };
	}
	if (typeof source !== 'string') {
		return invalid(
			clause(origin, `must be the name of a binary field, but is ${show(source)}`),
			'Give only the name, such as data.',
		);
	}
	const name = trimText(source);
	const data = fields.find(name);
	if (data !== undefined) return { data, label: labelOf(name), stem: name };
	if (isObjectAsText(name)) {
		return invalid(
			clause(origin, `must be a file, but is an object that became text: ${show(name)}`),
			ADVICE_ON_OBJECT_AS_TEXT,
		);
	}
	return invalid(
		clause(origin, `names the binary field ${show(name)}, which the item does not have`),
		adviceOnMissing(name, fields.names(), isTool(), origin),
	);
}

function labelOf(name: string): string {
	return `the binary field ${show(name)}`;
}

/** The one binary field of the item that a description fits. */
function described(description: IDataObject, fields: BinaryFields): string | undefined {
	const fitting = fields.names().filter((name) => {
		const data = fields.find(name);
		return (
			isObject(data) &&
			Object.entries(description).every(([property, value]) => data[property] === value)
		);
	});
	return fitting.length === 1 ? fitting[0] : undefined;
}

function adviceOnMissing(
	name: string,
	names: string[],
	isTool: boolean,
	{ takes }: Origin,
): string {
	const isAddress = /^(?:https?|data|runflow):/i.test(name);
	if (isAddress && takes !== 'files') return 'For a web address, choose URL instead of Binary.';
	if (names.length > 0) return `The item has these: ${names.join(', ')}.`;
	if (!isTool) {
		return 'The item has no binary fields. Put a node that reads or downloads the file before this one.';
	}
	if (takes === 'files') {
		return 'An AI agent gives its tools no files. Models take an address as well, without an upload.';
	}
	return takes === 'either'
		? `An AI agent gives its tools no files. ${ADVICE_FOR_TOOLS}`
		: `An AI agent gives its tools no files. Choose URL instead of Binary. ${ADVICE_FOR_TOOLS}`;
}

/** How the model behind an AI agent can give a file. */
export const ADVICE_FOR_TOOLS =
	'Give an address that anyone can open, or the file itself as data:image/png;base64,….';

function wrongType({ label }: Found, origin: Origin, mimeType: unknown): InvalidValue {
	const expected = expectedType(origin);
	return asText(mimeType) === ''
		? invalid(
				clause(origin, `must be ${expected}, but ${label} has no type`),
				'Check the node that made the file: it must give a mimeType, such as image/png.',
			)
		: invalid(
				clause(origin, `must be ${expected}, but ${label} holds ${show(mimeType)}`),
				'Choose another binary field, or convert the file first.',
			);
}

function noContent({ data, label }: Found, origin: Origin, content: unknown): InvalidValue {
	const advice =
		isObject(data) && isDescription(data)
			? 'Give the name of its binary field instead. Expressions cannot read the content of this file.'
			: 'Check the node that made the file: it must give the content as base64 in data.';
	const problem =
		content === undefined || content === null
			? `has no content: ${label} has no data`
			: `cannot be read: the data of ${label} is not base64`;
	return invalid(clause(origin, problem), advice);
}

function defaultName(stem: string, { extension }: FileType): string {
	return extension === '' ? stem : `${stem}.${extension}`;
}

/**
 * Why a file of this size cannot be sent; undefined where it can, or where the size is not known.
 * @param label what messages call the file
 * @see docs/runflow-api.md, "Upload"
 */
export function validateSize(
	bytes: number | undefined,
	label: string,
	where: Pick<Origin, 'which'> = { which: '' },
): InvalidValue | undefined {
	if (bytes === undefined) return undefined;
	if (bytes === 0) {
		return invalid(
			clause(where, `is an empty file: ${label} holds 0 bytes`),
			'Check the node that made the file.',
		);
	}
	return bytes > MAX_ASSET_BYTES
		? invalid(
				clause(
					where,
					`is too large: ${label} holds ${bytes} bytes, ${MAX_ASSET_BYTES} (50 MiB) are allowed`,
				),
				'Put the file at a public web address, and give its URL.',
			)
		: undefined;
}

/** The number of bytes of a base64 text, without decoding it. */
export function decodedLength(base64: string): number {
	const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
	return Math.floor((base64.length * 3) / 4) - padding;
}
