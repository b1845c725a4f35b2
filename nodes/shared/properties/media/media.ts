import type { INodeProperties } from 'n8n-workflow';

import type { MediaKind } from '../../api/files/mediaTypes';
import { isObject } from '../../values/json';
import { validateFile } from '../../validation/media/binaryFile';
import { isLocator } from '../../validation/expression';
import { validateMediaUrl } from '../../validation/media/mediaUrl';
import type { Origin } from '../../validation/media/origin';
import { jsonObject } from '../../validation/objects';
import { essentialField } from '../bodyField';
import { mediaSource } from './mediaSource';
import { isBinaryMode, mediaSources, type Source } from './mediaSources';
import {
	valid,
	isEmpty,
	NOTHING,
	invalid,
	show,
	type FileRule,
	type MediaContext,
	type ReadParameter,
	type ValidationResult,
} from '../../validation/result';

/** What each kind is called in messages. */
const NOUN: Record<MediaKind, string> = { image: 'image', video: 'video', audio: 'sound' };

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
	const rule: FileRule = (value, read, media) => {
		// n8n passes a locator's value without its mode.
		const binary = isBinaryMode(isLocator(value) ? value : read(words.name));
		const given = isLocator(value) ? value.value : value;
		if (isEmpty(given)) return NOTHING;
		const [source, ...others] = mediaSources(given, binary, media.fields);
		if (source !== undefined && others.length === 0) return validateSource(source, origin, media);
		return source === undefined
			? invalid(
					`needs one ${NOUN[kind]}, but has none in ${show(given)}`,
					'Check what the expression finds, or leave the parameter empty.',
				)
			: invalid(
					`takes one ${NOUN[kind]}, but has ${others.length + 1}`,
					'Pick one in the expression, or split them into separate items before this node.',
				);
	};
	return essentialField(to, rule, mediaSource(words));
}

/**
 * A list of images: each entry of the parameter is one image, or an expression that yields a list of them.
 * @param title the displayed name of the parameter
 * @see docs/runflow-api.md, "Pro Edit: input"
 */
export function mediaList(title: string, min: number, max: number): FileRule {
	return (value, read, media) => {
		const sources = mediaSources(value, false, media.fields);
		if (sources.length === 0 && givesImages(read('options.additionalInput'), read)) return NOTHING;
		if (sources.length < min || sources.length > max) {
			return invalid(
				`needs ${min} to ${max} images, but has ${sources.length === 0 ? 'none' : sources.length}`,
				sources.length === 0
					? 'Add an image and give its URL or binary field. If you used an expression, check that it finds something.'
					: 'Remove some, or run the others as separate items.',
			);
		}
		const images: unknown[] = [];
		for (const [index, source] of sources.entries()) {
			const origin: Origin = { kind: 'image', title, which: `: image ${index + 1}` };
			const result = validateSource(source, origin, media);
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

/** Validates one source of a parameter. */
export function validateSource(
	{ value, binary }: Source,
	origin: Origin,
	media: MediaContext,
): ValidationResult {
	return binary ? validateFile(value, origin, media) : validateMediaUrl(value, origin, media);
}
