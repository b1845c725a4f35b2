import type { MediaKind } from '../api/files/mediaTypes';
import type { Origin } from '../validation/origin';
import {
	invalid,
	NOTHING,
	valid,
	type FileRule,
	type MediaContext,
	type ValidationResult,
} from '../validation/result';
import { validateSource } from './media';
import { mediaSources, type Source } from './mediaSources';

/**
 * One image, video, sound or file, where a text may be an address as well as the name of a binary field: a form has no
 * choice between the two in front of it.
 * @param title the name of the field, for messages
 */
export function mediaValue(kind: MediaKind, title: string): FileRule {
	return (value, _read, media) => {
		const [source, ...others] = mediaSources(value, false, media.fields);
		if (source === undefined) return NOTHING;
		if (others.length > 0) {
			return invalid(
				`takes one file, but has ${others.length + 1}`,
				'Pick one in the expression, or split them into items of their own before this node.',
			);
		}
		return validateEither(source, { kind, title, which: '' }, media);
	};
}

/** A list of images or other files, each as {@link mediaValue} takes it. */
export function mediaListValue(kind: MediaKind, title: string): FileRule {
	return (value, _read, media) => {
		const accepted: unknown[] = [];
		for (const [index, source] of mediaSources(value, false, media.fields).entries()) {
			const origin: Origin = { kind, title, which: `: ${kind} ${index + 1}` };
			const result = validateEither(source, origin, media);
			if (!('accepted' in result)) return result;
			accepted.push(result.accepted);
		}
		return accepted.length === 0 ? NOTHING : valid(accepted);
	};
}

function validateEither(
	{ value, binary }: Source,
	origin: Origin,
	media: MediaContext,
): ValidationResult {
	const isField = typeof value === 'string' && media.fields.names().includes(value.trim());
	return validateSource({ value, binary: binary || isField }, origin, media);
}
