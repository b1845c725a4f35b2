import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { readAssetReference } from '../api/files/asset';
import { asText, isObject } from '../values/json';
import { findMediaType, type MediaKind } from '../api/files/mediaTypes';
import { EXPECTED, validateFile } from '../validation/binaryFile';
import { BINARY_MODE, mediaSource } from './mediaSource';
import { clause, type Origin } from '../validation/origin';
import { jsonObject } from '../validation/objects';
import { isHttpUrl } from '../validation/rules';
import { essentialField } from './bodyField';
import {
	valid,
	isEmpty,
	NOTHING,
	invalid,
	show,
	type BinaryFields,
	type FileRule,
	type ReadParameter,
	type ValidationResult,
} from '../validation/result';

/**
 * A parameter that is one image, video or sound.
 * @param to where it lands, as the documentation page names it, such as `input.image_url`
 */
export function mediaField(
	to: string,
	kind: MediaKind,
	words: Pick<INodeProperties, 'displayName' | 'name' | 'placeholder' | 'description'>,
): INodeProperties {
	const origin: Origin = { kind, title: words.displayName, which: '' };
	const rule: FileRule = (value, read, fields) => {
		// n8n passes a locator's value without its mode.
		const binary = isBinary(isLocator(value) ? value : read(words.name));
		const source = isLocator(value) ? value.value : value;
		return isEmpty(source) ? NOTHING : validateSource(source, binary, origin, fields);
	};
	return essentialField(to, rule, mediaSource(words));
}

/**
 * A list of images: each entry of the parameter is one image, or an expression that yields a list of them.
 * @param title the displayed name of the parameter
 * @see docs/runflow-api.md, "Pro Edit: input"
 */
export function mediaList(title: string, min: number, max: number): FileRule {
	return (value, read, fields) => {
		const sources = flattenSources(value);
		if (sources.length === 0 && givesImages(read('options.additionalInput'), read)) return NOTHING;
		if (sources.length < min || sources.length > max) {
			return invalid(
				`needs ${min} to ${max} images, but has ${sources.length === 0 ? 'none' : sources.length}`,
				sources.length === 0
					? 'Add an image and give its URL or binary field. If you used an expression, check that it finds something.'
					: 'Remove some, or run the others as items of their own.',
			);
		}
		const images: unknown[] = [];
		for (const [index, source] of sources.entries()) {
			const origin: Origin = { kind: 'image', title, which: `: image ${index + 1}` };
			const result = validateSource(source.value, source.binary, origin, fields);
			if (!('accepted' in result)) return result;
			images.push(result.accepted);
		}
		return valid(images);
	};
}

/** Whether Additional Input, which wins over the parameters, has the list of images. */
function givesImages(additionalInput: unknown, read: ReadParameter): boolean {
	const result = jsonObject(additionalInput, read);
	return 'accepted' in result && isObject(result.accepted) && 'image_urls' in result.accepted;
}

export function validateSource(
	source: unknown,
	binary: boolean,
	origin: Origin,
	fields: BinaryFields,
): ValidationResult {
	if (binary) return validateFile(source, origin, fields);
	const url = asText(source).trim();
	if (/^data:/i.test(url)) return validateInline(url, origin);
	if (readAssetReference(url) !== undefined || isHttpUrl(url)) return valid(url);
	return invalid(
		clause(origin, `must be a URL, but is ${show(source)}`),
		fields.names().includes(url)
			? 'For the binary field of that name, choose Binary File in front of it.'
			: 'Give an address that starts with https:// and that anyone can open.',
	);
}

/** A file that is given within the text itself. @see docs/runflow-api.md, "Media inputs" */
function validateInline(uri: string, origin: Origin): ValidationResult {
	const comma = uri.indexOf(',');
	const mimeType = /^data:([^;]+)(?:;[^;]*)*;base64$/i.exec(uri.slice(0, Math.max(0, comma)))?.[1];
	const type = findMediaType(mimeType ?? '', '');
	const base64 = readBase64(uri.slice(comma + 1));
	// Spelt as files of that type are when they are uploaded.
	if (base64 !== undefined && type?.kind === origin.kind)
		return valid(`data:${type.mimeType};base64,${base64}`);
	return invalid(
		clause(origin, `has a data: address that does not hold ${EXPECTED[origin.kind]} in base64`),
		'It looks like data:image/png;base64,iVBORw0KGgo=. Or give an address that starts with https:// and that anyone can open.',
	);
}

/** Base64 without line breaks and with its padding; many tools write it otherwise. */
function readBase64(text: string): string | undefined {
	const digits = text.replace(/\s+/g, '').replace(/={1,2}$/, '');
	// Search for one bad character: matching all good ones overflows on tens of megabytes.
	if (digits === '' || digits.length % 4 === 1 || /[^\w+/]|_/.test(digits)) return undefined;
	return digits.padEnd(Math.ceil(digits.length / 4) * 4, '=');
}

function isBinary(locator: unknown): boolean {
	return isLocator(locator) && locator.mode === BINARY_MODE;
}

/** Whether a value is a resource locator as n8n stores it. */
function isLocator(value: unknown): value is IDataObject & { __rl: true } {
	return isObject(value) && value.__rl === true;
}

interface Source {
	value: unknown;
	binary: boolean;
}

/** How deep a list of images may lie within others. */
const MAX_DEPTH = 10;

/** Every image source in the order given; empty ones are left out. */
export function flattenSources(value: unknown, binary = false, depth = 0): Source[] {
	const inner = (part: unknown, isFile = false): Source[] =>
		// Anything deeper, or circular, is not a list of images.
		depth < MAX_DEPTH ? flattenSources(part, isFile, depth + 1) : [{ value: part, binary: isFile }];
	if (Array.isArray(value)) return value.flatMap((entry) => inner(entry, binary));
	if (isObject(value)) {
		if (isLocator(value)) return inner(value.value, isBinary(value));
		if ('image' in value) return inner(value.image);
		if ('source' in value) return inner(value.source);
		// An entry of `outputs[]`, as this node and others return it.
		if ('url' in value) return inner(value.url);
		if (Object.keys(value).length === 0) return [];
	}
	if (typeof value === 'string' && value.trim().startsWith('[')) {
		const parsed = parseList(value);
		if (parsed !== undefined) return inner(parsed, binary);
	}
	return isEmpty(value) ? [] : [{ value, binary }];
}

function parseList(words: string): unknown[] | undefined {
	try {
		const parsed = JSON.parse(words) as unknown;
		return Array.isArray(parsed) ? parsed : undefined;
	} catch {
		return undefined;
	}
}
