import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../../values/json';
import { trimText } from '../../values/text';
import { isBinaryData } from '../../validation/media/binaryFile';
import { isLocator } from '../../validation/expression';
import { isEmpty, type BinaryFields } from '../../validation/result';
import { BINARY_MODE } from './mediaSource';

/** One image, video or sound, as a parameter gives it. */
export interface Source {
	/** An address, the name of a binary field, or a file as items have it. */
	value: unknown;
	/** Whether it is a file of the item, not an address. */
	binary: boolean;
}

/** How deep a list of sources may lie within others. */
const MAX_DEPTH = 10;

/**
 * The names of the fields that hold an object's address or file: the parameter itself (`image`, `source`), outputs of this node
 * (`outputs`, `url`), and what others call an image, such as shops (`src`) and AI models (`image_url`, `inlineData`).
 */
const HOLDERS = [
	...['image', 'source', 'outputs', 'url', 'src'],
	...['image_url', 'video_url', 'audio_url', 'inlineData', 'file', 'video', 'audio'],
];

/**
 * Every source that a parameter gives, in order; empty ones are left out. A list comes as such, as JSON, as one text with
 * separators, or as objects that hold the addresses.
 * @param binary whether texts are names of binary fields
 */
export function mediaSources(value: unknown, binary: boolean, fields: BinaryFields): Source[] {
	return flatten({ value, binary }, fields, 0);
}

/** Whether a locator names a binary field. */
export function isBinaryMode(locator: unknown): boolean {
	return isLocator(locator) && locator.mode === BINARY_MODE;
}

function flatten(source: Source, fields: BinaryFields, depth: number): Source[] {
	const parts = partsOf(source, fields);
	if (parts === undefined) return isEmpty(source.value) ? [] : [source];
	// Anything deeper, or circular, is not a list of media.
	return depth < MAX_DEPTH ? parts.flatMap((part) => flatten(part, fields, depth + 1)) : parts;
}

/** The parts of a value; undefined if it is a single source. */
function partsOf({ value, binary }: Source, fields: BinaryFields): Source[] | undefined {
	if (Array.isArray(value)) return value.map((entry: unknown) => ({ value: entry, binary }));
	if (typeof value === 'string') return binary ? namesIn(value, fields) : addressesIn(value);
	return isObject(value) && !ArrayBuffer.isView(value) ? held(value, binary) : undefined;
}

function held(value: IDataObject, binary: boolean): Source[] | undefined {
	if (isBinaryData(value)) return binary ? undefined : [{ value, binary: true }];
	if (isLocator(value)) return [{ value: value.value, binary: isBinaryMode(value) }];
	const entries = Object.values(value);
	if (entries.length === 0) return [];
	// All binary fields of an item, or an item with them.
	if (entries.every(isBinaryData)) return entries.map((entry) => ({ value: entry, binary: true }));
	const holder =
		HOLDERS.find((name) => !isEmpty(value[name])) ?? HOLDERS.find((name) => name in value);
	if (holder !== undefined) return [{ value: value[holder], binary: false }];
	return isObject(value.binary) ? [{ value: value.binary, binary: true }] : undefined;
}

/** The names of binary fields in a text, separated by commas as in other nodes. A field's own name may hold one. */
function namesIn(text: string, fields: BinaryFields): Source[] | undefined {
	const words = trimText(text);
	const list = words.startsWith('[') ? parseJson(words) : undefined;
	if (Array.isArray(list)) return [{ value: list, binary: true }];
	if (/^(?:https?|data|runflow):/i.test(words) || fields.find(words) !== undefined)
		return undefined;
	const names = words
		.split(/[,;|\r\n]/)
		.map(trimText)
		.filter((name) => name !== '');
	return names.length < 2 ? undefined : names.map((value) => ({ value, binary: true }));
}

/** The addresses in a text: as JSON, or several with separators. */
function addressesIn(text: string): Source[] | undefined {
	const words = trimText(text);
	if (/^[[{"]/.test(words)) {
		const parsed = parseJson(words);
		const isList = Array.isArray(parsed);
		// A list may be empty. An object stays text, for the message, where it holds nothing.
		if (
			isList ||
			(isObject(parsed) && held(parsed, false)?.length === 1) ||
			typeof parsed === 'string'
		)
			return [{ value: parsed, binary: false }];
	}
	const addresses = splitAddresses(words.replace(ESCAPED_BREAK, '\n'));
	return addresses.length < 2 ? undefined : addresses.map((value) => ({ value, binary: false }));
}

function parseJson(words: string): unknown {
	try {
		return JSON.parse(words) as unknown;
	} catch {
		return undefined;
	}
}

/** How an address begins. */
const BEGINNING = /https?:\/\/|runflow:\/\/|data:(?:image|video|audio)\//gi;
/** A line break as JSON writes it, where the text was not read as JSON. */
const ESCAPED_BREAK = /(?:\\[rn])+(?=(?:https?|runflow):\/\/)/gi;
const SEPARATOR = /[\s,;|，、；｜]/;
/** Characters that are allowed between a separator and an address, or around all of them. */
const AROUND = /[\s,;|，、；｜"'`<>[\]]/;

/**
 * The addresses in a text, with separators between them: a comma, semicolon, bar, white space or line break before the
 * next address. Elsewhere these belong to an address, since a path or a query may hold them.
 * @returns only the text if it does not begin with an address, or where spaces inside of one and between two could be
 * confused
 */
function splitAddresses(text: string): string[] {
	const starts = [...text.matchAll(BEGINNING)]
		.map(({ index }) => index)
		.filter((start) => isSeparated(text, start));
	const [first = 0] = starts;
	if (starts.length < 2 || !isAround(text.slice(0, first))) return [text];
	const parts = starts.map((start, index) => text.slice(start, starts[index + 1]));
	const addresses = parts.map(withoutEnd);
	const isUnclear = addresses.some(
		(address, index) =>
			/\s/.test(address) &&
			/^ *$/.test((parts[index] ?? '').slice(address.length)) &&
			index < parts.length - 1,
	);
	return isUnclear ? [text] : addresses;
}

/** Whether an address begins there, after a separator and perhaps a quote, or at the very beginning. */
function isSeparated(text: string, start: number): boolean {
	const before = text.charAt(start - 1);
	if (start === 0 || SEPARATOR.test(before)) return true;
	return AROUND.test(before) && (start === 1 || AROUND.test(text.charAt(start - 2)));
}

function isAround(text: string): boolean {
	return Array.from(text).every((character) => AROUND.test(character));
}

function withoutEnd(address: string): string {
	let end = address.length;
	while (end > 0 && AROUND.test(address.charAt(end - 1))) end--;
	return address.slice(0, end);
}
