import type { IBinaryData } from 'n8n-workflow';

import { MAX_ASSET_BYTES } from '../api/files/asset';
import { findMediaType, type MediaKind } from '../api/files/mediaTypes';
import { clause, type Origin } from './origin';
import {
	valid,
	invalid,
	show,
	type BinaryFields,
	type InvalidValue,
	type ValidationResult,
} from './result';

/** A binary field, in the body until its file is uploaded. */
export interface BinaryFile {
	/** The displayed name of its parameter and, in a list, which entry it is. */
	title: string;
	field: string;
	data: IBinaryData;
	mimeType: string;
	fileName: string;
}

const files = new WeakSet();

/** Whether a value of the body is a file that {@link validateFile} put there; nothing a user types is. */
export function isBinaryFile(value: unknown): value is BinaryFile {
	return typeof value === 'object' && value !== null && files.has(value);
}

/** What each kind of file must be, for messages. */
export const EXPECTED: Record<MediaKind, string> = {
	image: 'a JPEG, PNG, BMP or WEBP image',
	video: 'an MP4 or MOV video',
	audio: 'a WAV or MP3 sound',
};

/**
 * Validates the name of a binary field by the item alone: that the field exists, its type, and its size where n8n has
 * recorded that. Nothing is read for it: items that wait for each
 * other at the gate may await nothing before it (see nodeRun.ts, WhenIncomplete).
 */
export function validateFile(
	name: unknown,
	origin: Origin,
	fields: BinaryFields,
): ValidationResult {
	if (typeof name !== 'string') {
		return invalid(
			clause(origin, `must be the name of a binary field, but is ${show(name)}`),
			'Give the name alone, such as data.',
		);
	}
	const field = name.trim();
	const data = fields.find(field);
	if (data === undefined) {
		const names = fields.names();
		return invalid(
			clause(origin, `names the binary field ${show(field)}, which the item does not have`),
			names.length === 0
				? 'The item has no binary fields. Put a node that reads or downloads the file before this one.'
				: `The item has these: ${names.join(', ')}.`,
		);
	}
	// A Code node may give null.
	const fileName = data.fileName ?? '';
	const type = findMediaType(data.mimeType, fileName);
	if (type?.kind !== origin.kind) {
		return invalid(
			clause(
				origin,
				`must be ${EXPECTED[origin.kind]}, but the binary field ${show(field)} holds ${show(data.mimeType)}`,
			),
			'Choose another binary field, or convert the file first.',
		);
	}
	const badSize = validateSize(knownSize(data), field, origin);
	if (badSize !== undefined) return badSize;

	const file: BinaryFile = {
		title: `${origin.title}${origin.which}`,
		field,
		data,
		mimeType: type.mimeType,
		fileName: fileName === '' ? `${field}.${type.extensions[0]}` : fileName,
	};
	files.add(file);
	return valid(file);
}

/**
 * Why a file of this size cannot be sent; undefined where it can, or where the size is not known.
 * @see docs/runflow-api.md, "Upload"
 */
export function validateSize(
	bytes: number | undefined,
	field: string,
	where: Pick<Origin, 'which'> = { which: '' },
): InvalidValue | undefined {
	if (bytes === undefined) return undefined;
	if (bytes === 0) {
		return invalid(
			clause(where, `is an empty file: the binary field ${show(field)} holds 0 bytes`),
			'Check the node that made the file.',
		);
	}
	return bytes > MAX_ASSET_BYTES
		? invalid(
				clause(
					where,
					`is too large: the binary field ${show(field)} holds ${bytes} bytes, ${MAX_ASSET_BYTES} (50 MiB) are allowed`,
				),
				'Put the file where anyone can open it by a web address, and give its URL instead.',
			)
		: undefined;
}

/** The size of a file by its item, in bytes. Older versions of n8n do not record it for stored files. */
function knownSize({ id, data, bytes }: IBinaryData): number | undefined {
	return id === undefined ? decodedLength(data) : bytes;
}

/** How many bytes a base64 text stands for, without decoding its megabytes. */
export function decodedLength(base64: string): number {
	const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
	return Math.floor((base64.length * 3) / 4) - padding;
}
